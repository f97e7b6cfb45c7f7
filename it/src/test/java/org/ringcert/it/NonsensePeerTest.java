package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@UsesPebble
class NonsensePeerTest {

    private static final int STRANGE = 2;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aPeerThatAnswersNonsenseIsNotBelievedAndKeepsNobodyFromACertificate(FakePeer.Nonsense nonsense)
            throws Exception {
        try (Testbed testbed = Testbed.start(
                        folder,
                        PebbleRelease.INSTALLED,
                        UnaryOperator.identity(),
                        3,
                        "www.example.org",
                        "shop.example.org");
                FakePeer peer = new FakePeer(
                        testbed.cluster().address(STRANGE), testbed.ca().httpPort(), nonsense)) {
            testbed.startDaemons(0, 1);
            for (int node : new int[] {0, 1}) {
                for (int site : new int[] {0, 1}) {
                    Certificates.await(testbed, node, site);
                }
            }

            String token = Tokens.unknown();
            Tokens.publish(testbed, 1, token);
            List<NodeResponse> walk = NodeResponse.followRedirects(testbed, 0, token);
            assertThat(walk).extracting(NodeResponse::node).containsExactly(0, 1);
            assertThat(walk.getLast().body()).isEqualTo(Tokens.answer(token));

            String nobodys = Tokens.unknown();
            NodeResponse visit = NodeResponse.getChallenge(testbed, 0, nobodys);
            assertThat(peer.requests(nobodys)).isEqualTo(1);
            switch (nonsense) {
                case A_REDIRECT -> assertThat(visit.status()).isEqualTo(404);
                // It might be a server that has trouble: the CA may see for itself, and is sent nowhere from there.
                case A_PAGE, MEGABYTES ->
                    assertThat(visit.location()).contains(NodeResponse.finalRedirect(testbed, STRANGE, nobodys));
            }
        }
    }
}
