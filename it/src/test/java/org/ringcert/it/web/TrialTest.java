package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code ringcert web SERVER --try} beside real web servers: it says that all is right, or which answer is wrong and by whom. */
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
    void anAddressOfAnotherSiteIsNamed_andAPassword_andOneThatLeadsElsewhere() throws Exception {
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
    void aDaemonThatIsAwayIsSaid_andAWebServerThatIs(Kind kind) throws Exception {
        try (Servers servers = servers()) {
            servers.start(0, kind);
            Administrator administrator = new Administrator(folder, servers, kind);
            servers.webServer(0).orElseThrow().close();
            Administrator.Said withoutServer = administrator.web("--try");
            assertThat(withoutServer.status()).isEqualTo(1);
            assertThat(withoutServer.text()).startsWith("nothing listens on port " + servers.port() + ": start ");

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
}
