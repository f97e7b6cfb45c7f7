package org.ringcert.event;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.ValidationRecord;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.pki.SerialNumber;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.HistoryEvent;
import org.ringcert.store.HistoryEvent.Hop;
import org.ringcert.store.HistoryEvent.Issued;
import org.ringcert.store.HistoryEventType;
import org.ringcert.store.HistoryStore;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens to each certificate to the history in the store. What is the same in every pass is written once,
 * also over restarts. A store that cannot be written never disturbs the work: the log says so once, and once more when
 * it can be written again.
 */
public final class HistoryRecorder implements NodeListener {

    private static final Logger log = LoggerFactory.getLogger("ringcert.history");

    private final HistoryStore history;
    private final InstantSource clock;
    private final SeenRequests requests = new SeenRequests();
    /** The latest event of each certificate, to recognize repetitions. */
    private final Map<CertificateName, Latest> latest = new ConcurrentHashMap<>();

    private final AtomicBoolean failing = new AtomicBoolean();

    private record Latest(Optional<HistoryEventType> type, String text) {

        static final Latest NONE = new Latest(Optional.empty(), "");

        boolean is(HistoryEventType other) {
            return type.filter(other::equals).isPresent();
        }
    }

    public HistoryRecorder(HistoryStore history, InstantSource clock) {
        this.history = history;
        this.clock = clock;
    }

    @Override
    public void onEvent(CertificateName name, IssuanceEvent event) {
        switch (event) {
            case IssuanceEvent.FallsBack(var directory, var _, var reason) ->
                record(name, HistoryEventType.FELL_BACK, Optional.of(directory), reason);
            case IssuanceEvent.UniqueNameLeftOut(var host, var reason) ->
                record(name, HistoryEventType.UNIQUE_NAME_LEFT_OUT, host, reason, List.of());
            case IssuanceEvent.Ordered(var directory, var order) ->
                record(name, HistoryEventType.ORDERED, Optional.of(directory), order.toString());
            case IssuanceEvent.ChallengeReady(var host, var token) -> requests.expect(host, token);
            case IssuanceEvent.Validated(var host, var records) ->
                record(name, HistoryEventType.VALIDATED, host, "", records);
            case IssuanceEvent.ValidationFailed(var host, var records, var reason) ->
                record(name, HistoryEventType.VALIDATION_FAILED, host, reason, records);
            case IssuanceEvent.Failed(var directory, var reason) ->
                record(name, HistoryEventType.FAILED, Optional.of(directory), reason);
            case IssuanceEvent.Installed(var version) -> record(version, HistoryEventType.INSTALLED, "");
            case IssuanceEvent.TestFailed(var problem, var _) ->
                record(name, HistoryEventType.TEST_FAILED, Optional.empty(), problem);
            // The log has these. They change nothing for the site.
            case IssuanceEvent.SwitchesCa _,
                    IssuanceEvent.LeavesCa _,
                    IssuanceEvent.ValidationDoubtful _,
                    IssuanceEvent.OrderedBeforeTurn _,
                    IssuanceEvent.NotAReplacement _,
                    IssuanceEvent.Resumed _,
                    IssuanceEvent.Abandoned _,
                    IssuanceEvent.KeyNotReused _,
                    IssuanceEvent.CanaryIsBad _,
                    IssuanceEvent.TestPassed _,
                    IssuanceEvent.NoChainToRoot _ -> {}
        }
    }

    @Override
    public void onRevoked(CertificateVersion version, RevocationReason reason) {
        record(version, HistoryEventType.REVOKED, reason.label());
    }

    @Override
    public void onAnswer(ChallengeRequest request, Answer answer) {
        requests.add(request, answer);
    }

    @Override
    public void onResult(RenewalResult result) {
        CertificateName name = result.name();
        switch (result) {
            case RenewalResult.Renewed _ -> recordChange(name, HistoryEventType.DEPLOYED, "");
            case RenewalResult.NotDue _ -> {
                if (isUndeployed(name)) {
                    recordChange(name, HistoryEventType.DEPLOYED, "");
                }
            }
            case RenewalResult.ImplausibleDates(var _, var _, var reason, var _) ->
                recordChange(name, HistoryEventType.IMPLAUSIBLE_DATES, reason);
            case RenewalResult.NotDeployed(var _, var reason, var _) ->
                recordChange(name, HistoryEventType.NOT_DEPLOYED, reason);
            case RenewalResult.NotServed(var _, var reason, var _) ->
                recordChange(name, HistoryEventType.NOT_SERVED, reason);
            case RenewalResult.Postponed(var _, var reason, var _, var _) ->
                recordChange(name, HistoryEventType.POSTPONED, reason);
            case RenewalResult.Failed(var _, var reason, var _) -> recordFailure(name, reason);
            case RenewalResult.ForcedRenewalFailed(var _, var reason, var _) -> recordFailure(name, reason);
            case RenewalResult.Waiting(var _, var wait) -> wait.causes().forEach(cause -> recordWait(name, cause));
            case RenewalResult.Busy _, RenewalResult.Interrupted _ -> {}
        }
    }

    private static String describe(FailedTest test) {
        return test.node() + ": " + test.reason();
    }

    private boolean isUndeployed(CertificateName name) {
        Latest known = latest(name);
        return known.is(HistoryEventType.NOT_DEPLOYED)
                || known.is(HistoryEventType.NOT_SERVED)
                || known.is(HistoryEventType.INSTALLED);
    }

