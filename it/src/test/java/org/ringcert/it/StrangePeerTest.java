package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@UsesPebble
class StrangePeerTest {

    private static final int STRANGE = 2;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void aPeerThatAnswersNonsenseIsNotBelievedAndKeepsNobodyFromACertificate(StrangePeer.Nonsense nonsense)
            throws Exception {
        try (Lab lab = Lab.start(
                        folder, RealCa.USUAL, UnaryOperator.identity(), 3, "www.example.org", "shop.example.org");
                StrangePeer peer =
                        new StrangePeer(lab.cluster().address(STRANGE), lab.ca().httpPort(), nonsense)) {
            lab.runTogether(0, 1);
            for (int node : new int[] {0, 1}) {
                for (int site : new int[] {0, 1}) {
                    Certificates.await(lab, node, site);
                }
            }

            String token = Tokens.unknown();
            Tokens.publish(lab, 1, token);
            List<Visit> walk = Visit.walk(lab, 0, token);
            assertThat(walk).extracting(Visit::node).containsExactly(0, 1);
            assertThat(walk.getLast().body()).isEqualTo(Tokens.answer(token));

            String nobodys = Tokens.unknown();
            Visit visit = Visit.ask(lab, 0, nobodys);
            assertThat(peer.questions(nobodys)).isEqualTo(1);
            switch (nonsense) {
                case A_REDIRECT -> assertThat(visit.status()).isEqualTo(404);
                // It might be a server that has trouble: the CA may see for itself, and is sent nowhere from there.
                case A_PAGE, MEGABYTES ->
                    assertThat(visit.location()).contains(Visit.straightTo(lab, STRANGE, nobodys));
            }
        }
    }
}
