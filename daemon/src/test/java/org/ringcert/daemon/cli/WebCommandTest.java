package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebCommandTest {

    @TempDir
    private Path folder;

    /** Runs the command on web0 with these settings of {@code listen} and {@code handoff}. */
    private CommandRun run(String listen, String handoff, String arguments) throws IOException {
        Path file = Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                [[node]]
                name = "web1.example.org"
                [[site]]
                names = ["www.example.org", "example.org"]
                [[site]]
                names = ["shop.example.org"]
                keys = ["rsa2048", "ec256"]
                [acme]
                directory = "http://127.0.0.1:1/dir"
                agree-to-terms = true
                [front]
                listen = %s
                handoff = "%s"
                """.formatted(listen, handoff));
        String all = "web " + arguments + " --node web0 --config";
        return CommandRun.of((Object[]) (all + " " + file).split(" "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                   | apache                | serves its folder",
                "[]                   | nginx --mode files    | location ^~ /.well-known/acme-challenge/",
                "['127.0.0.1:8080']   | apache                | http://127.0.0.1:8080$1 [P,END]",
                "['127.0.0.1:8080']   | apache --mode files   | R=302,L]",
                "['[::]:8080']        | nginx                 | proxy_pass http://127.0.0.1:8080;",
                "['0.0.0.0:8080']     | haproxy               | server daemon 127.0.0.1:8080",
                "['[::1]:8080']       | haproxy --mode proxy  | server daemon [::1]:8080",
                "['10.0.0.1:8080', '127.0.0.1:8081'] | nginx  | proxy_pass http://127.0.0.1:8081;",
                "[]                   | nginx --site example.org | /certs/www.example.org/fullchain.pem",
                "[]                   | nginx --site shop.example.org | /certs/shop.example.org+ec/privkey.pem",
                "[]                   | apache --site shop.example.org | /certs/shop.example.org+ec/fullchain.pem",
                "['127.0.0.1:8080']   | haproxy --site shop.example.org | /certs/shop.example.org+ec/combined.pem",
                "[]                   | apache --fragment     | Include /etc/apache2/ringcert-challenges.conf",
            })
    void printsTheModeThatTheConfigurationImplies(String listen, String arguments, String printed) throws IOException {
        CommandRun result = run(listen.replace('\'', '"'), "redirect", arguments);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(printed.replace("serves its folder", "answers the challenges in its own folder"));
        assertThat(result.err().lines()).allMatch(line -> line.startsWith("# "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "['[::]:80']        | redirect | apache              | the daemon listens on [::]:80, but apache needs port 80",
                "['127.0.0.1:80']   | redirect | nginx --mode files  | the daemon listens on 127.0.0.1:80",
                "[]                 | redirect | nginx --mode proxy  | with `listen = []` there is no daemon",
                "['10.0.0.1:8080']  | redirect | nginx               | only over loopback",
                "[]                 | redirect | haproxy             | HAProxy serves no files",
                "['127.0.0.1:8080'] | redirect | haproxy --mode files | HAProxy serves no files",
                "[]                 | redirect | Apache              | did you mean apache?",
                "[]                 | redirect | apache2             | did you mean apache?",
                "[]                 | redirect | httpd               | did you mean apache?",
                "[]                 | redirect | HAProxy             | did you mean haproxy?",
                "[]                 | relay    | apache              | cannot relay",
                "[]                 | redirect | lighttpd            | lighttpd is not one of these web servers",
                "[]                 | redirect | apache --mode x     | --mode must be proxy or files",
                "[]                 | redirect | apache --site blog.example.org | is not a site of the configuration",
                "[]                 | redirect | apache --site www.example.org --fragment | choose one",
                "[]                 | redirect | apache --try --fragment | leave one out",
                "[]                 | redirect | apache --json       | --json goes with --try",
            })
    void exitsWith2AndSaysWhatToChangeIfImpossible(String listen, String handoff, String arguments, String expected)
            throws IOException {
        CommandRun result = run(listen.replace('\'', '"'), handoff, arguments);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(expected);
        if (expected.contains("listen")) {
            assertThat(result.err()).contains("listen = [\"127.0.0.1:8080\"]");
        }
    }

    @Test
    void allowsARelayBehindAWebServerWithADaemon() throws IOException {
        assertThat(run("[\"127.0.0.1:8080\"]", "relay", "nginx").status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                 | ringcert renew --prepare",
                "['127.0.0.1:8080'] | systemctl start ringcert",
            })
    void doesNotCreateAStoreForATrial(String listen, String remedy) throws IOException {
        Path store = folder.resolve("nope");
        CommandRun result = run(listen.replace('\'', '"'), "ring", "apache --try --store " + store);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("there is no store in " + store, remedy);
        assertThat(store).doesNotExist();
        CommandRun json = run(listen.replace('\'', '"'), "ring", "apache --try --json --store " + store);
        assertThat(json.out()).contains("\"right\" : false", "there is no store in " + store);
        assertThat(store).doesNotExist();
    }

    @Test
    void namesAnotherProgramAtTheDaemonsAddress() throws IOException {
        Path store = Files.createDirectories(folder.resolve("store"));
        Files.createDirectories(store.resolve("challenges"));
        try (ServerSocket another = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            Thread.startVirtualThread(() -> greet(another));
            String listen = "[\"127.0.0.1:" + another.getLocalPort() + "\"]";
            CommandRun result = run(listen, "ring", "nginx --try --store " + store);
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out())
                    .contains("does not answer as the daemon does")
                    .contains("(pid " + ProcessHandle.current().pid() + ") listens there")
                    .doesNotContain("start it first");
        }
    }

    private static void greet(ServerSocket server) {
        try (Socket socket = server.accept()) {
            socket.getOutputStream().write("SSH-2.0-another\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The test has ended.
        }
    }
}