    /** Records a failed pass, unless the failure of its order has been recorded: the reason of the pass contains it. */
    private void recordFailure(CertificateName name, String reason) {
        Latest known = latest(name);
        if (!known.is(HistoryEventType.FAILED) || !printable(reason).contains(known.text())) {
            record(name, HistoryEventType.FAILED, Optional.empty(), reason);
        }
    }

    /** Records a state, unless the latest event of the certificate says the same. */
    private void recordChange(CertificateName name, HistoryEventType type, String text) {
        Latest known = latest(name);
        if (!known.is(type) || !known.text().equals(printable(text))) {
            record(name, type, Optional.empty(), text);
        }
    }

    /** Records what has to be waited for if nothing else has recorded it. */
    private void recordWait(CertificateName name, RenewalWait.Cause cause) {
        switch (cause) {
            case RenewalWait.ForTest(var test) -> recordChange(name, HistoryEventType.TEST_FAILED, describe(test));
            case RenewalWait.ForTurn turn -> recordTurn(name, turn);
            case RenewalWait.AfterFailure _, RenewalWait.BetweenLooks _ -> {}
        }
    }

    /** Records that an order waits for its turn, once for each reason. */
    private void recordTurn(CertificateName name, RenewalWait.ForTurn wait) {
        Latest known = latest(name);
        if (!known.is(HistoryEventType.POSTPONED) || !known.text().endsWith(printable("because " + wait.reason()))) {
            record(
                    name,
                    HistoryEventType.POSTPONED,
                    wait.ca(),
                    "its turn is at " + wait.end() + ", because " + wait.reason());
        }
    }

    /** Returns the text as the history keeps it. */
    private static String printable(String text) {
        return PrintableText.of(text, HistoryEvent.MAX_TEXT);
    }

    private Latest latest(CertificateName name) {
        return latest.computeIfAbsent(name, this::stored);
    }

    private Latest stored(CertificateName name) {
        try {
            return history.read(name.site()).reversed().stream()
                    .filter(event -> event.certificate().equals(name))
                    .findFirst()
                    .map(event -> new Latest(Optional.of(event.type()), event.text()))
                    .orElse(Latest.NONE);
        } catch (StoreException e) {
            return Latest.NONE;
        }
    }

    private void record(CertificateName name, HistoryEventType type, Optional<URI> ca, String text) {
        append(new HistoryEvent(now(), name, type, ca, Optional.empty(), text, List.of(), Optional.empty()));
    }

    private void record(
            CertificateName name, HistoryEventType type, HostName host, String text, List<ValidationRecord> records) {
        List<Hop> seen = requests.take(host);
        List<Hop> hops = records.isEmpty()
                ? seen
                : records.stream()
                        .map(record -> new Hop(record.url(), record.address(), ""))
                        .toList();
        append(new HistoryEvent(now(), name, type, Optional.empty(), Optional.of(host), text, hops, Optional.empty()));
    }

    private void record(CertificateVersion version, HistoryEventType type, String text) {
        Optional<URI> ca = version.origin() instanceof Origin.IssuedByCa issued
                ? Optional.of(issued.directory())
                : Optional.empty();
        Issued issued = new Issued(
                SerialNumber.of(version.leaf()),
                version.leaf().getIssuerX500Principal().getName(),
                version.notAfter());
        append(new HistoryEvent(
                now(), version.name(), type, ca, Optional.empty(), text, List.of(), Optional.of(issued)));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private void append(HistoryEvent event) {
        latest.put(event.certificate(), new Latest(Optional.of(event.type()), event.text()));
        try {
            history.append(event);
            if (failing.getAndSet(false)) {
                log.info("the history is written again");
            }
        } catch (StoreException e) {
            if (!Thread.currentThread().isInterrupted() && !failing.getAndSet(true)) {
                log.warn("what happens is not written to the history, which changes nothing else: {}", e.getMessage());
            }
        }
    }

    /** The requests that this node answered for tokens of orders that are being validated. */
    private static final class SeenRequests {

        /** Far more than are validated at the same time. Bounds what orders that never end leave behind. */
        private static final int MAX_HOSTS = 4_096;

        private static final int MAX_REQUESTS = 20;

        private final Map<HostName, Token> tokens = new ConcurrentHashMap<>();
        private final Map<Token, List<Hop>> hops = new ConcurrentHashMap<>();

        void expect(HostName host, Token token) {
            if (tokens.size() < MAX_HOSTS) {
                Token previous = tokens.put(host, token);
                if (previous != null && !previous.equals(token)) {
                    hops.remove(previous);
                }
                hops.putIfAbsent(token, List.of());
            }
        }

        /** Never blocks: called on the front's event loop. Strangers' tokens are ignored. */
        void add(ChallengeRequest request, Answer answer) {
            if (!hops.isEmpty()) {
                hops.computeIfPresent(request.token(), (_, known) -> added(known, request, answer));
            }
        }

        private static List<Hop> added(List<Hop> known, ChallengeRequest request, Answer answer) {
            if (known.size() == MAX_REQUESTS) {
                return known;
            }
            List<Hop> longer = new ArrayList<>(known);
            longer.add(new Hop("", request.source().getHostAddress(), describe(answer)));
            return List.copyOf(longer);
        }

        private static String describe(Answer answer) {
            return switch (answer) {
                case Answer.Held _ -> "held";
                case Answer.Relayed _ -> "relayed";
                case Answer.RedirectTo(var location) -> "sent-to " + location;
                case Answer.NotFound() -> "unknown";
            };
        }

        /** Returns the requests for a name's token, the oldest first, and forgets them. */
        List<Hop> take(HostName host) {
            Token token = tokens.remove(host);
            List<Hop> seen = token == null ? null : hops.remove(token);
            return seen == null ? List.of() : seen;
        }
    }
}
