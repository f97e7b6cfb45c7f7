package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@UsesPebble
class InvalidResponsesTest {

    private static final int FAULTY = 2;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aPeerWithInvalidResponsesDoesNotKeepOthersFromCertificates(FakePeer.InvalidResponse invalidResponse)
            throws Exception {
        try (Testbed testbed = Testbed.start(folder, 3, "www.example.org", "shop.example.org");
                FakePeer peer = new FakePeer(
                        testbed.cluster().address(FAULTY), testbed.ca().httpPort(), invalidResponse)) {
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

            String unknown = Tokens.unknown();
            NodeResponse response = NodeResponse.getChallenge(testbed, 0, unknown);
            assertThat(peer.requests(unknown)).isEqualTo(1);
            switch (invalidResponse) {
                case A_REDIRECT -> assertThat(response.status()).isEqualTo(404);
                // The peer may just have a problem, so the CA is redirected to it, but no further.
                case A_PAGE, MEGABYTES ->
                    assertThat(response.location()).contains(NodeResponse.finalRedirect(testbed, FAULTY, unknown));
            }
        }
    }
}
