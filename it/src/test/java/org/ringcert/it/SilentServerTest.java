package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.demo.ChildProcess;

/** A server that hangs: its kernel takes connections, and nothing is ever said. */
@UsesPebble
class SilentServerTest {

    private static final int DOOR = 0;
    private static final int ORDERER = 1;
    private static final int SILENT = 2;

    @TempDir
    private Path folder;

    @Test
    void aServerThatHangsIsInNobodysWay() throws Exception {
        try (Lab lab = Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), 3, "www.example.org")) {
            List<ChildProcess> daemons = lab.runTogether(DOOR, SILENT);
            Certificates.await(lab, DOOR, 0);
            Certificates.await(lab, SILENT, 0);
            daemons.getLast().signal("STOP");

            String nobodys = Tokens.unknown();
            Visit visit = Visit.ask(lab, DOOR, nobodys);
            assertThat(visit.status()).isEqualTo(302);
            assertThat(visit.location()).contains(Visit.straightTo(lab, SILENT, nobodys));

            lab.run(ORDERER);
            Certificates.await(lab, ORDERER, 0);
            Validation validation = Validation.all(lab).stream()
                    .filter(each -> each.orderer() == ORDERER)
                    .findFirst()
                    .orElseThrow();
            URI holder = Visit.straightTo(lab, ORDERER, validation.token());
            assertThat(validation.sentTo()).isNotEmpty().containsOnly(holder);

            String token = Tokens.unknown();
            Tokens.publish(lab, ORDERER, token);
            List<Visit> walk = Visit.walk(lab, DOOR, token);
            assertThat(walk).extracting(Visit::node).containsExactly(DOOR, ORDERER);
            assertThat(walk.getLast().body()).isEqualTo(Tokens.answer(token));

            daemons.getLast().signal("CONT");
            String stillNobodys = Tokens.unknown();
            Visit.get(lab, SILENT, Visit.path(stillNobodys) + "?left=");
            assertThat(Visit.ask(lab, DOOR, stillNobodys).status()).isEqualTo(404);
        }
    }
}
