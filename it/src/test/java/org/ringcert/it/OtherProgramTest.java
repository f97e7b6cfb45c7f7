package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherProgramTest {

    @TempDir
    private Path folder;

    @Test
    void aTokenThatAnotherProcessPutsThereIsAnsweredAtOnceAlsoWhereItWasMissedAMomentAgo() throws Exception {
        try (Lab lab = Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), 2, "www.example.org")) {
            lab.ca().stop();
            lab.runAll();
            for (int round = 0; round < 40; round++) {
                String token = Tokens.unknown();
                if (round < 10) {
                    assertThat(Visit.ask(lab, 0, token).status()).isEqualTo(404);
                    assertThat(Visit.ask(lab, 1, token).status()).isEqualTo(404);
                }
                Tokens.publish(lab, 0, token);

                Visit here = Visit.ask(lab, 0, token);
                assertThat(here.status()).isEqualTo(200);
                assertThat(here.body()).isEqualTo(Tokens.answer(token));

                List<Visit> byAPeer = Visit.walk(lab, 1, token);
                assertThat(byAPeer).extracting(Visit::node).containsExactly(1, 0);
                assertThat(byAPeer.getLast().body()).isEqualTo(Tokens.answer(token));
            }
        }
    }
}
