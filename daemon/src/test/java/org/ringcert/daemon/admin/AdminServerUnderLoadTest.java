package org.ringcert.daemon.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Slow clients, slow answers and errors: what must neither keep health checks out nor fill the log. */
class AdminServerUnderLoadTest extends AdminServerFixture {

    @Test
    void hostileRequestsLeaveNoTraceInTheLog() throws IOException {
        List<String> hostile = List.of(
                get("/none"),
                get("/", "evil.example.com"),
                get("/a%0ab"),
                "\u0000\u0001\r\n\r\n",
                "POST / HTTP/1.1\r\n\r\n");
        for (String request : hostile) {
            response(request);
        }

        assertThat(appender.list).isEmpty();
    }

    @Test
    void slowAnswersDoNotKeepProbesOut() throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                slow.add(socket);
                socket.getOutputStream().write(get("/slow").getBytes(StandardCharsets.ISO_8859_1));
            }

            assertThat(status(get("/livez"))).isEqualTo(200);
        } finally {
            release.countDown();
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/slow", "/readyz"})
    void manySlowAnswersOfOneKindDoNotKeepProbesOut(String target) throws IOException {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                slow.add(socket);
                socket.getOutputStream().write(get(target).getBytes(StandardCharsets.ISO_8859_1));
            }

            await().until(() -> response(get(target)).matches("(?s)HTTP/1.1 503.*(?i:retry-after): 1.*"));
            assertThat(status(get("/livez"))).isEqualTo(200);
            assertThat(status(get("/page.css"))).isEqualTo(200);
        } finally {
            release.countDown();
            for (Socket socket : slow) {
                socket.close();
            }
        }
        await().until(() -> status(get(target)) == 200);
    }

    @Test
    void anErrorInTheMiddleOfABodyIsInTheLogButNotAClientThatHasGone() throws IOException {
        response(get("/gone"));
        assertThat(appender.list).isEmpty();

        assertThat(response(get("/half"))).doesNotContain("secret");
        await().until(() -> appender.list.size() == 1);
    }

    @Test
    void halfRequestsDoNotKeepOthersOut() throws IOException {
        List<Socket> half = new ArrayList<>();
        try {
            for (int i = 0; i < 600; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                half.add(socket);
                socket.getOutputStream().write("GET /livez HTTP/1.1\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
            }

            assertThat(status(get("/livez"))).isEqualTo(200);
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void aRequestThatIsBeingAnsweredIsNotEndedInFavourOfOthers() throws Exception {
        List<Socket> half = new ArrayList<>();
        try (Socket answered = new Socket(address.getAddress(), address.getPort())) {
            answered.getOutputStream().write(get("/slow").getBytes(StandardCharsets.ISO_8859_1));
            answering.await();
            for (int i = 0; i < 600; i++) {
                Socket socket = new Socket(address.getAddress(), address.getPort());
                half.add(socket);
                socket.getOutputStream().write("GET /livez HTTP/1.1\r\nX: ".getBytes(StandardCharsets.ISO_8859_1));
            }
            assertThat(status(get("/livez"))).isEqualTo(200);
            release.countDown();

            assertThat(answered.getInputStream().readAllBytes())
                    .asString(StandardCharsets.UTF_8)
                    .endsWith("at last\n");
        } finally {
            for (Socket socket : half) {
                socket.close();
            }
        }
    }

    @Test
    void closeEndsRequestsInProgress() throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.getOutputStream().write(get("/slow").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(status(get("/livez"))).isEqualTo(200);

            server.close();

            assertThat(socket.getInputStream().readAllBytes()).isEmpty();
        }
    }
}
