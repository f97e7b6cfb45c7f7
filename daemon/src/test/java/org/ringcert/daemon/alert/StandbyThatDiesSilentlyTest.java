package org.ringcert.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.cluster.HostName;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw;

/** A server that nobody visits cannot renew, or is down. Its peers tell. */
class StandbyThatDiesSilentlyTest {

    private static final HostName ACTIVE = new HostName("web0.example.org");
    private static final HostName STANDBY = new HostName("web1.example.org");
    private static final Instant START = Instant.parse("2026-11-23T10:15:00Z");

    private final AlertBook book = new AlertBook(List.of());
    private final Map<CellKey, Optional<Cell>> cells = new HashMap<>();
    private Optional<Instant> silentSince = Optional.empty();
    private boolean isPeer = true;
    private Instant now = START;

    private static CellKey cell(HostName node, String site) {
        return new CellKey(new HostName(site), Optional.empty(), node);
    }

    private void look(CellKey key, Flaw... flaws) {
        cells.put(key, Optional.of(new Cell(key, Optional.empty(), List.of(flaws), now)));
    }

    private static Flaw flaw(Flaw.Kind kind, Flaw.Severity severity, String text) {
        return new Flaw(kind, severity, text, "Do something.");
    }

    /** Returns what begins and ends, a line each. */
    private List<String> surveyAfter(Duration time) {
        now = now.plus(time);
        return survey(List.of());
    }

    private List<String> survey(List<Condition> own) {
        ClusterSight sight = new ClusterSight() {
            @Override
            public List<CellKey> keys() {
                return List.copyOf(cells.keySet());
            }

            @Override
            public Optional<Cell> cell(CellKey key) {
                return cells.getOrDefault(key, Optional.empty());
            }

            @Override
            public List<PeerAnswer> peers() {
                return isPeer ? List.of(new PeerAnswer(STANDBY, Optional.of(now), silentSince)) : List.of();
            }
        };
        List<String> lines = new ArrayList<>();
        book.update(Surveys.join(ACTIVE, new Survey(own, Set.of()), sight))
                .forEach(change ->
                        lines.add(change.phase() + " " + change.condition().text()));
        return lines;
    }

