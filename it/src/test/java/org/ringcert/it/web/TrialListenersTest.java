package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.it.CommandResult;
import picocli.CommandLine;

/**
 * {@code ringcert web SERVER --try} when the web server, the daemon or another program does not listen where it should.
 */
class TrialListenersTest {

    private static final int NETWORK = 92;

    @TempDir
    private Path folder;

    private WebServers servers() throws Exception {
        return WebServers.withoutCa(folder, NETWORK, 3, "handoff = \"ring\"\nwatch = \"off\"");
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "HAPROXY_PROXY"})
    void reportsAStoppedDaemonAndAStoppedWebServer(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, kind);
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            servers.webServer(0).orElseThrow().close();
            CommandResult withoutServer = follower.run("--try");
            assertThat(withoutServer.status()).isEqualTo(1);
            // Another process of the same server may be running elsewhere on this machine.
            assertThat(withoutServer.output())
                    .startsWith("nothing listens on port " + servers.port() + ": ")
                    .containsAnyOf(
                            "start " + kind.product().orElseThrow().label() + " (`systemctl start ", " only; write `");

            servers.stop(0);
            CommandResult result = follower.run("--try");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .startsWith("nothing answers at " + servers.address(0).getHostAddress() + ":")
                    .contains("start it first (`systemctl start ringcert`)");
            assertThat(servers.tokens(0)).isEmpty();
        }
    }

    @Test
    void doesNotMistakeAnotherWebServerForTheNamedOne() throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, ServerKind.APACHE_FILES);
            Path configuration = servers.configure(0, ServerKind.APACHE_FILES);
            assertThat(runHere("apache", configuration, servers).status()).isZero();

            CommandResult result = runHere("nginx", configuration, servers);

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .startsWith("port " + servers.port() + " is taken by apache2 (pid ")
                    .contains(", not by nginx: ", "`ringcert web apache --try`");
            assertThat(servers.tokens(0)).isEmpty();
        }
    }

    @Test
    void namesAnotherProgramAndNoVirtualHostThatIsNotRunning() throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, ServerKind.APACHE_FILES);
            servers.webServer(0).orElseThrow().close();
            try (ServerSocket another = new ServerSocket(servers.port(), 10, servers.address(0))) {
                Thread.startVirtualThread(() -> greet(another));
                CommandResult result = new AdviceFollower(folder, servers, ServerKind.APACHE_FILES).run("--try");
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.output())
                        .contains("port " + servers.port() + " is taken by java (pid "
                                + ProcessHandle.current().pid() + "), not by apache: stop it")
                        .doesNotContain("    by /", "its first line");
            }
        }
    }

    @Test
    void reportsAListenAddressThatNoCaCanReach() throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, ServerKind.APACHE_FILES);
            String written = Files.readString(servers.configure(0, ServerKind.APACHE_FILES));
            Path reachable = Files.writeString(
                    folder.resolve("public.toml"), written.replaceAll("(?m)^(address|https) = .*\n", ""));

            CommandResult result = runHere("apache", reachable, servers);

            assertThat(result.status()).as(result.output()).isEqualTo(1);
            assertThat(result.output())
                    .contains("port " + servers.port() + " is open at "
                            + servers.address(0).getHostAddress() + " only, which no CA can reach")
                    .contains("`Listen " + servers.port() + "`")
                    .doesNotContain("Challenges are answered");
        }
    }

    @Test
    void reportsAWebServerThatListensOnlyElsewhere() throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, ServerKind.NGINX_FILES);
            servers.webServer(0).orElseThrow().close();
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.NGINX_FILES);
            int elsewhere = servers.httpsPort();
            ServerProduct.NGINX.writeMainFile(
                    servers.folderOf(0),
                    "server { listen " + servers.address(0).getHostAddress() + ":" + elsewhere + "; }\n");
            try (ServerProduct.Running _ =
                    ServerProduct.NGINX.start(follower.mainFile(), servers.address(0), elsewhere)) {
                CommandResult result = follower.run("--try");
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.output())
                        .startsWith("nothing listens on port " + servers.port() + ": nginx runs but listens on ")
                        .contains(String.valueOf(elsewhere), " only; write `listen " + servers.port() + ";`");
            }
        }
    }

    /** Runs the command in this process. */
    private static CommandResult runHere(String server, Path configuration, WebServers servers) {
        StringWriter result = new StringWriter();
        CommandLine line =
                Ringcert.commandLine("web").setOut(new PrintWriter(result)).setErr(new PrintWriter(result));
        int status = line.execute(
                "web",
                server,
                "--try",
                "--mode",
                "files",
                "--config",
                configuration.toString(),
                "--node",
                "web0",
                "--store",
                servers.store(0).toString());
        return new CommandResult(status, result.toString());
    }

    private static void greet(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("SSH-2.0-another\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // The connection was closed, or the server socket was.
            }
        }
    }
}
