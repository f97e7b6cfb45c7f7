package org.ringcert.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.ValidationRecord;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SerialNumber;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.HistoryEvent;
import org.ringcert.store.HistoryEvent.Hop;
import org.ringcert.store.HistoryEventType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

class HistoryRecorderTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final CertificateName NAME = CertificateName.first(SITE);
    private static final URI CA = URI.create("https://ca.example.org/directory");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.5Z");
    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    private static final Token STRANGE = new Token("a-token-of-a-stranger-0123456789");

    @TempDir
    private Path directory;

    private Store store;
    private HistoryRecorder recorder;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(directory, Clock.systemUTC());
        restart();
    }

    private void restart() {
        recorder = new HistoryRecorder(store.history(), InstantSource.fixed(NOW));
    }

    @Test
    void recordsTheHopsThatTheCaTells() throws StoreException {
        recorder.onEvent(NAME, new IssuanceEvent.ChallengeReady(SITE, TOKEN));
        recorder.onAnswer(request(TOKEN, "203.0.113.9"), new Answer.NotFound());
        recorder.onEvent(
                NAME,
                new IssuanceEvent.Validated(
                        SITE, List.of(new ValidationRecord("http://www.example.org/a", "192.0.2.1"))));
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(HistoryEventType.VALIDATED);
            assertThat(event.time()).isEqualTo("2026-11-24T12:00:00Z");
            assertThat(event.host()).contains(SITE);
            assertThat(event.hops()).containsExactly(new Hop("http://www.example.org/a", "192.0.2.1", ""));
        });
    }

    @Test
    void recordsTheRequestsThatThisNodeAnsweredIfTheCaTellsNothing() throws StoreException {
        recorder.onEvent(NAME, new IssuanceEvent.ChallengeReady(SITE, TOKEN));
        recorder.onAnswer(request(STRANGE, "203.0.113.66"), new Answer.NotFound());
        recorder.onAnswer(
                request(TOKEN, "203.0.113.9"),
                new Answer.Held(new KeyAuthorization(TOKEN, "x".repeat(43)), HandoffHint.NONE));
        recorder.onAnswer(request(TOKEN, "2001:db8::9"), new Answer.RedirectTo("http://web2.example.org/a"));
        recorder.onEvent(NAME, new IssuanceEvent.ValidationFailed(SITE, List.of(), "The CA says: no route"));
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(HistoryEventType.VALIDATION_FAILED);
            assertThat(event.text()).isEqualTo("The CA says: no route");
            assertThat(event.hops())
                    .containsExactly(
                            new Hop("", "203.0.113.9", "held"),
                            new Hop("", "2001:db8:0:0:0:0:0:9", "sent-to http://web2.example.org/a"));
        });
    }

    @Test
    void keepsTwentyRequestsForATokenAtMost() throws StoreException {
        recorder.onEvent(NAME, new IssuanceEvent.ChallengeReady(SITE, TOKEN));
        for (int i = 0; i < 100; i++) {
            recorder.onAnswer(request(TOKEN, "203.0.113.9"), new Answer.NotFound());
        }
        recorder.onEvent(NAME, new IssuanceEvent.Validated(SITE, List.of()));
        assertThat(events())
                .singleElement()
                .satisfies(event -> assertThat(event.hops()).hasSize(20));
    }

    @Test
    void recordsAnIssuanceFromOrderToDeployment() throws StoreException {
        CertificateVersion version = version();
        recorder.onEvent(NAME, new IssuanceEvent.Ordered(CA, URI.create("https://ca.example.org/order/1")));
        recorder.onEvent(NAME, new IssuanceEvent.Installed(version));
        recorder.onResult(new RenewalResult.Renewed(NAME, version, NOW, NOW));
        recorder.onResult(new RenewalResult.NotDue(NAME, NOW, NOW));
        recorder.onRevoked(version, RevocationReason.SUPERSEDED);
        assertThat(events())
                .extracting(HistoryEvent::type)
                .containsExactly(
                        HistoryEventType.ORDERED,
                        HistoryEventType.INSTALLED,
                        HistoryEventType.DEPLOYED,
                        HistoryEventType.REVOKED);
        assertThat(events().getFirst().ca()).contains(CA);
        assertThat(events().get(1).issued()).hasValueSatisfying(issued -> {
            assertThat(issued.serial()).isEqualTo(SerialNumber.of(version.leaf()));
            assertThat(issued.notAfter()).isEqualTo(version.notAfter());
        });
        assertThat(events().getLast().text()).isEqualTo("superseded");
    }

    @Test
    void recordsOnceWhatIsTheSameInEveryPass() throws StoreException {
        for (int pass = 0; pass < 5; pass++) {
            recorder.onResult(new RenewalResult.NotServed(NAME, "visitors get another", NOW.plusSeconds(pass)));
            if (pass == 2) {
                restart();
            }
        }
        recorder.onResult(new RenewalResult.NotServed(NAME, "the port is closed", NOW));
        recorder.onResult(new RenewalResult.NotDue(NAME, NOW, NOW));
        recorder.onResult(new RenewalResult.NotDue(NAME, NOW, NOW));
        assertThat(events())
                .extracting(HistoryEvent::type)
                .containsExactly(HistoryEventType.NOT_SERVED, HistoryEventType.NOT_SERVED, HistoryEventType.DEPLOYED);
    }

    @Test
    void recordsOnceThatAnOrderIsPostponed() throws StoreException {
        recorder.onResult(new RenewalResult.Postponed(NAME, "no route", NOW, NOW));
        recorder.onResult(new RenewalResult.Postponed(NAME, "no route", NOW.plusSeconds(9), NOW));
        assertThat(events()).extracting(HistoryEvent::type).containsExactly(HistoryEventType.POSTPONED);
    }

    @Test
    void recordsAFailureOnceAlthoughTheResultOfThePassRepeatsIt() throws StoreException {
        recorder.onEvent(NAME, new IssuanceEvent.Failed(CA, "The CA says: no route"));
        recorder.onResult(new RenewalResult.Failed(NAME, "At first.  The CA says: no route", NOW));
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.ca()).contains(CA);
            assertThat(event.text()).isEqualTo("The CA says: no route");
        });
        recorder.onEvent(NAME, new IssuanceEvent.Failed(CA, "The CA says: no route"));
        assertThat(events()).as("each attempt counts").hasSize(2);
        recorder.onResult(new RenewalResult.Failed(NAME, "the store is damaged", NOW));
        assertThat(events()).hasSize(3);
    }

    @Test
    void aStoreThatCannotBeWrittenDisturbsNothing() throws Exception {
        Files.writeString(directory.resolve("history"), "not a directory");
        recorder.onEvent(NAME, new IssuanceEvent.Failed(CA, "no"));
        recorder.onResult(new RenewalResult.NotServed(NAME, "no", NOW));
        Files.delete(directory.resolve("history"));
        recorder.onEvent(NAME, new IssuanceEvent.Failed(CA, "later"));
        assertThat(events()).extracting(HistoryEvent::text).containsExactly("later");
    }

    private List<HistoryEvent> events() throws StoreException {
        return store.history().read(SITE);
    }

    private CertificateVersion version() throws StoreException {
        try (Store.Lock _ = store.lock(SITE)) {
            return store.ensureSelfSigned(NAME, new Site(List.of(SITE)), KeyType.EC256, new SecureRandom());
        }
    }

    private static ChallengeRequest request(Token token, String source) {
        return new ChallengeRequest(token, new RemainingNodes.Unspecified(), InetAddress.ofLiteral(source), "");
    }
}
