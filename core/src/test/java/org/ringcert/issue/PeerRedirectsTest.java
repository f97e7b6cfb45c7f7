package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.ProblemDocument;

class PeerRedirectsTest {

    @Test
    void suggestsRelayIfTheCaGivesNoReason() {
        assertThat(PeerRedirects.POSSIBLE.advice(Optional.empty())).contains("handoff = \"relay\" in [acme]");
        assertThat(PeerRedirects.POSSIBLE.advice(error("unauthorized"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unauthorized", "incorrectResponse", "connection", "serverInternal"})
    void saysThatEveryServerMustKnowHowToRelay(String type) {
        assertThat(PeerRedirects.NOT_FOLLOWED.advice(error(type)))
                .isEqualTo(PeerRedirects.NOT_FOLLOWED.advice(Optional.empty()))
                .contains("Every server must run Ringcert 0.2.0 or newer")
                .contains("have this CA in its configuration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dns", "caa"})
    void saysNothingAboutPeersIfNoneWasAsked(String type) {
        assertThat(PeerRedirects.NOT_FOLLOWED.advice(error(type))).isEmpty();
    }

    @Test
    void saysNothingWithoutRedirects() {
        assertThat(PeerRedirects.NEVER.advice(Optional.empty())).isEmpty();
        assertThat(PeerRedirects.NEVER.advice(error("unauthorized"))).isEmpty();
    }

    private static Optional<ProblemDocument> error(String type) {
        return Optional.of(
                new ProblemDocument(ProblemDocument.NAMESPACE + type, "detail", 403, List.of(), Optional.empty()));
    }
}
