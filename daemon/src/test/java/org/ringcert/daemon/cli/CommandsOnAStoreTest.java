package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.RecordedLog;
import org.ringcert.pki.SerialNumber;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingRollout;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The exit status and output of {@code status} and {@code renew}, by what the store contains. */
class CommandsOnAStoreTest extends CommandLineFixture {

    @Test
    void anUnusableStoreExitsWith1AndIsNamed() throws Exception {
        Files.writeString(folder.resolve("store"), "a file");

        for (String command : List.of("renew", "status")) {
            CommandRun result = onNode(command);
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.err())
                    .contains(folder.resolve("store").toString())
                    .doesNotContain("defect", "bug in Ringcert");
        }
    }

    @Test
    void statusOfAnEmptyStoreSaysWhatToDo() {
        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("web0.example.org", "no certificate yet", "ringcert renew")
                .doesNotContain("in the configuration");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("node").asString()).isEqualTo("web0.example.org");
        assertThat(json.path("sites")).hasSize(2);
        assertThat(json.path("sites").path(0).path("good").asBoolean()).isFalse();
        assertThat(json.path("sites").path(0).has("issuer")).isFalse();
        assertThat(json.path("sites").path(0).path("troubles")).hasSize(1);
        assertThat(json.path("notConfigured")).isEmpty();
    }

    @Test
    void goodCertificatesAreGoodInTextAndJson() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        var www = install(store, WWW, now, Duration.ofDays(90));
        install(store, SHOP, now, Duration.ofDays(90));

        CommandRun text = onNode("status");
        assertThat(text.status()).isZero();
        assertThat(text.out())
                .contains("www.example.org", "shop.example.org", "good", "89")
                .doesNotContain("SEE BELOW");
        CommandRun result = onNode("status", "--json");
        assertThat(result.status()).isZero();
        JsonNode json = JsonMapper.shared().readTree(result.out()).path("sites").path(0);
        assertThat(json.path("site").asString()).isEqualTo("www.example.org");
        assertThat(json.path("names").path(0).asString()).isEqualTo("www.example.org");
        assertThat(json.path("good").asBoolean()).isTrue();
        assertThat(json.path("serial").asString()).isEqualTo(SerialNumber.of(www.leaf()));
        assertThat(Instant.parse(json.path("notAfter").asString())).isEqualTo(www.notAfter());
        assertThat(Instant.parse(json.path("nextRenewal").asString()))
                .isEqualTo(www.notAfter().minus(Duration.ofDays(30)));
        assertThat(json.path("directory").asString()).isEqualTo(www.directory().toString());
        assertThat(json.path("troubles")).isEmpty();
    }

    @Test
    void problemsExitWith1AndShowTheReason() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        install(store, WWW, now.minus(Duration.ofDays(91)), Duration.ofDays(90));
        store.saveProgress(
                CertificateName.first(WWW),
                Progress.NONE.with(Progress.NONE
                        .at(CA)
                        .withFailure(new Progress.Failure(
                                3, now, now.plus(Duration.ofMinutes(100)), "The CA says: no route"))));
        install(store, SHOP, now, Duration.ofDays(90));
        store.saveProgress(
                CertificateName.first(SHOP),
                Progress.NONE.withRollout(new PendingRollout.Undeployed(new Progress.PendingTask(
                        2, now, now.plus(Duration.ofMinutes(10)), "status 3. apache2 is ill"))));

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("www.example.org: failed 3 times in a row", "The CA says: no route")
                .contains("www.example.org: its certificate has expired")
                .contains(
                        "shop.example.org: its new certificate is installed but could not be deployed",
                        "apache2 is ill");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("sites").path(0).path("troubles")).hasSize(2);
        assertThat(json.path("sites").path(1).path("good").asBoolean()).isFalse();
    }

    @Test
    void aDamagedCertificateIsReportedAndTheOtherSitesAreShown() throws Exception {
        Store store = store();
        var www = install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        Files.writeString(www.directory().resolve("fullchain.pem"), "no PEM");

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("fullchain.pem", "shop.example.org", "good");
    }

    @Test
    void damagedProgressIsReportedAndTheOtherSitesAreShown() throws Exception {
        Store store = store();
        install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        Files.writeString(folder.resolve("store/orders/www.example.org.json"), "{");

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("www.example.org.json", "shop.example.org", "good");
    }

    @Test
    void aSiteRemovedFromTheFileIsListedAndIsNoProblem() throws Exception {
        Store store = store();
        install(store, WWW, Instant.now(), Duration.ofDays(90));
        install(store, SHOP, Instant.now(), Duration.ofDays(90));
        install(store, new HostName("old.example.org"), Instant.now(), Duration.ofDays(90));

        CommandRun result = onNode("status");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("No longer in the configuration", "old.example.org");
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("notConfigured").path(0).asString()).isEqualTo("old.example.org");
    }

    @Test
    void statusSaysThatACertificateMayHaveBeenRevoked() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        Instant past = now.minus(Duration.ofMinutes(30));
        var version = install(store, WWW, now.minus(Duration.ofDays(1)), Duration.ofDays(90));
        store.saveRenewalSchedule(
                version,
                new RenewalSchedule(
                        Optional.of(new RenewalSchedule.Suggestion(
                                past.minus(Duration.ofMinutes(30)), past, Optional.empty(), past)),
                        now.plus(Duration.ofHours(6)),
                        0));

        CommandRun result = onNode("status");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("www.example.org: the CA says", past + ", earlier", "revoked");
    }

    @Test
    void aDryRunSaysWhatWouldBeOrderedAndWhyAndConnectsToNobody() throws Exception {
        Store store = store();
        Instant now = Instant.now();
        install(store, WWW, now, Duration.ofDays(90));

        CommandRun result = onNode("renew", "--dry-run");
        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains("www.example.org: not due until")
                .contains("shop.example.org: would be ordered from 127.0.0.1:1: there is no certificate yet");
        assertThat(onNode("renew", "--dry-run", "--force", "www.example.org").out())
                .contains("www.example.org: would be ordered from 127.0.0.1:1, though not due until")
                .doesNotContain("shop");

        Instant next = now.plus(Duration.ofMinutes(10));
        store.saveProgress(
                CertificateName.first(SHOP),
                Progress.NONE.with(Progress.NONE.at(CA).withFailure(new Progress.Failure(2, now, next, "no route"))));
        assertThat(onNode("renew", "--dry-run").out())
                .contains(
                        "shop.example.org: would be ordered from 127.0.0.1:1, but has to wait: there is no certificate yet."
                                + " It failed 2 times in a row, last at ",
                        "next try after " + next.truncatedTo(ChronoUnit.SECONDS));
        assertThat(store.storedCertificates()).containsExactly(CertificateName.first(WWW));
        assertThat(store.accounts().find(CA)).isEmpty();
    }

    @Test
    void anUnreachableCaExitsWith1AndTheOldCertificateStays() throws Exception {
        var previous = install(store(), WWW, Instant.now().minus(Duration.ofDays(80)), Duration.ofDays(90));

        CommandRun result = onNode("renew");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("www.example.org: failed", "shop.example.org: failed", "127.0.0.1");
        assertThat(store().current(CertificateName.first(WWW)).orElseThrow().leaf())
                .isEqualTo(previous.leaf());
        CommandRun again = onNode("renew");
        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).contains("failed once, last at ", "next try after ", "--force");
    }

    @Test
    void prepareMakesWhatAWebServerNeedsEvenWithoutTheCa() throws Exception {
        var www = install(store(), WWW, Instant.now(), Duration.ofDays(90));

        CommandRun result = onNode("renew", "--prepare");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("www.example.org: has a certificate, valid until " + www.notAfter())
                .contains("shop.example.org: has a self-signed certificate")
                .contains("There is no account at " + CA + " yet.", "127.0.0.1");
        assertThat(store().current(CertificateName.first(WWW)).orElseThrow().leaf())
                .isEqualTo(www.leaf());
        assertThat(store().current(CertificateName.first(SHOP)).orElseThrow().origin())
                .isInstanceOf(Origin.SelfSigned.class);
        assertThat(store().progress(CertificateName.first(SHOP))).isEqualTo(Progress.NONE);
        assertThat(onNode("renew", "--prepare", "--force").status()).isEqualTo(2);
        assertThat(onNode("renew", "--prepare", "--dry-run").err()).contains("--prepare orders nothing");
    }

    @Test
    void aFailedRegistrationIsNotLoggedIfTheResultSaysSo() throws Exception {
        try (RecordedLog log = new RecordedLog("ringcert.certificate")) {
            assertThat(onNode("renew").out()).contains("www.example.org: failed", "no connection to 127.0.0.1");
            assertThat(onNode("renew", "--prepare").out()).contains("There is no account at " + CA + " yet. ");
            assertThat(onNode("status").out())
                    .containsOnlyOnce("no connection to 127.0.0.1")
                    .contains("www.example.org, shop.example.org: failed once, last at ");
            assertThat(log.messages()).noneMatch(message -> message.contains("could not make an account"));
        }
    }

    @Test
    void prepareSkipsALockedSite() throws Exception {
        try (Store.Lock _ = store().tryLock(SHOP).orElseThrow()) {
            assertThat(onNode("renew", "--prepare").out()).contains("shop.example.org: skipped");
        }
    }
}
