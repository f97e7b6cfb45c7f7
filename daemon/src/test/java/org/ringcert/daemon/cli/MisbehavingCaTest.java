package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import picocli.CommandLine;

/** {@code ringcert renew} reports what a CA does wrong. */
class MisbehavingCaTest {

    private static final HostName WWW = new HostName("www.example.org");

    @TempDir
    private Path folder;

    private record Answer(int status, Map<String, String> headers, String body) {}

    private final AtomicInteger requests = new AtomicInteger();

    /** After each command. */
    private final List<Integer> requestsSoFar = new ArrayList<>();

    /**
     * Runs {@code ringcert renew} against a CA that answers every request like this. Expects it to fail, and returns
     * its output.
     */
    private String renew(Answer answer) throws Exception {
        return renew(answer, 1).getFirst();
    }

    /** Does this several times against the same CA, and returns the output of each time. */
    private List<String> renew(Answer answer, int times) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String base = "http://127.0.0.1:" + server.getAddress().getPort();
        byte[] body = answer.body().replace("BASE", base).getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                exchange.getRequestBody().readAllBytes();
                answer.headers()
                        .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
                boolean head = exchange.getRequestMethod().equals("HEAD");
                exchange.sendResponseHeaders(answer.status(), head || body.length == 0 ? -1 : body.length);
                if (!head) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
        try {
            List<String> outputs = new ArrayList<>();
            for (int i = 0; i < times; i++) {
                outputs.add(renew(base + "/dir"));
                requestsSoFar.add(requests.get());
            }
            return outputs;
        } finally {
            server.stop(0);
        }
    }

    private String renew(String directory) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, """
                [[node]]
                name = "web0.example.org"
                listen = []
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "%s"
                agree-to-terms = true
                """.formatted(directory));
        StringWriter output = new StringWriter();
        CommandLine line =
                Ringcert.commandLine("renew").setOut(new PrintWriter(output)).setErr(new PrintWriter(output));
        int status = line.execute(
                "renew",
                "--config",
                file.toString(),
                "--node",
                "web0.example.org",
                "--store",
                folder.resolve("store").toString());
        line.getOut().flush();
        line.getErr().flush();
        assertThat(status).as(output.toString()).isEqualTo(1);
        return output.toString();
    }

    private Progress.Failure failure() throws Exception {
        return Store.open(folder.resolve("store"), Clock.systemUTC())
                .progress(CertificateName.first(WWW))
                .failures()
                .getFirst();
    }

    @Test
    void waitsAsLongAsAnUnavailableCaAsks() throws Exception {
        Answer away = new Answer(
                503, Map.of("Content-Type", "text/html", "Retry-After", "7200"), "<html>we are not at home</html>");

        List<String> outputs = renew(away, 2);

        assertThat(outputs.getFirst()).contains("www.example.org: failed", "server error", "503", "2 h");
        assertThat(failure().nextAttempt()).isAfter(Instant.now().plus(Duration.ofMinutes(110)));
        assertThat(outputs.getLast()).contains("www.example.org: failed once, last at");
        assertThat(requestsSoFar.getLast()).isEqualTo(requestsSoFar.getFirst());
    }

    @Test
    void doesNotReadTenMegabytes() throws Exception {
        Answer long10 =
                new Answer(200, Map.of("Content-Type", "application/json"), "{\"a\":\"" + "x".repeat(10_000_000));

        assertThat(renew(long10)).contains("www.example.org: failed", "too long");

        assertThat(failure().reason()).hasSizeLessThan(1000);
    }

    @Test
    void reportsAPageThatIsNotADirectoryWithTheKeyInTheFile() throws Exception {
        assertThat(renew(new Answer(200, Map.of("Content-Type", "text/html"), "<html>It works!</html>")))
                .contains("www.example.org: failed", "[acme] directory");
    }

    @Test
    void reportsACaWithoutNonces() throws Exception {
        Answer noNonce = new Answer(200, Map.of("Content-Type", "application/json"), """
                {"newNonce":"BASE/nonce","newAccount":"BASE/account","newOrder":"BASE/order"}""");

        assertThat(renew(noNonce)).contains("www.example.org: failed", "Replay-Nonce");
    }
}
