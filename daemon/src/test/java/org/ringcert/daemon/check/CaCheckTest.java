package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.CaInformation;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.plan.RenewalLimit;

class CaCheckTest extends CheckFixture {

    @Test
    void aCaThatAnswersSaysItsTerms() throws Exception {
        DirectoryState state = new DirectoryState.Reached(
                ca(),
                new CaInformation(List.of(), Optional.of("https://ca.example.net/terms"), Optional.empty()),
                RenewalLimit.EXEMPT);

        assertThat(look(state)).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.OK);
            assertThat(finding.text())
                    .isEqualTo(
                            "its directory answers, terms of service at https://ca.example.net/terms; this server has"
                                    + " no account yet, the first order makes one");
        });
    }

    @Test
    void aCaThatCannotBeReachedIsAFailureUnlessThereIsAnother() throws Exception {
        DirectoryState lost = new DirectoryState.NotReached(ca(), "ca.example.net does not answer.");
        DirectoryState reached = new DirectoryState.Reached(
                ca(), new CaInformation(List.of(), Optional.empty(), Optional.empty()), RenewalLimit.EXEMPT);

        assertThat(look(lost)).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.FAILURE);
            assertThat(finding.text()).isEqualTo("its directory cannot be fetched: ca.example.net does not answer");
        });
        assertThat(levels(look(lost, reached))).containsExactly(Level.WARNING, Level.OK);
    }

    private AcmeSettings ca() throws Exception {
        return configuration("").authorities().getFirst();
    }

    private static List<CheckFinding> look(DirectoryState... states) throws Exception {
        try (PendingResult<List<DirectoryState>> cas = PendingResult.start(() -> List.of(states))) {
            return new CaCheck(cas, Optional.empty()).look();
        }
    }
}
