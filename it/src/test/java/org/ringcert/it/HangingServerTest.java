package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** A server that hangs: its kernel accepts connections, but the process never answers. */
@UsesPebble
class HangingServerTest {

    private static final int ENTRY = 0;
    private static final int ORDERER = 1;
    private static final int HANGING = 2;

    @TempDir
    private Path folder;

    @Test
    void aHangingServerDoesNotKeepOthersFromCertificates() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 3, "www.example.org")) {
            List<ChildProcess> daemons = testbed.startDaemons(ENTRY, HANGING);
            Certificates.await(testbed, ENTRY, 0);
            Certificates.await(testbed, HANGING, 0);
            daemons.getLast().signal("STOP");

            String unknown = Tokens.unknown();
            NodeResponse response = NodeResponse.getChallenge(testbed, ENTRY, unknown);
            assertThat(response.status()).isEqualTo(302);
            assertThat(response.location()).contains(NodeResponse.finalRedirect(testbed, HANGING, unknown));

            testbed.startDaemon(ORDERER);
            Certificates.await(testbed, ORDERER, 0);
            LoggedValidation validation = LoggedValidation.all(testbed).stream()
                    .filter(each -> each.orderer() == ORDERER)
                    .findFirst()
                    .orElseThrow();
            URI holder = NodeResponse.finalRedirect(testbed, ORDERER, validation.token());
            assertThat(validation.redirects()).isNotEmpty().containsOnly(holder);

            String token = Tokens.unknown();
            Tokens.publish(testbed, ORDERER, token);
            List<NodeResponse> walk = NodeResponse.followRedirects(testbed, ENTRY, token);
            assertThat(walk).extracting(NodeResponse::node).containsExactly(ENTRY, ORDERER);
            assertThat(walk.getLast().body()).isEqualTo(Tokens.answer(token));

            daemons.getLast().signal("CONT");
            String stillUnknown = Tokens.unknown();
            NodeResponse.get(testbed, HANGING, NodeResponse.challengePath(stillUnknown) + "?left=");
            assertThat(NodeResponse.getChallenge(testbed, ENTRY, stillUnknown).status())
                    .isEqualTo(404);
        }
    }
}
