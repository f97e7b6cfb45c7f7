package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProblemDocumentTest {

    @Test
    void removesControlCharactersAndCutsLongText() {
        assertThat(RemoteText.clean("a\u001b[2J\r\nb\u202ec\u0000\ud800", 100)).isEqualTo("a [2J b c");
        assertThat(RemoteText.clean("x".repeat(5000), 1000)).hasSize(1003).endsWith("x...");
        assertThat(RemoteText.clean("\ud83d\ude00".repeat(3), 2)).isEqualTo("\ud83d\ude00\ud83d\ude00...");
    }

    @Test
    void summarizesAProblemOfManyNames() {
        List<ProblemDocument.Subproblem> subproblems = Collections.nCopies(
                50, new ProblemDocument.Subproblem(ProblemDocument.NAMESPACE + "caa", "no", Optional.empty()));

        assertThat(new ProblemDocument(ProblemDocument.NAMESPACE + "compound", "", 403, subproblems, Optional.empty())
                        .summary())
                .isEqualTo("compound; no (caa); no (caa); no (caa); no (caa); no (caa); and 45 more");
    }
}
