package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.it.CommandResult;

/**
 * {@code ringcert web SERVER --try} with real web servers: it reports success, or which answer is wrong and which
 * virtual host gave it.
 */
class TrialTest {

    private static final int NETWORK = 85;

    @TempDir
    private Path folder;

    private WebServers servers() throws Exception {
        return WebServers.withoutCa(folder, NETWORK, 3, "handoff = \"ring\"\nwatch = \"off\"");
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DAEMON", "ARTICLE"})
    void acceptsThePrintedConfiguration(ServerKind kind) throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, kind);
            // Another server of the cluster, which is on this machine for the test only, is not contacted.
            servers.start(1, ServerKind.DAEMON);
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);

            CommandResult result = follower.run("--try");

            assertThat(result.output())
                    .contains("Challenges are answered under all 2 names")
                    .contains(servers.address(0).getHostAddress() + ":" + servers.port())
                    .contains(servers.address(0).getHostAddress() + ":" + servers.httpsPort())
                    .doesNotContain(servers.address(1).getHostAddress());
            assertThat(result.status()).isZero();
            assertThat(follower.run("--try", "--json").output()).contains("\"right\" : true");
            assertThat(servers.tokens(0)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY"})
    void namesAVirtualHostThatRedirects(ServerKind kind) throws Exception {
        boolean apache = kind.product().orElseThrow() == ServerProduct.APACHE;
        try (WebServers servers = servers()) {
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
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            int line = Files.readAllLines(follower.mainFile())
                            .indexOf(apache ? "ServerName www.example.org" : "    server_name www.example.org;")
                    + (apache ? 0 : -1);

            CommandResult result = follower.run("--try");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .contains(
                            "www.example.org at " + servers.address(0).getHostAddress() + ", port " + port
                                    + ": 301 to https://www.example.org/.well-known/acme-challenge/TOKEN, then: nothing answers")
                    .contains("    by " + follower.mainFile() + ":" + line + "\n")
                    .contains("nclude /etc/" + (apache ? "apache2" : "nginx/snippets") + "/ringcert-challenges.conf")
                    .doesNotContain("web0.example.org at");
            assertThat(follower.run("--try", "--json").output())
                    .contains("\"right\" : false", "\"status\" : 301", "\"location\" : \"https://www.example.org/");
            assertThat(servers.tokens(0)).isEmpty();
        }
    }

    @Test
    void acceptsARedirectToHttpsThatAnswers() throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, ServerKind.APACHE_FILES);
            servers.webServer(0).orElseThrow().close();
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.APACHE_FILES);
            Files.writeString(
                    follower.mainFile(), Files.readString(follower.mainFile()) + """
                    <VirtualHost *:%d>
                    ServerName www.example.org
                    Redirect permanent / https://www.example.org/
                    </VirtualHost>
                    """.formatted(servers.port()));
            try (ServerProduct.Running _ =
                    ServerProduct.APACHE.start(follower.mainFile(), servers.address(0), servers.port())) {
                CommandResult result = follower.run("--try");
                assertThat(result.status()).as(result.output()).isZero();
            }
        }
    }

    @Test
    void reportsAnotherSitesAddressAPasswordAndARedirectElsewhere() throws Exception {
        try (WebServers servers = servers()) {
            String address = servers.address(0).getHostAddress();
            servers.startWith(0, ServerKind.APACHE_FILES, """
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
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.APACHE_FILES);
            int line = Files.readAllLines(follower.mainFile()).indexOf("ServerName blog.example.net");

            CommandResult result = follower.run("--try");

            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .contains("www.example.org at " + address + ", port " + servers.port() + ": 401")
                    .contains(
                            "web0.example.org at " + address + ", port " + servers.port()
                                    + ": 302 to http://web1.example.org/.well-known/acme-challenge/TOKEN: this leads to another server, but the token is on this one")
                    .contains("    by " + follower.mainFile() + ":" + line + "\n");
            assertThat(servers.tokens(0)).isEmpty();
        }
    }

    @Test
    void reportsAFrontendOfHaproxyThatRedirects() throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, ServerKind.HAPROXY_PROXY);
            servers.webServer(0).orElseThrow().close();
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.HAPROXY_PROXY);
            List<String> lines = Files.readAllLines(follower.mainFile()).stream()
                    .filter(line -> !line.contains("use_backend ringcert-challenges"))
                    .toList();
            Files.write(follower.mainFile(), lines);
            try (ServerProduct.Running _ =
                    ServerProduct.HAPROXY.start(follower.mainFile(), servers.address(0), servers.port())) {
                CommandResult result = follower.run("--try");
                assertThat(result.status()).as(result.output()).isEqualTo(1);
                assertThat(result.output())
                        .contains("www.example.org at " + servers.address(0).getHostAddress() + ", port "
                                + servers.port());
            }
        }
    }

    @Test
    void reportsAStoreThatCannotBeWritten() throws Exception {
        try (WebServers servers = servers()) {
            servers.start(0, ServerKind.APACHE_FILES);
            Path challenges = servers.store(0).resolve("challenges");
            Files.delete(challenges);
            Files.writeString(challenges, "");
            CommandResult result = new AdviceFollower(folder, servers, ServerKind.APACHE_FILES).run("--try");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output()).contains(challenges.toString()).doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "NGINX_FILES"})
    void reportsMissingRulesAndThenAMissingReload(ServerKind kind) throws Exception {
        ServerProduct product = kind.product().orElseThrow();
        try (WebServers servers = servers()) {
            servers.start(0, kind);
            servers.webServer(0).orElseThrow().close();
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            String installed = Files.readString(follower.mainFile());
            String address = servers.address(0).getHostAddress() + ":" + servers.port();
            product.writeMainFile(
                    servers.folderOf(0),
                    (product == ServerProduct.APACHE ? """
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
            try (ServerProduct.Running _ = product.start(follower.mainFile(), servers.address(0), servers.port())) {
                CommandResult bare = follower.run("--try");
                assertThat(bare.status()).isEqualTo(1);
                assertThat(bare.output())
                        .contains("contains nothing printed by `ringcert web " + product.label() + "` yet")
                        .doesNotContain("its first line", "follow the instructions of");

                Files.writeString(follower.mainFile(), installed);
                CommandResult notReloaded = follower.run("--try");
                assertThat(notReloaded.status()).isEqualTo(1);
                assertThat(notReloaded.output())
                        .contains(
                                "Ringcert's lines are in its files: if they were added after its last reload, run `systemctl reload ")
                        .doesNotContain("its first line", "follow the instructions of", "contains nothing printed");
            }
        }
    }

    @Test
    void reportsPlainHttpOnTheTlsPort() throws Exception {
        try (WebServers servers = servers()) {
            String address = servers.address(0).getHostAddress();
            servers.startWith(0, ServerKind.APACHE_FILES, "Listen " + address + ":" + servers.httpsPort() + "\n");
            CommandResult result = new AdviceFollower(folder, servers, ServerKind.APACHE_FILES).run("--try");
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.output())
                    .contains("www.example.org at " + address + ", port " + servers.httpsPort()
                            + ": no TLS, but plain HTTP")
                    .contains("is there a virtual host with TLS on that port")
                    .contains("All answers on port " + servers.port() + " are correct. A CA uses https only if")
                    .doesNotContain("--fragment`, then run", "is apache running");
        }
    }

    @Test
    void reportsARequiredClientCertificate() throws Exception {
        try (WebServers servers = servers()) {
            servers.startWithHttps(0, ServerKind.NGINX_FILES);
            servers.webServer(0).orElseThrow().close();
            AdviceFollower follower = new AdviceFollower(folder, servers, ServerKind.NGINX_FILES);
            follower.change(
                    "    ssl_certificate ",
                    "    ssl_client_certificate \"" + servers.store(0) + "/certs/www.example.org/fullchain.pem\";\n"
                            + "    ssl_verify_client on;\n    ssl_certificate ");
            try (ServerProduct.Running _ =
                    ServerProduct.NGINX.start(follower.mainFile(), servers.address(0), servers.port())) {
                CommandResult result = follower.run("--try");
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.output())
                        .contains(", port " + servers.httpsPort() + ": 400\n")
                        .contains("or it requires a client certificate, which a CA does not send")
                        .doesNotContain("--fragment`, then run");
            }
        }
    }
}
