package org.ringcert.it.first;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.CommandResult;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;
import org.ringcert.it.servers.Document;

/** Runs all blocks of {@code README.md}, in order, on three new servers without a web server. */
@UsesPebble
class ReadmeTest {

    private static final Path DOCUMENT = Path.of("..", "README.md");
    private static final String PACKAGE = "./ringcert package\n";
    private static final List<String> SERVERS = List.of("web0", "web1", "web2");
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org");
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    @Test
    void leadsFromThreeNewServersToSixCertificates() throws Exception {
        Document document = Document.read(DOCUMENT);
        assertThat(document.blocks()).hasSizeGreaterThan(3);
        try (DebianServers servers = DebianServers.start(folder, SERVERS)) {
            System.out.println("README.md. " + DebianServers.STAND_INS);
            for (Document.Block block : document.blocks()) {
                if (block.where().equals("checkout")) {
                    assertThat(block.commands()).contains(PACKAGE);
                    servers.runOnAdminHost(Archive.folder(), block.commands().replace(PACKAGE, ""));
                } else {
                    assertThat(block.where()).isEqualTo("each");
                    for (String server : SERVERS) {
                        servers.runOn(server, block.commands());
                    }
                }
            }
            for (String server : SERVERS) {
                List<CommandResult> results = new ArrayList<>();
                await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
                    results.add(servers.tryOn(server, "ringcert status"));
                    assertThat(results.getLast().status())
                            .as(results.getLast().output())
                            .isZero();
                });
                assertThat(results.getLast().output()).contains(SITES);
                assertThat(servers.runOn(server, "curl -s http://192.0.1.10/.well-known/ringcert/health"))
                        .isEqualTo("ok\n");
                await().atMost(TIMEOUT)
                        .pollInterval(Duration.ofMillis(200))
                        .until(() -> servers.runOn(server, "journalctl -u ringcert-reload@apache2 --no-pager")
                                .contains("Finished"));
            }
        }
    }
}
