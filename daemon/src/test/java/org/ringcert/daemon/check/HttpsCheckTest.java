package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.ViewpointReply;

class HttpsCheckTest extends CheckFixture {

    private static final Instant NOW = Instant.parse("2026-11-28T01:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aCertificateThatIsGoodSaysHowLong() throws Exception {
        CheckFinding finding = only(look(certificate(-10, 80, Issuer.CA, Match.RIGHT)), WWW);

        assertThat(finding.level()).isEqualTo(Level.OK);
        assertThat(finding.text()).isEqualTo("https has a certificate for another 80 days");
    }

    @Test
    void aSelfSignedPlaceholderIsRightBeforeTheFirstOrder() throws Exception {
        CheckFinding finding = only(look(certificate(-1, 364, Issuer.ITSELF, Match.RIGHT)), WWW);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).isEqualTo("https at 192.0.2.10: the certificate is self-signed");
        assertThat(finding.remedy().orElseThrow()).contains("right before the first order");
    }

    @Test
    void aSelfSignedCertificateForAnotherNameIsNotThatOfTheStore() throws Exception {
        CheckFinding finding = only(look(certificate(-1, 3649, Issuer.ITSELF, Match.WRONG)), WWW);

        assertThat(finding.text()).isEqualTo("https at 192.0.2.10: the certificate is self-signed");
        assertThat(finding.remedy().orElseThrow())
                .contains("its own certificate, not the store's", "virtual host with this name on port 443")
                .doesNotContain("before the first order");
    }

    @Test
    void everyFlawIsNamedAndNoneIsAFailureOfAnOrder() throws Exception {
        assertFlaw(certificate(-10, 80, Issuer.CA, Match.WRONG), "the certificate is for another name");
        assertFlaw(certificate(-90, -3, Issuer.CA, Match.RIGHT), "the certificate expired 3 days ago");
        assertFlaw(certificate(-90, 1, Issuer.CA, Match.RIGHT), "the certificate expires in 24 hours");
        assertFlaw(certificate(-76, 14, Issuer.CA, Match.RIGHT), "the certificate expires in 14 days");
        assertThat(only(look(certificate(-74, 16, Issuer.CA, Match.RIGHT)), WWW).level())
                .isEqualTo(Level.OK);
        assertFlaw(certificate(1, 90, Issuer.CA, Match.RIGHT), "the certificate is not valid until 24 hours from now");
        assertFlaw(new HttpsView.None("nothing listens on port 443"), "there is no certificate, nothing listens");
    }

    @Test
    void whatThisServerCannotSeeIsTakenFromAPeer() throws Exception {
        HttpsView good = certificate(-10, 80, Issuer.CA, Match.RIGHT);
        CheckScope scope = scope("");
        try (Survey survey = survey(
                scope,
                (viewpoint, name) -> name.equals(WWW)
                        ? seen(WWW, https(IP0, viewpoint.equals(WEB0) ? new HttpsView.None("no route") : good))
                        : new ViewpointReply.NoReply("not asked"))) {
            assertThat(levels(new HttpsCheck(scope, survey, () -> NOW).look())).containsExactly(Level.OK);
        }
    }

    private void assertFlaw(HttpsView https, String text) throws Exception {
        CheckFinding finding = only(look(https), WWW);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).startsWith("https at 192.0.2.10: " + text);
        assertThat(finding.remedy()).isPresent();
    }

    private List<CheckFinding> look(HttpsView https) throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(
                scope,
                (_, name) ->
                        name.equals(WWW) ? seen(WWW, https(IP0, https)) : new ViewpointReply.NoReply("not asked"))) {
            return new HttpsCheck(scope, survey, () -> NOW).look();
        }
    }

    private enum Issuer {
        CA,
        ITSELF
    }

    private enum Match {
        RIGHT,
        WRONG
    }

    private static HttpsView certificate(int fromDays, int toDays, Issuer issuer, Match match) {
        return new HttpsView.Certificate(
                "01",
                "CN=R11",
                NOW.plus(DAY.multipliedBy(fromDays)),
                NOW.plus(DAY.multipliedBy(toDays)),
                issuer == Issuer.ITSELF,
                match == Match.RIGHT);
    }
}
