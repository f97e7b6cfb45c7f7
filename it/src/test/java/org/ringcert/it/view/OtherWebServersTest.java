package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.ringcert.it.view.CheckResult.FAILURE;
import static org.ringcert.it.view.CheckResult.NODE;
import static org.ringcert.it.view.CheckResult.OK;
import static org.ringcert.it.view.CheckResult.SITE;
import static org.ringcert.it.view.CheckResult.WARNING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.CommandResult;
import org.ringcert.it.view.NetworkCluster.Json;

/**
 * Complaints: a validation reaches a server without the token, and a redirect eats the challenge or runs in circles.
 * Here web0 and web1 are in order; on web2, nginx has port 80 without the configuration that Ringcert prints.
 */
class OtherWebServersTest {

    private static final String ONE_OF_TWO = "one-of-two.example.org";
    private static final String EATS_PATH = "eats-path.example.org";
    private static final String MISSING_SLASH = "missing-slash.example.org";
    private static final String LOOP = "loop.example.org";
    private static final String HTTPS_LOOP = "https-loop.example.org";
    private static final String WELCOME_PAGE = "welcome-page.example.org";
    private static final String BY_HTTPS = "by-https.example.org";

    @TempDir
    private static Path folder;

    private static TestNetwork network;
    private static NetworkCluster cluster;
    private static CheckResult result;

    @BeforeAll
    static void check() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/nginx")), "nginx is not installed");
        network = TestNetwork.start(folder, "web0", "web1", "web2");
        cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1", "web2"),
                ONE_OF_TWO,
                EATS_PATH,
                MISSING_SLASH,
                LOOP,
                HTTPS_LOOP,
                WELCOME_PAGE,
                BY_HTTPS);
        network.dns().addresses(ONE_OF_TWO, network.ipv4("web1"), network.ipv4("web2"));
        for (String site : List.of(EATS_PATH, MISSING_SLASH, LOOP, HTTPS_LOOP, WELCOME_PAGE, BY_HTTPS)) {
            network.dns().addresses(site, network.ipv4("web2"));
        }
        cluster.startDaemons("web0", "web1");
        startNginx();
        result = cluster.check("web0");
    }

    private static void startNginx() throws IOException {
        Path nginx = Files.createDirectory(folder.resolve("nginx"));
        TestCertificate https = TestCertificate.write(nginx, "by-https.example.org");
        Path configuration = Files.writeString(nginx.resolve("nginx.conf"), configuration(nginx, https));
        CommandResult started = network.run(
                "web2", List.of("/usr/sbin/nginx", "-t", "-c", configuration.toString(), "-e", nginx + "/nginx.log"));
        assertThat(started.status()).as(started.output()).isZero();
        network.start(
                "web2",
                "nginx",
                List.of(
                        "/usr/sbin/nginx",
                        "-c",
                        configuration.toString(),
                        "-e",
                        nginx + "/nginx.log",
                        "-g",
                        "daemon off; master_process off;"),
                nginx.resolve("output"));
        CommandResult answer = network.run(
                "web2",
                List.of(
                        "curl",
                        "-s",
                        "--retry",
                        "50",
                        "--retry-connrefused",
                        "--retry-delay",
                        "1",
                        "http://127.0.0.1/"));
        assertThat(answer.status()).as(answer.output()).isZero();
    }

    private static String configuration(Path nginx, TestCertificate https) {
        return """
            user root;
            pid %1$s/nginx.pid;
            error_log %1$s/nginx.log;
            events {}
            http {
                access_log off;
                ssl_certificate %2$s;
                ssl_certificate_key %3$s;
                default_type text/html;
                server { listen 80 default_server; listen [::]:80 default_server; return 404; }
                server { server_name eats-path.example.org; listen 80; return 301 https://$host/; }
                server { server_name eats-path.example.org; listen 443 ssl; return 200 "Welcome!"; }
                server {
                    server_name missing-slash.example.org;
                    listen 80;
                    rewrite ^/(.*)$ http://missing-slash.example.org$1 permanent;
                }
                server { server_name loop.example.org; listen 80; return 301 http://$host$request_uri; }
                server { server_name https-loop.example.org; listen 80; return 301 https://$host$request_uri; }
                server { server_name https-loop.example.org; listen 443 ssl; return 302 http://$host$request_uri; }
                server { server_name welcome-page.example.org; listen 80; return 200 "<h1>Welcome!</h1>"; }
                server { server_name by-https.example.org; listen 80; return 301 https://$host$request_uri; }
                server {
                    server_name by-https.example.org;
                    listen 443 ssl;
                    location /.well-known/acme-challenge/ { proxy_pass http://web1.example.org; }
                }
            }
            """.formatted(nginx, https.certificate(), https.key());
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void oneServerOfTwoWithoutTheTokenIsNamed() {
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.texts(FAILURE, SITE, ONE_OF_TWO))
                .as(result.toString())
                .contains(network.ipv4("web2"), "404")
                .doesNotContain(network.ipv4("web1"));
    }

    @Test
    void nodeWithoutThePrintedConfigurationIsNamed() {
        assertThat(result.texts(WARNING, NODE, "web2.example.org"))
                .as(result.toString())
                .contains("404", "ringcert web");
        assertThat(result.level(NODE, "web1.example.org")).isEqualTo(OK);
    }

    @Test
    void redirectThatEatsThePathIsNamed() throws IOException {
        assertThat(result.texts(FAILURE, SITE, EATS_PATH)).as(result.toString()).contains("path");
        Json trace = cluster.trace("web0", EATS_PATH);
        assertThat(trace.status()).isEqualTo(1);
        assertThat(trace.text())
                .contains(
                        "http://eats-path.example.org/.well-known/acme-challenge/",
                        "301",
                        "https://eats-path.example.org/");
    }

    @Test
    void redirectWithoutASlashIsNamed() {
        assertThat(result.texts(FAILURE, SITE, MISSING_SLASH))
                .as(result.toString())
                .contains("missing-slash.example.org.well-known", "slash");
    }

    @Test
    void redirectLoopsAreNamed() {
        assertThat(result.texts(FAILURE, SITE, LOOP)).as(result.toString()).containsIgnoringCase("loop");
        assertThat(result.texts(FAILURE, SITE, HTTPS_LOOP)).containsIgnoringCase("loop");
    }

    @Test
    void welcomePageIsNoAnswer() {
        assertThat(result.texts(FAILURE, SITE, WELCOME_PAGE))
                .as(result.toString())
                .contains("HTML");
    }

    @Test
    void redirectToHttpsThatKeepsThePathIsAllRight() throws IOException {
        assertThat(result.level(SITE, BY_HTTPS)).as(result.toString()).isNotEqualTo(FAILURE);
        assertThat(cluster.trace("web0", BY_HTTPS).status()).isZero();
    }
}