    @Test
    void aPeerThatCannotRenewIsToldByTheOthers() {
        Flaw soon = flaw(Flaw.Kind.EXPIRES_SOON, Flaw.Severity.WARNING, "the certificate expires in 9 days");
        look(cell(STANDBY, "www.example.org"), soon);
        assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        assertThat(surveyAfter(Duration.ofMinutes(30))).as("no second look").isEmpty();
        look(cell(STANDBY, "www.example.org"), soon);
        assertThat(surveyAfter(Duration.ZERO))
                .containsExactly("BEGIN Visitors of www.example.org at web1.example.org: the certificate expires in 9"
                        + " days. Do something.");
        look(
                cell(STANDBY, "www.example.org"),
                flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired 1 minute ago"));
        assertThat(surveyAfter(Duration.ofDays(9))).as("the same problem").isEmpty();
        look(cell(STANDBY, "www.example.org"));
        assertThat(surveyAfter(Duration.ofMinutes(1)))
                .singleElement()
                .asString()
                .startsWith("END ");
    }

    @Test
    void aPeerThatIsDownIsOneProblemAfterAnHour() {
        silentSince = Optional.of(START);
        for (int minutes = 0; minutes <= 60; minutes += 10) {
            for (int site = 0; site < 200; site++) {
                look(
                        cell(STANDBY, "site" + site + ".example.org"),
                        flaw(Flaw.Kind.UNREACHABLE, Flaw.Severity.FAILURE, "there is no connection"));
            }
            List<String> lines = surveyAfter(minutes == 0 ? Duration.ZERO : Duration.ofMinutes(10));
            if (minutes < 60) {
                assertThat(lines).as("after %s minutes", minutes).isEmpty();
            } else {
                assertThat(lines)
                        .singleElement()
                        .asString()
                        .startsWith("BEGIN web1.example.org has not answered web0.example.org on its port for"
                                + " challenges since 2026-11-23T10:15:00Z.");
            }
        }
        isPeer = false;
        cells.clear();
        assertThat(surveyAfter(Duration.ofMinutes(1)))
                .as("it was taken out of the configuration")
                .singleElement()
                .asString()
                .startsWith("END web1.example.org has not answered");
    }

    @Test
    void aWebServerThatIsDownIsOneProblemHoweverManySites() {
        for (int round = 0; round <= 6; round++) {
            now = START.plus(Duration.ofMinutes(10L * round));
            for (int site = 0; site < 200; site++) {
                look(
                        cell(STANDBY, "site" + site + ".example.org"),
                        flaw(Flaw.Kind.REFUSED, Flaw.Severity.FAILURE, "the connection is refused"));
            }
            List<String> lines = surveyAfter(Duration.ZERO);
            assertThat(lines).hasSize(round < 6 ? 0 : 1);
            lines.forEach(line -> assertThat(line)
                    .startsWith("BEGIN The https of web1.example.org does not answer for ")
                    .contains(" and 197 more: the connection is refused. Do something."));
        }
    }

    @Test
    void theRootOfAStagingEnvironmentIsNoProblem() {
        Flaw root = flaw(Flaw.Kind.ROOT_NOT_TRUSTED, Flaw.Severity.WARNING, "this system does not trust the root");
        look(cell(STANDBY, "www.example.org"), root);
        surveyAfter(Duration.ZERO);
        look(cell(STANDBY, "www.example.org"), root);
        assertThat(surveyAfter(Duration.ofHours(5))).isEmpty();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void whatWasNotLookedAtSinceTheStartEndsNothing() {
        Flaw expired = flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired");
        look(cell(STANDBY, "www.example.org"), expired);
        surveyAfter(Duration.ZERO);
        now = now.plus(Duration.ofMinutes(10));
        look(cell(STANDBY, "www.example.org"), expired);
        assertThat(surveyAfter(Duration.ZERO)).hasSize(1);
        cells.put(cell(STANDBY, "www.example.org"), Optional.empty());
        assertThat(surveyAfter(Duration.ofMinutes(1))).isEmpty();
        cells.clear();
        assertThat(surveyAfter(Duration.ofMinutes(1))).as("the site is gone").hasSize(1);
    }

    @Test
    void whatTheOwnStatusSaysIsNotSaidAgain() {
        Condition own = new Condition(
                new Condition.Subject(
                        AlertKind.CERTIFICATE, ACTIVE, Optional.of(new HostName("www.example.org")), "www.example.org"),
                "www.example.org on web0.example.org: its certificate has expired.",
                Duration.ZERO,
                now);
        Flaw expired = flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired");
        look(cell(ACTIVE, "www.example.org"), expired);
        assertThat(survey(List.of(own))).hasSize(1);
        now = now.plus(Duration.ofMinutes(10));
        look(cell(ACTIVE, "www.example.org"), expired);
        assertThat(survey(List.of(own))).isEmpty();
        assertThat(book.entries()).hasSize(1);
    }

    @Test
    void aRebootOfAServerWithAProblemNeitherEndsItNorBeginsItAgain() {
        Flaw expired = flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired");
        Flaw unreachable = flaw(Flaw.Kind.UNREACHABLE, Flaw.Severity.FAILURE, "there is no connection");
        look(cell(STANDBY, "www.example.org"), expired);
        surveyAfter(Duration.ZERO);
        now = now.plus(Duration.ofMinutes(10));
        look(cell(STANDBY, "www.example.org"), expired);
        assertThat(surveyAfter(Duration.ZERO)).hasSize(1);
        look(cell(STANDBY, "www.example.org"), unreachable);
        assertThat(surveyAfter(Duration.ofMinutes(1))).as("it reboots").isEmpty();
        silentSince = Optional.of(now);
        assertThat(surveyAfter(Duration.ofMinutes(1))).as("port 80 as well").isEmpty();
        silentSince = Optional.empty();
        look(cell(STANDBY, "www.example.org"), expired);
        assertThat(surveyAfter(Duration.ofMinutes(5))).isEmpty();
        look(cell(STANDBY, "www.example.org"));
        assertThat(surveyAfter(Duration.ofMinutes(10))).hasSize(1);
    }

    @Test
    void aServerThatDiesAfterItsWebServerDidNotRecover() {
        Flaw refused = flaw(Flaw.Kind.REFUSED, Flaw.Severity.FAILURE, "the connection is refused");
        look(cell(STANDBY, "www.example.org"), refused);
        surveyAfter(Duration.ZERO);
        now = now.plus(Duration.ofHours(1));
        look(cell(STANDBY, "www.example.org"), refused);
        assertThat(surveyAfter(Duration.ZERO)).singleElement().asString().startsWith("BEGIN The https of web1");
        silentSince = Optional.of(now);
        assertThat(surveyAfter(Duration.ofMinutes(1))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Flaw.Kind.class,
            names = {"SELF_SIGNED", "WRONG_NAME"})
    void aPeerMayGetANewSiteAnHourAfterTheOthers(Flaw.Kind kind) {
        Flaw other = flaw(kind, Flaw.Severity.FAILURE, "the certificate is not for new.example.org");
        look(cell(STANDBY, "new.example.org"), other);
        assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        for (int minutes = 10; minutes < 60; minutes += 10) {
            now = now.plus(Duration.ofMinutes(10));
            look(cell(STANDBY, "new.example.org"), other);
            assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        }
        now = now.plus(Duration.ofMinutes(10));
        look(cell(STANDBY, "new.example.org"), other);
        assertThat(surveyAfter(Duration.ZERO)).hasSize(1);
    }

    @Test
    void aRestartOfTheOwnWebServerIsNotTold() {
        Flaw refused = flaw(Flaw.Kind.REFUSED, Flaw.Severity.FAILURE, "the connection is refused");
        look(cell(ACTIVE, "www.example.org"), refused);
        assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        now = now.plusSeconds(30);
        look(cell(ACTIVE, "www.example.org"), refused);
        assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        now = now.plusSeconds(60);
        look(cell(ACTIVE, "www.example.org"));
        assertThat(surveyAfter(Duration.ZERO)).isEmpty();
        assertThat(book.entries()).isEmpty();
    }

    @Test
    void anOldCertificateInUseIsToldAlthoughTheCaIsDown() {
        Condition outage = new Condition(
                new Condition.Subject(
                        AlertKind.CERTIFICATE, ACTIVE, Optional.of(new HostName("www.example.org")), "www.example.org"),
                "www.example.org on web0.example.org: the CA is down.",
                Duration.ofDays(1),
                now);
        Flaw expired = flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired");
        Flaw old = flaw(Flaw.Kind.OLDER_THAN_ON_DISK, Flaw.Severity.WARNING, "the store has a newer certificate");
        look(cell(ACTIVE, "www.example.org"), expired, old);
        assertThat(survey(List.of(outage))).isEmpty();
        now = now.plus(Duration.ofMinutes(5));
        look(cell(ACTIVE, "www.example.org"), expired, old);
        assertThat(survey(List.of(outage)))
                .containsExactly("BEGIN Visitors of www.example.org at web0.example.org: the certificate expired. Do"
                        + " something.");
    }

    @Test
    void aNewSiteOfTheOwnServerHasAnHourAsWell() {
        Condition none = new Condition(
                new Condition.Subject(
                        AlertKind.CERTIFICATE, ACTIVE, Optional.of(new HostName("www.example.org")), "www.example.org"),
                "www.example.org on web0.example.org: there is no certificate yet.",
                Duration.ofHours(2),
                now);
        Flaw wrong = flaw(Flaw.Kind.WRONG_NAME, Flaw.Severity.FAILURE, "the certificate is not for www.example.org");
        for (int minutes = 0; minutes < 60; minutes++) {
            look(cell(ACTIVE, "www.example.org"), wrong);
            assertThat(survey(List.of(none))).as("minute %s", minutes).isEmpty();
            now = now.plus(Duration.ofMinutes(1));
        }
        look(cell(ACTIVE, "www.example.org"), wrong);
        assertThat(survey(List.of(none))).hasSize(1);
    }
}
