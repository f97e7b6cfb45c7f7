package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code status} and {@code renew --dry-run} with two CAs: which one, when and why. */
class StatusOfSeveralCasTest extends CommandLineFixture {

    private static final URI FIRST = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @BeforeEach
    void configureTwoCas() throws Exception {
        String text = Files.readString(folder.resolve("ringcert.toml"));
        Files.writeString(folder.resolve("ringcert.toml"), text.replace("[acme]", """
                [[acme]]
                directory = "letsencrypt"
                agree-to-terms = true
                [[acme]]"""));
    }

    private CertificateVersion install(HostName site, URI ca, Duration age) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant notBefore = now.minus(age);
        return store().install(
                        CertificateName.first(site),
                        key,
                        List.of(SelfSignedCertificate.create(
                                key, List.of(site), notBefore, notBefore.plus(Duration.ofDays(90)))),
                        new Origin.IssuedByCa(ca, Optional.empty(), Optional.empty()));
    }

    private JsonNode json() {
        return JsonMapper.shared().readTree(onNode("status", "--json").out());
    }

    private Progress.Failure failure(Duration untilNext, String reason, Optional<Progress.Outage> outage) {
        return new Progress.Failure(3, now, now.plus(untilNext), reason).withOutage(outage);
    }

    private Progress.Outage twoHours() {
        return new Progress.Outage(now.minus(Duration.ofHours(2)), 3, Duration.ZERO);
    }

    private void fail(HostName site, Progress.Failure first, Progress.Failure second) throws StoreException {
        store().saveProgress(
                        CertificateName.first(site),
                        Progress.NONE
                                .with(Progress.NONE.at(FIRST).withFailure(first))
                                .with(Progress.NONE.at(CA).withFailure(second)));
    }

    @Test
    void showsWhichCaACertificateIsFromAndNotesAFallback() throws Exception {
        install(WWW, FIRST, Duration.ZERO);
        install(SHOP, CA, Duration.ZERO);

        CommandRun result = onNode("status");

        assertThat(result.status()).as("a fallback is no problem").isZero();
        assertThat(result.out())
                .containsPattern("SITE +CA +SERIAL ")
                .containsPattern("www\\.example\\.org +letsencrypt ")
                .containsPattern("shop\\.example\\.org +127\\.0\\.0\\.1:1 ")
                .contains("shop.example.org: its certificate is from 127.0.0.1:1, not from letsencrypt")
                .doesNotContain("www.example.org: its certificate");
        assertThat(result.out().lines().filter(line -> line.startsWith("www")))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        JsonNode sites = json().path("sites");
        assertThat(sites.path(0).path("ca").asString()).isEqualTo("letsencrypt");
        assertThat(sites.path(1).path("ca").asString()).isEqualTo("127.0.0.1:1");
        assertThat(sites.path(0).path("notes")).isEmpty();
        assertThat(sites.path(1).path("notes")).hasSize(1);
    }

    @Test
    void namesTheCaOfEachFailure() throws Exception {
        fail(
                WWW,
                failure(Duration.ofMinutes(100), "no route", Optional.of(twoHours())),
                failure(Duration.ofMinutes(10), "too many orders", Optional.empty()));

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .containsPattern("www\\.example\\.org: failed 3 times in a row at letsencrypt, .*no route")
                .containsPattern(
                        "www\\.example\\.org: failed 3 times in a row at 127\\.0\\.0\\.1:1, .*too many orders");
        JsonNode failures = json().path("sites").path(0).path("caFailures");
        assertThat(failures).hasSize(2);
        assertThat(failures.path(0).path("ca").asString()).isEqualTo("letsencrypt");
        assertThat(failures.path(0).path("directory").asString()).isEqualTo(FIRST.toString());
        assertThat(failures.path(0).path("count").asInt()).isEqualTo(3);
        assertThat(failures.path(0).path("reason").asString()).isEqualTo("no route");
        assertThat(Instant.parse(failures.path(0).path("outageSince").asString()))
                .isEqualTo(now.minus(Duration.ofHours(2)));
        assertThat(Instant.parse(failures.path(1).path("nextAttempt").asString()))
                .isEqualTo(now.plus(Duration.ofMinutes(10)));
        assertThat(failures.path(1).has("outageSince")).isFalse();
    }

    @Test
    void showsTheTurnAtEachCa() throws Exception {
        store().saveProgress(
                        CertificateName.first(WWW),
                        Progress.NONE
                                .with(Progress.NONE.at(FIRST).withTurn(turn(Duration.ofHours(30), "five a week")))
                                .with(Progress.NONE.at(CA).withTurn(turn(Duration.ofHours(3), "one a day"))));

        assertThat(onNode("status").out().replaceAll("\\s+", " "))
                .contains("its turn at letsencrypt is at " + HumanTime.toMinute(now.plus(Duration.ofHours(30)))
                        + ", because five a week. Also its turn at 127.0.0.1:1 is at "
                        + HumanTime.toMinute(now.plus(Duration.ofHours(3))) + ", because one a day");
        JsonNode site = json().path("sites").path(0);
        assertThat(site.path("nextRenewal").asString())
                .isEqualTo(now.plus(Duration.ofHours(3)).toString());
        assertThat(site.path("turns")).hasSize(2);
        assertThat(site.path("turns").path(0).path("ca").asString()).isEqualTo("letsencrypt");
        assertThat(site.path("turns").path(1).path("directory").asString()).isEqualTo(CA.toString());
        assertThat(site.path("turns").path(1).path("at").asString())
                .isEqualTo(now.plus(Duration.ofHours(3)).toString());
    }

    private Optional<PendingTurn> turn(Duration untilThen, String reason) {
        return Optional.of(new PendingTurn(
                PendingTurn.Cause.PLAN, List.of(WWW), now, now.plus(untilThen), now.plusSeconds(1800), reason));
    }

    /** The second CA is asked sooner, but only if the site needs a certificate urgently. */
    @ParameterizedTest
    @CsvSource({"P65D, PT100M", "P80D, PT10M"})
    void theNextRenewalIsWhatTheDaemonWillDo(Duration age, Duration next) throws Exception {
        install(WWW, FIRST, age);
        fail(
                WWW,
                failure(Duration.ofMinutes(100), "no route", Optional.of(twoHours())),
                failure(Duration.ofMinutes(10), "no route either", Optional.empty()));

        assertThat(Instant.parse(
                        json().path("sites").path(0).path("nextRenewal").asString()))
                .isEqualTo(now.plus(next));
    }

    @Test
    void saysWhichCaMayBeAskedBeforeTheNextTryAtTheFirst() throws Exception {
        install(WWW, FIRST, Duration.ofDays(80));
        Progress.Outage nearlyAnHour = new Progress.Outage(now.minus(Duration.ofMinutes(30)), 3, Duration.ZERO);
        store().saveProgress(
                        CertificateName.first(WWW),
                        Progress.NONE.with(Progress.NONE
                                .at(FIRST)
                                .withFailure(failure(Duration.ofMinutes(100), "no route", Optional.of(nearlyAnHour)))));

        assertThat(onNode("status").out())
                .contains("no route. 127.0.0.1:1 may be asked from "
                        + HumanTime.toMinute(now.plus(Duration.ofMinutes(30))));
        assertThat(onNode("renew", "--dry-run").out())
                .contains(
                        "www.example.org: would be ordered from 127.0.0.1:1, but has to wait: a third of its lifetime is"
                                + " left. It failed 3 times in a row at letsencrypt, last at ",
                        "no route. 127.0.0.1:1 may be asked from " + now.plus(Duration.ofMinutes(30)));
    }

    @Test
    void showsTheWindowAndItsExplanation() throws Exception {
        CertificateVersion version = install(WWW, FIRST, Duration.ZERO);
        Instant start = now.plus(Duration.ofDays(20));
        Instant chosen = now.plus(Duration.ofDays(21));
        Instant end = now.plus(Duration.ofDays(22));
        store().saveRenewalSchedule(
                        version,
                        new RenewalSchedule(
                                Optional.of(new RenewalSchedule.Suggestion(
                                        start, end, Optional.of("https://ca.example.org/incident"), chosen)),
                                now.plus(Duration.ofHours(6)),
                                0));
        install(SHOP, FIRST, Duration.ZERO);

        CommandRun result = onNode("status");

        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("www.example.org: its CA suggests to renew it between ", "https://ca.example.org/incident");
        JsonNode site = json().path("sites").path(0);
        assertThat(Instant.parse(site.path("nextRenewal").asString())).isEqualTo(chosen);
        assertThat(Instant.parse(site.path("renewalWindow").path("start").asString()))
                .isEqualTo(start);
        assertThat(Instant.parse(site.path("renewalWindow").path("end").asString()))
                .isEqualTo(end);
        assertThat(site.path("renewalWindow").path("explanationUrl").asString())
                .isEqualTo("https://ca.example.org/incident");
        assertThat(json().path("sites").path(1).has("renewalWindow")).isFalse();
    }

    @Test
    void anAccountThatTheCaRefusedNeedsAPersonButAContactDoesNot() throws Exception {
        install(WWW, FIRST, Duration.ZERO);
        install(SHOP, FIRST, Duration.ZERO);
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        store().accounts()
                .save(
                        FIRST,
                        new StoredAccount(
                                key,
                                Optional.of(FIRST.resolve("/acct/1")),
                                Optional.of("The CA says: no such domain"),
                                Optional.empty()));

        CommandRun result = onNode("status");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("The account at letsencrypt has no contact. The CA says: no such domain.")
                .doesNotContain("There is no account");
        assertThat(json().path("notes")).hasSize(1);

        store().accounts()
                .save(
                        CA,
                        new StoredAccount(
                                key, Optional.empty(), Optional.of("The CA says: unknown key id"), Optional.empty()));
        result = onNode("status");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("There is no account at 127.0.0.1:1", "The CA says: unknown key id.", "renew --prepare");
        assertThat(json().path("troubles")).hasSize(1);
        JsonNode accounts = json().path("accounts");
        assertThat(accounts).hasSize(2);
        assertThat(accounts.path(0).path("ca").asString()).isEqualTo("letsencrypt");
        assertThat(accounts.path(0).path("registered").asBoolean()).isTrue();
        assertThat(accounts.path(1).path("directory").asString()).isEqualTo(CA.toString());
        assertThat(accounts.path(1).path("registered").asBoolean()).isFalse();
        assertThat(accounts.path(1).path("problem").asString()).contains("unknown key id");
    }

    @Test
    void theAccountsProblemIsDescribedOnceForAllSites() throws Exception {
        String refusal = "The CA says: unknown key id";
        store().accounts()
                .save(
                        FIRST,
                        new StoredAccount(
                                KeyType.EC256.generate(new SecureRandom()),
                                Optional.empty(),
                                Optional.of(refusal),
                                Optional.empty()));
        for (HostName site : List.of(WWW, SHOP)) {
            store().saveProgress(
                            CertificateName.first(site),
                            Progress.NONE.with(Progress.NONE
                                    .at(FIRST)
                                    .withFailure(failure(Duration.ofMinutes(100), refusal, Optional.empty()))));
        }

        assertThat(onNode("status").out())
                .containsOnlyOnce(refusal)
                .contains("www.example.org, shop.example.org: failed 3 times in a row at letsencrypt, last at ")
                .contains("There is no account at letsencrypt\n");
        assertThat(json().path("sites")
                        .path(0)
                        .path("caFailures")
                        .path(0)
                        .path("reason")
                        .asString())
                .isEqualTo(refusal);
    }

    @Test
    void aDamagedAccountFileIsReportedOnce() throws Exception {
        install(WWW, FIRST, Duration.ZERO);
        install(SHOP, FIRST, Duration.ZERO);
        Store store = store();
        Files.writeString(store.accounts().file(CA), "{");

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).containsOnlyOnce(store.accounts().file(CA).toString());
    }

    @Test
    void aDryRunNamesTheCaAndWhyItIsNotTheFirst() throws Exception {
        store();
        fail(
                WWW,
                failure(Duration.ofMinutes(100), "no route", Optional.of(twoHours())),
                failure(Duration.ZERO, "-", Optional.empty()));

        CommandRun result = onNode("renew", "--dry-run");

        assertThat(result.out())
                .contains(
                        "www.example.org: would be ordered from 127.0.0.1:1, because letsencrypt has failed"
                                + " since ",
                        "shop.example.org: would be ordered from letsencrypt, as soon as it is this server's turn"
                                + " within the CA's limits, if a look before it succeeds: there is no certificate yet");
    }

    @Test
    void aDryRunNamesWhatTheLastLookSawAndWhetherAnotherMayPostponeTheOrder() throws Exception {
        install(WWW, FIRST, Duration.ofDays(65));
        postpone(now.plus(Duration.ofMinutes(50)));

        assertThat(onNode("renew", "--dry-run", "www.example.org").out())
                .contains(
                        "would be ordered from letsencrypt, if a look before it succeeds: a third",
                        "is left. The last look, at ",
                        ", failed: Open port 80.");
        assertThat(onNode("renew", "--dry-run", "--force", "www.example.org").out())
                .contains("would be ordered from letsencrypt: a third")
                .doesNotContain("look");

        postpone(now.minusSeconds(1));
        assertThat(onNode("renew", "--dry-run", "www.example.org").out())
                .contains("would be ordered from letsencrypt: a third")
                .doesNotContain("look");
    }

    private void postpone(Instant orderAt) throws StoreException {
        Instant look = now.minusSeconds(30);
        store().saveProgress(
                        CertificateName.first(WWW),
                        Progress.NONE.with(Progress.NONE
                                .at(FIRST)
                                .withPostponement(Optional.of(new Postponement(
                                        look, 1, look, look.plusSeconds(60), orderAt, "Open port 80.")))));
    }

    @Test
    void aDryRunMakesNoStoreAndSaysWhatIsMissing() {
        CommandRun result = onNode("renew", "--dry-run");

        assertThat(result.status()).isZero();
        assertThat(folder.resolve("store")).doesNotExist();
        assertThat(result.out())
                .contains("There is no store yet; it would be made in " + folder.resolve("store"))
                .contains("There is no account at " + FIRST + " yet", "There is no account at " + CA + " yet");
    }
}
