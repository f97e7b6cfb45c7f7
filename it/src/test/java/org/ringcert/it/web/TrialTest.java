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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.daemon.cli.Ringcert;
import picocli.CommandLine;

/**
 * {@code ringcert web SERVER --try} beside real web servers: it says that all is right, or which answer is wrong and by
 * whom.
 */
class TrialTest {

    private static final int NETWORK = 85;

    @TempDir
    private Path folder;

    private Servers servers() throws Exception {
        return Servers.without(folder, NETWORK, 3, "handoff = \"ring\"\nwatch = \"off\"");
    }

    private static void nothingIsLeft(Servers servers) throws Exception {
        try (Stream<Path> left = Files.list(servers.store(0).resolve("challenges"))) {
            assertThat(left).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DAEMON", "ARTICLE"})
    void thePrintedConfigurationIsRight(Kind kind) throws Exception {
        try (Servers servers = servers()) {
            servers.startWithHttps(0, kind);
            // another server of the cluster, on this machine for the test only, is left alone
            servers.start(1, Kind.DAEMON);
            Administrator administrator = new Administrator(folder, servers, kind);

            Administrator.Said said = administrator.web("--try");

            assertThat(said.text())
                    .contains("Challenges are answered under all 2 names")
                    .contains(servers.address(0).getHostAddress() + ":" + servers.port())
                    .contains(servers.address(0).getHostAddress() + ":" + servers.httpsPort())
                    .doesNotContain(servers.address(1).getHostAddress());
            assertThat(said.status()).isZero();
            assertThat(administrator.web("--try", "--json").text()).contains("\"right\" : true");
            nothingIsLeft(servers);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY"})
    void aVirtualHostThatRedirectsIsNamed(Kind kind) throws Exception {
        boolean apache = kind.make().orElseThrow() == Make.APACHE;
        try (Servers servers = servers()) {
            String port = String.valueOf(servers.port());
            servers.startWith(0, kind, (apache ? """
                    <VirtualHost *:PORT>
                    ServerName www.example.org
                    Redirect permanent / https://www.example.org/
                    </VirtualHost>
                    """ : """
                    server {
                        listen PORT;
                        server_name www.example.org;
                        return 301 https://www.example.org$request_uri;
                    }
                    """).replace("PORT", port));
            Administrator administrator = new Administrator(folder, servers, kind);
            int line = Files.readAllLines(administrator.mainFile())
                            .indexOf(apache ? "ServerName www.example.org" : "    server_name www.example.org;")
                    + (apache ? 0 : -1);

            Administrator.Said said = administrator.web("--try");

            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text())
                    .contains(
                            "www.example.org at " + servers.address(0).getHostAddress() + ", port " + port
                                    + ": 301 to https://www.example.org/.well-known/acme-challenge/TOKEN, and there: nothing answers")
                    .contains("    by " + administrator.mainFile() + ":" + line + "\n")
                    .contains("nclude /etc/" + (apache ? "apache2" : "nginx/snippets") + "/ringcert-challenges.conf")
                    .doesNotContain("web0.example.org at");
            assertThat(administrator.web("--try", "--json").text())
                    .contains("\"right\" : false", "\"status\" : 301", "\"location\" : \"https://www.example.org/");
            nothingIsLeft(servers);
        }
    }

    @Test
    void aRedirectToHttpsThatAnswersThereIsRight() throws Exception {
        try (Servers servers = servers()) {
            servers.startWithHttps(0, Kind.APACHE_FILES);
            servers.webServer(0).orElseThrow().close();
            Administrator administrator = new Administrator(folder, servers, Kind.APACHE_FILES);
            Files.writeString(
                    administrator.mainFile(),
                    Files.readString(administrator.mainFile()) + """
                    <VirtualHost *:%d>
                    ServerName www.example.org
                    Redirect permanent / https://www.example.org/
                    </VirtualHost>
                    """.formatted(servers.port()));
            try (Make.Running _ = Make.APACHE.start(administrator.mainFile(), servers.address(0), servers.port())) {
                Administrator.Said said = administrator.web("--try");
                assertThat(said.status()).as(said.text()).isZero();
            }
        }
    }

    @Test
    void anAddressOfAnotherSiteIsNamedAndAPasswordAndOneThatLeadsElsewhere() throws Exception {
        try (Servers servers = servers()) {
            String address = servers.address(0).getHostAddress();
            servers.startWith(0, Kind.APACHE_FILES, """
                    <VirtualHost ADDRESS:PORT>
                    ServerName blog.example.net
                    RewriteEngine on
                    RewriteCond %{HTTP_HOST} ^web0
                    RewriteRule ^/(.*) http://web1.example.org/$1 [R=302,L]
                    <Location />
                    AuthType Basic
                    AuthName closed
                    Require valid-user
                    </Location>
                    </VirtualHost>
                    """.replace("ADDRESS", address)
                    .replace("PORT", String.valueOf(servers.port())));
            Administrator administrator = new Administrator(folder, servers, Kind.APACHE_FILES);
            int line = Files.readAllLines(administrator.mainFile()).indexOf("ServerName blog.example.net");

            Administrator.Said said = administrator.web("--try");

            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text())
                    .contains("www.example.org at " + address + ", port " + servers.port() + ": 401")
                    .contains(
                            "web0.example.org at " + address + ", port " + servers.port()
                                    + ": 302 to http://web1.example.org/.well-known/acme-challenge/TOKEN: another server is asked for what is held here")
                    .contains("    by " + administrator.mainFile() + ":" + line + "\n");
            nothingIsLeft(servers);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "HAPROXY_PROXY"})
    void aDaemonThatIsAwayIsSaidAndAWebServerThatIs(Kind kind) throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, kind);
            Administrator administrator = new Administrator(folder, servers, kind);
            servers.webServer(0).orElseThrow().close();
            Administrator.Said withoutServer = administrator.web("--try");
            assertThat(withoutServer.status()).isEqualTo(1);
            // another of its kind may run on this machine meanwhile, elsewhere
            assertThat(withoutServer.text())
                    .startsWith("nothing listens on port " + servers.port() + ": ")
                    .containsAnyOf(
                            "start " + kind.make().orElseThrow().label() + " (`systemctl start ", " only; write `");

            servers.stop(0);
            Administrator.Said said = administrator.web("--try");

            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text())
                    .startsWith("nothing answers at " + servers.address(0).getHostAddress() + ":")
                    .contains("start it first (`systemctl start ringcert`)");
            nothingIsLeft(servers);
        }
    }

    @Test
    void aFrontendOfHaproxyThatRedirectsIsSaid() throws Exception {
        try (Servers servers = servers()) {
            servers.startWithHttps(0, Kind.HAPROXY_PROXY);
            servers.webServer(0).orElseThrow().close();
            Administrator administrator = new Administrator(folder, servers, Kind.HAPROXY_PROXY);
            List<String> lines = Files.readAllLines(administrator.mainFile()).stream()
                    .filter(line -> !line.contains("use_backend ringcert-challenges"))
                    .toList();
            Files.write(administrator.mainFile(), lines);
            try (Make.Running _ = Make.HAPROXY.start(administrator.mainFile(), servers.address(0), servers.port())) {
                Administrator.Said said = administrator.web("--try");
                assertThat(said.status()).as(said.text()).isEqualTo(1);
                assertThat(said.text())
                        .contains("www.example.org at " + servers.address(0).getHostAddress() + ", port "
                                + servers.port());
            }
        }
    }

    @Test
    void aStoreThatTakesNothingIsSaid() throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, Kind.APACHE_FILES);
            Path challenges = servers.store(0).resolve("challenges");
            Files.delete(challenges);
            Files.writeString(challenges, "");
            Administrator.Said said = new Administrator(folder, servers, Kind.APACHE_FILES).web("--try");
            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text()).contains(challenges.toString()).doesNotContain("\tat ");
        }
    }

    /** Runs the command here, for that web server, by that configuration. */
    private static Administrator.Said web(String server, Path configuration, Servers servers) {
        StringWriter said = new StringWriter();
        CommandLine line =
                Ringcert.commandLine("web").setOut(new PrintWriter(said)).setErr(new PrintWriter(said));
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
        return new Administrator.Said(status, said.toString());
    }

    @Test
    void anotherWebServerIsNotTakenForTheOneThatIsNamed() throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, Kind.APACHE_FILES);
            Path configuration = servers.configure(0, Kind.APACHE_FILES);
            assertThat(web("apache", configuration, servers).status()).isZero();

            Administrator.Said said = web("nginx", configuration, servers);

            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text())
                    .startsWith("port " + servers.port() + " is taken by apache2 (pid ")
                    .contains(", not by nginx: ", "`ringcert web apache --try`");
            nothingIsLeft(servers);
        }
    }

    @Test
    void anotherProgramIsNamedAndNoVirtualHostThatDoesNotRun() throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, Kind.APACHE_FILES);
            servers.webServer(0).orElseThrow().close();
            try (ServerSocket another = new ServerSocket(servers.port(), 10, servers.address(0))) {
                Thread.startVirtualThread(() -> greet(another));
                Administrator.Said said = new Administrator(folder, servers, Kind.APACHE_FILES).web("--try");
                assertThat(said.status()).isEqualTo(1);
                assertThat(said.text())
                        .contains("port " + servers.port() + " is taken by java (pid "
                                + ProcessHandle.current().pid() + "), not by apache: stop it")
                        .doesNotContain("    by /", "its first line");
            }
        }
    }

    @Test
    void whereNoCaComesRightAnswersAreNotEnough() throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, Kind.APACHE_FILES);
            String written = Files.readString(servers.configure(0, Kind.APACHE_FILES));
            Path reachable = Files.writeString(
                    folder.resolve("public.toml"), written.replaceAll("(?m)^(address|https) = .*\n", ""));

            Administrator.Said said = web("apache", reachable, servers);

            assertThat(said.status()).as(said.text()).isEqualTo(1);
            assertThat(said.text())
                    .contains("port " + servers.port() + " is open at "
                            + servers.address(0).getHostAddress() + " only, where no CA comes")
                    .contains("`Listen " + servers.port() + "`")
                    .doesNotContain("Challenges are answered");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "NGINX_FILES"})
    void whatIsNotInstalledIsSaidAndThenThatOnlyTheReloadLacks(Kind kind) throws Exception {
        Make make = kind.make().orElseThrow();
        try (Servers servers = servers()) {
            servers.start(0, kind);
            servers.webServer(0).orElseThrow().close();
            Administrator administrator = new Administrator(folder, servers, kind);
            String installed = Files.readString(administrator.mainFile());
            String address = servers.address(0).getHostAddress() + ":" + servers.port();
            make.write(
                    servers.home(0),
                    (make == Make.APACHE ? """
                    Listen ADDRESS
                    <VirtualHost *:PORT>
                    DocumentRoot /var/www/html
                    </VirtualHost>
                    """ : """
                    server {
                        listen ADDRESS default_server;
                        location / { return 404; }
                    }
                    """)
                            .replace("ADDRESS", address)
                            .replace("PORT", String.valueOf(servers.port())));
            try (Make.Running _ = make.start(administrator.mainFile(), servers.address(0), servers.port())) {
                Administrator.Said bare = administrator.web("--try");
                assertThat(bare.status()).isEqualTo(1);
                assertThat(bare.text())
                        .contains("nothing of what `ringcert web " + make.label() + "` prints is in the configuration")
                        .doesNotContain("its first line has to be", "do what `ringcert web");

                Files.writeString(administrator.mainFile(), installed);
                Administrator.Said notReloaded = administrator.web("--try");
                assertThat(notReloaded.status()).isEqualTo(1);
                assertThat(notReloaded.text())
                        .contains(
                                "Ringcert's lines are in its files: if they are newer than its last reload, `systemctl reload ")
                        .doesNotContain("its first line has to be", "do what `ringcert web", "nothing of what");
            }
        }
    }

    @Test
    void aWebServerThatListensElsewhereOnlyIsSaid() throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, Kind.NGINX_FILES);
            servers.webServer(0).orElseThrow().close();
            Administrator administrator = new Administrator(folder, servers, Kind.NGINX_FILES);
            int elsewhere = servers.httpsPort();
            Make.NGINX.write(
                    servers.home(0),
                    "server { listen " + servers.address(0).getHostAddress() + ":" + elsewhere + "; }\n");
            try (Make.Running _ = Make.NGINX.start(administrator.mainFile(), servers.address(0), elsewhere)) {
                Administrator.Said said = administrator.web("--try");
                assertThat(said.status()).isEqualTo(1);
                assertThat(said.text())
                        .startsWith("nothing listens on port " + servers.port() + ": nginx runs, and listens on ")
                        .contains(String.valueOf(elsewhere), " only; write `listen " + servers.port() + ";`");
            }
        }
    }

    @Test
    void plainHttpAtThePortForTlsIsSaid() throws Exception {
        try (Servers servers = servers()) {
            String address = servers.address(0).getHostAddress();
            servers.startWith(0, Kind.APACHE_FILES, "Listen " + address + ":" + servers.httpsPort() + "\n");
            Administrator.Said said = new Administrator(folder, servers, Kind.APACHE_FILES).web("--try");
            assertThat(said.status()).isEqualTo(1);
            assertThat(said.text())
                    .contains("www.example.org at " + address + ", port " + servers.httpsPort()
                            + ": no TLS, but plain HTTP")
                    .contains("is there a virtual host with TLS on that port")
                    .contains("At port " + servers.port() + " all answers are right. A CA comes to https only where")
                    .doesNotContain("--fragment` says", "does apache run");
        }
    }

    @Test
    void aCertificateOfTheClientThatIsWantedIsSaid() throws Exception {
        try (Servers servers = servers()) {
            servers.startWithHttps(0, Kind.NGINX_FILES);
            servers.webServer(0).orElseThrow().close();
            Administrator administrator = new Administrator(folder, servers, Kind.NGINX_FILES);
            administrator.change(
                    "    ssl_certificate ",
                    "    ssl_client_certificate \"" + servers.store(0) + "/certs/www.example.org/fullchain.pem\";\n"
                            + "    ssl_verify_client on;\n    ssl_certificate ");
            try (Make.Running _ = Make.NGINX.start(administrator.mainFile(), servers.address(0), servers.port())) {
                Administrator.Said said = administrator.web("--try");
                assertThat(said.status()).isEqualTo(1);
                assertThat(said.text())
                        .contains(", port " + servers.httpsPort() + ": 400\n")
                        .contains("or it wants a certificate of the client; a CA shows none")
                        .doesNotContain("--fragment` says");
            }
        }
    }

    private static void greet(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write("SSH-2.0-another\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // it has been asked, or is closed
            }
        }
    }
}
