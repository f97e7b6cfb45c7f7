package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.TestCa;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;
import org.ringcert.pki.Pem;

/**
 * The daemon's page in a browser, with a real cluster. Each test writes a picture into {@code target/pictures}, for the
 * documents.
 */
@UsesPebble
class PageInChromiumTest {

    private static final Path PICTURES = Path.of("target", "pictures");
    private static final List<String> SITES =
            List.of("www.example.org example.org", "shop.example.org", "blog.example.org");
    private static final int PHONE_WIDTH = 360;

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    private Chromium chromium;

    @BeforeAll
    static void start() throws Exception {
        Chromium.assumeInstalled();
        Files.createDirectories(PICTURES);
        cluster = VisitedCluster.create(folder, 3, SITES.toArray(String[]::new));
        trustCa();
        cluster.startServers();
        cluster.awaitServed();
    }

    /** Configures the root of the test CA, so that its certificates are as good as those of a public CA. */
    private static void trustCa() throws Exception {
        Path roots = folder.resolve("roots.pem");
        TestCa ca = cluster.testbed().ca();
        Files.writeString(roots, Files.readString(ca.caFile()) + Pem.write(List.copyOf(ca.roots())));
        cluster.testbed().editConfiguration(text -> text.replace(ca.caFile().toString(), roots.toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void startBrowser() throws Exception {
        chromium = Chromium.start(folder);
    }

    /** No test may make the browser complain, or ask anybody but the daemon. */
    @AfterEach
    void checkBrowser() throws Exception {
        try (Chromium used = chromium) {
            assertThat(used.requests())
                    .isNotEmpty()
                    .allMatch(url -> url.startsWith(url("/")) || url.startsWith("data:"));
        }
    }

    @Test
    void showsThatAllIsWell() throws Exception {
        openWhenSeen("/", "9 good");

        assertThat(chromium.text("h1")).isEqualTo("All is well");
        assertThat(chromium.text(".matrix table")).contains("www.example.org", "shop.example.org", "blog.example.org");
        assertThat(chromium.text(".servers table")).contains("web1.example.org answers", "web2.example.org answers");
        assertThat(chromium.text("svg.drawing")).contains("2 of 2 peers answer");
        assertThat(chromium.console()).isEmpty();
        picture("all-well");
        follow(".matrix tbody th a", "/site/");
        assertThat(chromium.text("h1")).isIn("www.example.org", "shop.example.org", "blog.example.org");
        assertThat(chromium.text(".certificate table")).contains("web2.example.org", "Pebble Intermediate CA");
        assertThat(chromium.text(".history"))
                .contains("Ordered a certificate", "The CA validated " + chromium.text("h1"), "Installed", "Deployed");
        assertThat(chromium.console()).isEmpty();
        chromium.resize(1280, 1250);
        assertThat(chromium.run(
                                "const box = document.querySelector('.certificate .box'); return box.scrollWidth - box.clientWidth")
                        .asInt())
                .as("what does not fit into the width")
                .isZero();
        picture("site");
    }

    @Test
    void showsAServerThatGoesDownWithoutBeingLoadedAgain() throws Exception {
        openWhenSeen("/", "2 of 2 peers answer");
        chromium.run("window.marker = 'same document'");
        chromium.type("input[type=search]", "typed");
        chromium.run("document.querySelector('input[type=search]').setSelectionRange(2, 4)");
        cluster.daemon(2).terminate();
        cluster.daemon(2).awaitExit(Testbed.TIMEOUT);
        try {
            awaitPage("the ring shows it", () -> chromium.text("svg.drawing").contains("1 of 2 peers answer"));

            assertThat(chromium.text(".servers table")).contains("web2.example.org silent since ");
            assertThat(chromium.run("return window.marker").asString()).isEqualTo("same document");
            assertThat(chromium.run("return document.activeElement.value").asString())
                    .isEqualTo("typed");
            assertThat(chromium.run("return document.activeElement.selectionEnd")
                            .asInt())
                    .isEqualTo(4);
            assertThat(chromium.console()).isEmpty();
            chromium.run("document.activeElement.value = ''; document.activeElement.blur()");
            picture("one-node-down");
        } finally {
            cluster.restartDaemon(2);
        }
    }

    @Test
    void saysThatTheDaemonDoesNotAnswerUntilItDoes() throws Exception {
        openWhenSeen("/", "web1.example.org");
        cluster.daemon(0).terminate();
        cluster.daemon(0).awaitExit(Testbed.TIMEOUT);
        try {
            awaitPage(
                    "a message",
                    () -> chromium.text("#connection").contains("web0.example.org has not answered since"));

            assertThat(chromium.text(".matrix table")).contains("www.example.org");
        } finally {
            cluster.restartDaemon(0);
        }
        awaitPage("no message", () -> chromium.text("#connection").isEmpty());
    }

    @Test
    void showsAnExpiredCertificate() throws Exception {
        HostName shop = new HostName("shop.example.org");
        cluster.configureWebServer(
                1,
                List.of(
                        host("www.example.org", cluster.installed(1, new HostName("www.example.org"))),
                        host("blog.example.org", cluster.installed(1, new HostName("blog.example.org"))),
                        host(shop.value(), ExpiredCertificate.write(folder, List.of(shop)))));
        cluster.reloadWebServer(1);
        try {
            // While the page is open, each peer is looked at again within seconds.
            openWhenSeen("/", "1 failing, 8 good");

            assertThat(chromium.text("h1")).isEqualTo("Visitors see errors at 1 server");
            assertThat(chromium.text(".matrix tbody tr:first-child")).contains("shop.example.org", "expired");
            assertThat(chromium.console()).isEmpty();
            picture("expired");
            chromium.prefer("dark");
            picture("expired-dark");
            follow("td.bad a", "/site/shop.example.org");
            assertThat(chromium.text(".certificate .flaw")).contains("expired");
            picture("expired-site");
        } finally {
            cluster.configureWebServer(1);
            cluster.reloadWebServer(1);
        }
        openWhenSeen("/", "9 good");
    }

    @Test
    void nothingScrollsSidewaysOnAPhone() throws Exception {
        chromium.resize(PHONE_WIDTH, 740);
        for (String path : List.of("/", "/site/www.example.org", "/site/unknown.example.org")) {
            chromium.open(url(path));
            assertThat(chromium.run("return document.documentElement.scrollWidth")
                            .asInt())
                    .as(path)
                    .isLessThanOrEqualTo(PHONE_WIDTH);
            assertThat(chromium.run(
                                    "return Math.max(0, ...[...document.querySelectorAll('.servers .box, .certificate .box')]"
                                            + ".map(box => box.scrollWidth - box.clientWidth))")
                            .asInt())
                    .as("what does not fit into a table of " + path)
                    .isZero();
        }
        openWhenSeen("/", "9 good");
        assertThat(chromium.run("return document.documentElement.scrollWidth").asInt())
                .isLessThanOrEqualTo(PHONE_WIDTH);
        picture("phone");
    }

    @Test
    void worksWithoutScripts() throws Exception {
        openWhenSeen("/", "9 good");
        chromium.allowScripts(false);
        chromium.open(url("/"));

        assertThat(chromium.text("h1")).isEqualTo("All is well");
        picture("without-scripts");
        chromium.type("input[type=search]", "blog");
        follow("button", "/?q=blog");
        assertThat(chromium.text(".matrix tbody")).contains("blog.example.org").doesNotContain("shop.example.org");
        follow(".matrix tbody th a", "/site/blog.example.org");
        assertThat(chromium.text("h1")).isEqualTo("blog.example.org");
    }

    @Test
    void isDarkOrLightAsTheUserPrefers() throws Exception {
        openWhenSeen("/", "9 good");
        chromium.prefer("light");
        int light = brightness();
        chromium.prefer("dark");
        int dark = brightness();

        assertThat(light).isGreaterThan(200);
        assertThat(dark).isLessThan(60);
        picture("dark");
    }

    private int brightness() throws IOException {
        return chromium.run("return Math.max(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g)"
                        + ".slice(0, 3).map(Number))")
                .asInt();
    }

    private static VirtualHost host(String name, Path certificate) {
        return new VirtualHost(List.of(new HostName(name)), certificate);
    }

    /**
     * Clicks, and waits for the page that this leads to. The browser says that it has clicked before it has loaded it.
     */
    private void follow(String selector, String path) throws IOException {
        chromium.click(selector);
        awaitPage(
                path,
                () -> chromium.url().startsWith(url(path))
                        && chromium.run("return document.readyState").asString().equals("complete"));
    }

    /** Opens a page of the first node's daemon until it contains a text. */
    private void openWhenSeen(String path, String text) {
        awaitPage(text, () -> {
            chromium.open(url(path));
            return chromium.text("body").contains(text)
                    || chromium.text("svg.drawing").contains(text);
        });
    }

    /** Waits for a condition. While the page replaces its parts, an element can be gone. */
    private static void awaitPage(String what, Callable<Boolean> condition) {
        await(what)
                .atMost(Testbed.TIMEOUT)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(condition);
    }

    private static String url(String path) {
        return "http://" + cluster.admin(0).getAddress().getHostAddress() + ":"
                + cluster.admin(0).getPort() + path;
    }

    private void picture(String name) throws IOException {
        Files.write(PICTURES.resolve(name + ".png"), chromium.picture());
    }
}
