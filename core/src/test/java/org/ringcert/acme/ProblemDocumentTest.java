package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProblemDocumentTest {

    @Test
    void summarizesAProblemOfManyNames() {
        List<ProblemDocument.Subproblem> subproblems = Collections.nCopies(
                50, new ProblemDocument.Subproblem(ProblemDocument.NAMESPACE + "caa", "no", Optional.empty()));

        assertThat(new ProblemDocument(ProblemDocument.NAMESPACE + "compound", "", 403, subproblems, Optional.empty())
                        .summary())
                .isEqualTo("compound; no (caa); no (caa); no (caa); no (caa); no (caa); and 45 more");
    }
}
