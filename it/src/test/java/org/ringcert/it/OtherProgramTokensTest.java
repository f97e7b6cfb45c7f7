package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherProgramTokensTest {

    @TempDir
    private Path folder;

    @Test
    void answersATokenOfAnotherProcessAtOnceEvenAfterA404() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 2, "www.example.org")) {
            testbed.ca().stop();
            testbed.startAllDaemons();
            for (int round = 0; round < 40; round++) {
                String token = Tokens.unknown();
                if (round < 10) {
                    assertThat(NodeResponse.getChallenge(testbed, 0, token).status())
                            .isEqualTo(404);
                    assertThat(NodeResponse.getChallenge(testbed, 1, token).status())
                            .isEqualTo(404);
                }
                Tokens.publish(testbed, 0, token);

                NodeResponse direct = NodeResponse.getChallenge(testbed, 0, token);
                assertThat(direct.status()).isEqualTo(200);
                assertThat(direct.body()).isEqualTo(Tokens.answer(token));

                List<NodeResponse> throughPeer = NodeResponse.followRedirects(testbed, 1, token);
                assertThat(throughPeer).extracting(NodeResponse::node).containsExactly(1, 0);
                assertThat(throughPeer.getLast().body()).isEqualTo(Tokens.answer(token));
            }
        }
    }
}
