package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.demo.FreePorts;
import org.ringcert.demo.LocalCluster;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.view.ca.Walk;

/**
 * Rings of four in which one, two or three servers are Apache with the rules of "Clustering Let's Encrypt with Apache"
 * (2019), in every arrangement.
 */
class ArticleRingTest {

    private static final int SIZE = 4;

    @TempDir
    private Path folder;

    private static List<InetAddress> addresses(int network) {
        return IntStream.range(0, SIZE)
                .mapToObj(i -> InetAddress.ofLiteral("127." + network + ".0." + (i + 1)))
                .toList();
    }

    @Test
    void findsTheTokensOfAllServersAndEndsWalksForUnknownOnes() throws Exception {
        assumeTrue(
                Files.isExecutable(ArticleServer.APACHE), ArticleServer.APACHE + " is not installed (Debian: apache2)");
        List<InetAddress> nodeAddresses = addresses(83);
        List<InetAddress> apacheAddresses = addresses(84);
        int port = FreePorts.on(
                Stream.concat(nodeAddresses.stream(), apacheAddresses.stream()).toList());
        List<ArticleServer> apaches = new ArrayList<>();
        try (InProcessNodes nodes =
                new InProcessNodes(folder, InProcessNodes.InProcessOptions.of(nodeAddresses, port, HandoffMode.RING))) {
            for (int i = 0; i < SIZE; i++) {
                Path home = Files.createDirectory(folder.resolve("apache" + i));
                apaches.add(new ArticleServer(home, apacheAddresses.get(i), port, LocalCluster.name((i + 1) % SIZE)));
            }
            for (int apacheMask = 1; apacheMask < (1 << SIZE) - 1; apacheMask++) {
                assertTokensAreFound(apacheMask, nodes, apaches, apacheAddresses);
            }
        } finally {
            for (ArticleServer apache : apaches) {
                apache.close();
            }
        }
    }

    private static void assertTokensAreFound(
            int apacheMask, InProcessNodes nodes, List<ArticleServer> apaches, List<InetAddress> apacheAddresses)
            throws Exception {
        for (int entry = 0; entry < SIZE; entry++) {
            for (int holder = 0; holder < SIZE; holder++) {
                Token token = new Token("arrangement-%02d-held-by-%d-asked-at-%d".formatted(apacheMask, holder, entry));
                KeyAuthorization answer = new KeyAuthorization(token, InProcessNodes.THUMBPRINT);
                if (isApache(apacheMask, holder)) {
                    Files.writeString(apaches.get(holder).challenges().resolve(token.value()), answer.text());
                } else {
                    nodes.hold(holder, answer);
                }
                Walk walk = walk(apacheMask, nodes, apacheAddresses, entry, token);
                assertThat(walk.verdict()).as("%s", walk).isEqualTo(new Walk.Verdict.Accepted(answer));
                assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(SIZE - 1);
            }
            Token unknown = new Token("arrangement-%02d-unknown-asked-at-%d".formatted(apacheMask, entry));
            Walk walk = walk(apacheMask, nodes, apacheAddresses, entry, unknown);
            assertThat(walk.lastStatus()).as("%s", walk).hasValue(404);
            assertThat(walk.redirects()).as("%s", walk).isLessThanOrEqualTo(2 * SIZE - 1);
        }
    }

    /** Returns whether the node is Apache in the arrangement, which has one bit for each node. */
    private static boolean isApache(int apacheMask, int node) {
        return (apacheMask & 1 << node) != 0;
    }

    private static Walk walk(
            int apacheMask, InProcessNodes nodes, List<InetAddress> apacheAddresses, int entry, Token token) {
        return nodes.walk(
                entry, token, node -> isApache(apacheMask, node) ? apacheAddresses.get(node) : nodes.address(node));
    }
}
