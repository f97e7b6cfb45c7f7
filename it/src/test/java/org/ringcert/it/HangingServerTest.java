package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;

/** A server that hangs: its kernel takes connections, and nothing is ever said. */
@UsesPebble
class HangingServerTest {

    private static final int DOOR = 0;
    private static final int ORDERER = 1;
    private static final int SILENT = 2;

    @TempDir
    private Path folder;

    @Test
    void aServerThatHangsIsInNobodysWay() throws Exception {
        try (Testbed testbed =
                Testbed.start(folder, PebbleRelease.INSTALLED, UnaryOperator.identity(), 3, "www.example.org")) {
            List<ChildProcess> daemons = testbed.startDaemons(DOOR, SILENT);
            Certificates.await(testbed, DOOR, 0);
            Certificates.await(testbed, SILENT, 0);
            daemons.getLast().signal("STOP");

            String nobodys = Tokens.unknown();
            NodeResponse visit = NodeResponse.getChallenge(testbed, DOOR, nobodys);
            assertThat(visit.status()).isEqualTo(302);
            assertThat(visit.location()).contains(NodeResponse.finalRedirect(testbed, SILENT, nobodys));

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
            List<NodeResponse> walk = NodeResponse.followRedirects(testbed, DOOR, token);
            assertThat(walk).extracting(NodeResponse::node).containsExactly(DOOR, ORDERER);
            assertThat(walk.getLast().body()).isEqualTo(Tokens.answer(token));

            daemons.getLast().signal("CONT");
            String stillNobodys = Tokens.unknown();
            NodeResponse.get(testbed, SILENT, NodeResponse.challengePath(stillNobodys) + "?left=");
            assertThat(NodeResponse.getChallenge(testbed, DOOR, stillNobodys).status())
                    .isEqualTo(404);
        }
    }
}
