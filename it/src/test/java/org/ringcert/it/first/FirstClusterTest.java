package org.ringcert.it.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.CommandResult;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;
import org.ringcert.it.servers.Document;

/** Runs all blocks of {@code docs/first-cluster.md}, in order, on three new servers. */
@UsesPebble
class FirstClusterTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "first-cluster.md");
    private static final String PACKAGE = "./ringcert package\n";
    private static final List<String> SERVERS = List.of("web0", "web1", "web2");
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org", "blog.example.org");
    private static final Duration TIMEOUT = Duration.ofMinutes(3);

    /**
     * What to type to get the same configuration as in the document. The default for port 80 is what setup has found.
     */
    private static final String ANSWERS = String.join(
            "\\n",
            "letsencrypt-staging",
            "yes",
            "",
            "web0.example.org",
            "web1.example.org",
            "web2.example.org",
            "",
            "www.example.org,example.org",
            "shop.example.org",
            "blog.example.org",
            "",
            "",
            "",
            "");

    @TempDir
    private Path folder;

    @Test
    void leadsFromThreeNewServersToNineCertificates() throws Exception {
        Document document = Document.read(DOCUMENT);
        try (DebianServers servers = DebianServers.start(folder, SERVERS)) {
            System.out.println("docs/first-cluster.md. " + DebianServers.STAND_INS);
            Path archive = Archive.folder();
            long start = System.nanoTime();
            for (Document.Block block : document.blocks()) {
                switch (block.where()) {
                    case "checkout" -> {
                        assertThat(block.commands()).contains(PACKAGE);
                        servers.runOnAdminHost(archive, block.commands().replace(PACKAGE, ""));
                    }
                    case "web0" -> web0(servers, document, block);
                    case "each" -> {
                        for (String server : SERVERS) {
                            each(servers, server, block);
                        }
                    }
                    default -> throw new AssertionError("a block is for an unknown server: " + block.where());
                }
            }
            Set<String> certificates = new HashSet<>();
            for (String server : SERVERS) {
                for (String site : SITES) {
                    certificates.add(servers.awaitServed(server, site, "acme-v02"));
                }
            }
            assertThat(certificates).hasSize(SERVERS.size() * SITES.size());
            System.out.printf(
                    "%d certificates from nothing, by the document: %.1f s%n",
                    certificates.size(), (System.nanoTime() - start) / 1e9);
        }
    }

    private static void web0(DebianServers servers, Document document, Document.Block block) throws IOException {
        if (block.commands().startsWith("ringcert setup")) {
            servers.runOn(
                    "web0",
                    "printf '%s' | script -qec 'ringcert setup --config /root/answered.toml' /dev/null"
                            .formatted(ANSWERS));
        }
        String output = servers.runOn("web0", block.commands());
        if (block.commands().startsWith("ringcert setup")) {
            List<String> next = output.lines()
                    .filter(line -> line.startsWith("    "))
                    .map(String::strip)
                    .toList();
            assertThat(next).hasSizeGreaterThan(10);
            assertThat(servers.runOn("web0", "cmp /root/answered.toml /etc/ringcert/ringcert.toml"))
                    .as("the answers and the options of setup give the same file")
                    .isEmpty();
            assertThat(document.lines())
                    .as("the document continues as setup advises")
                    .containsAll(next);
        }
    }

    private static void each(DebianServers servers, String server, Document.Block block) throws IOException {
        if (block.commands().equals("ringcert status\n")) {
            // "wait half a minute and ask again"
            List<CommandResult> results = new ArrayList<>();
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                results.add(servers.tryOn(server, block.commands()));
                assertThat(results.getLast().status())
                        .as(results.getLast().output())
                        .isZero();
            });
        } else {
            servers.runOn(server, block.commands());
        }
    }
}
