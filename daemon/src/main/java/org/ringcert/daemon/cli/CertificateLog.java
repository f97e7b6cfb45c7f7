package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.ChainMessages;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.event.NodeListener;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Logs the steps of each issuance and the result of each renewal. A result that is the same in every pass is logged
 * once. Safe for any number of threads.
 */
final class CertificateLog implements NodeListener {

    private static final Logger log = LoggerFactory.getLogger("ringcert.certificate");

    /** The part of a pass that a result is about. A pass has up to one result of each for a certificate. */
    private enum Phase {
        ORDER,
        DEPLOYMENT;

        static Phase of(RenewalResult result) {
            return result instanceof RenewalResult.NotDeployed || result instanceof RenewalResult.NotServed
                    ? DEPLOYMENT
                    : ORDER;
        }
    }

    private record CertificatePhase(CertificateName certificate, Phase phase) {}

    private volatile CaNames names;
    private volatile RenewalMessages messages;
    private final Map<CertificatePhase, RenewalResult> lastResults = new ConcurrentHashMap<>();
    private final Map<URI, AccountEvent> lastAccountEvents = new ConcurrentHashMap<>();

    /** @param names the names of CAs */
    CertificateLog(CaNames names) {
        this.names = names;
        this.messages = RenewalMessages.ofDaemon(names);
    }

    /** Uses these names of CAs from now on. */
    void renameCas(CaNames next) {
        names = next;
        messages = RenewalMessages.ofDaemon(next);
    }

    @Override
    public void onEvent(CertificateName certificate, IssuanceEvent event) {
        switch (event) {
            case IssuanceEvent.FallsBack(var directory, var unavailable, var reason) ->
                log.warn(
                        "{}: falls back to {}, because {} {}",
                        certificate,
                        names.of(directory),
                        names.of(unavailable),
                        reason);
            case IssuanceEvent.SwitchesCa(var directory, var previous) ->
                log.info(
                        "{}: is ordered from {}, which comes first in the configuration; the current certificate is from {}",
                        certificate,
                        names.of(directory),
                        names.of(previous));
            case IssuanceEvent.LeavesCa(var directory, var previous) ->
                log.info(
                        "{}: is ordered from {}, because {} is no longer in the configuration",
                        certificate,
                        names.of(directory),
                        names.of(previous));
            case IssuanceEvent.UniqueNameLeftOut(var uniqueName, var reason) ->
                log.warn(
                        "{}: is ordered without {}, so the CA counts it with those of other servers; a later renewal adds the name: {}",
                        certificate,
                        uniqueName,
                        reason);
            case IssuanceEvent.ValidationDoubtful(var warning) -> log.warn("{}: {}", certificate, warning);
            case IssuanceEvent.OrderedBeforeTurn(var directory, var at, var reason) ->
                log.warn(
                        "{}: is ordered before its turn, as requested, and so {} may refuse it, or an order of another"
                                + " server; its turn is at {}, because {}",
                        certificate,
                        names.of(directory),
                        at,
                        reason);
            case IssuanceEvent.Ordered(var _, var order) -> log.info("{}: ordered, {}", certificate, order);
            case IssuanceEvent.NotAReplacement(var order, var reason) ->
                log.warn(
                        "{}: the CA takes order {} for a new certificate, not for a renewal, so the order counts towards its limits: {}",
                        certificate,
                        order,
                        reason);
            case IssuanceEvent.Resumed(var order) -> log.info("{}: resumes order {}", certificate, order);
            case IssuanceEvent.Abandoned(var order, var reason) ->
                log.info("{}: gives up order {}: {}", certificate, order, reason);
            case IssuanceEvent.ChallengeReady(var name, var token) ->
                log.info("{}: answers for {} token={}", certificate, name, token);
            case IssuanceEvent.Validated(var name, var _) -> log.info("{}: {} is validated", certificate, name);
            case IssuanceEvent.ValidationFailed _, IssuanceEvent.Failed _ -> {
                // The result of the pass says the same.
            }
            case IssuanceEvent.KeyNotReused(var reason) ->
                log.warn("{}: gets a new key instead of the current one: {}", certificate, reason);
            case IssuanceEvent.NoChainToRoot(var root, var offered, var errors) -> {
                errors.forEach(error -> log.warn("{}: an alternate chain cannot be used: {}", certificate, error));
                log.warn(
                        "{}: is installed with the CA's default chain: {}",
                        certificate,
                        ChainMessages.missing(root, offered));
            }
            case IssuanceEvent.CanaryIsBad(var canary, var problem, var cause) ->
                log.warn(
                        "{}: is ordered because {}, although {}, which renews first, has a new certificate that clients would refuse: {}",
                        certificate,
                        cause,
                        canary,
                        problem);
            case IssuanceEvent.TestPassed() ->
                log.info("{}: clients accept its own new certificate, so it is installed", certificate);
            case IssuanceEvent.TestFailed(var problem, var cause) ->
                log.warn(
                        "{}: clients would refuse its new certificate, which is installed because {}: {}",
                        certificate,
                        cause,
                        problem);
            case IssuanceEvent.Installed(var version) ->
                log.info(
                        "{}: installed a new certificate{}, valid until {}, in {}",
                        certificate,
                        issuer(version),
                        version.notAfter(),
                        version.directory());
        }
    }

    private String issuer(CertificateVersion version) {
        return version.origin() instanceof Origin.IssuedByCa issued ? " from " + names.of(issued.directory()) : "";
    }

    @Override
    public void onAccountEvent(URI directory, AccountEvent event) {
        boolean isRepeated = event.equals(lastAccountEvents.put(directory, event));
        // Each roll-over ends once, so an equal event is about another one.
        if (isRepeated && !(event instanceof AccountEvent.RollOverEnded)) {
            return;
        }
        String ca = names.of(directory);
        switch (event) {
            case AccountEvent.Registered(var account, var replaced) ->
                replaced.ifPresentOrElse(
                        lost -> log.warn(
                                "{} no longer knows account {}, so Ringcert made an account there again: {}",
                                ca,
                                lost,
                                account),
                        () -> log.info("made an account at {}: {}", ca, account));
            case AccountEvent.ContactRefused(var reason) ->
                log.warn("made the account at {} without a contact, because the CA refused it: {}", ca, reason);
            case AccountEvent.RegistrationFailed(var reason) ->
                log.error("could not make an account at {}, and orders nothing there without one: {}", ca, reason);
            case AccountEvent.Deactivated(var reason) -> log.warn("{}", reason);
            case AccountEvent.RollOverEnded ended -> log.warn("{}", ended.describe(ca));
        }
    }

    /** Logs what a pass did for a certificate, unless the log already says so. */
    @Override
    public void onResult(RenewalResult result) {
        RenewalResult previous = lastResults.put(new CertificatePhase(result.name(), Phase.of(result)), result);
        if (!result.equals(previous) && !repeats(result, previous)) {
            log.atLevel(level(result)).log("{}: {}", result.name(), messages.of(result));
        }
    }

    private static boolean repeats(RenewalResult result, @Nullable RenewalResult previous) {
        return switch (result) {
            case RenewalResult.Busy _ -> previous instanceof RenewalResult.Busy;
            case RenewalResult.Waiting waiting ->
                switch (previous) {
                    case RenewalResult.Failed failed ->
                        failed.next().equals(waiting.next()) && mentionsCause(failed.reason(), waiting);
                    case RenewalResult.Postponed postponed -> mentionsCause(postponed.reason(), waiting);
                    case RenewalResult.Waiting earlier ->
                        isForSameTest(waiting, earlier) || isSameTurn(waiting, earlier);
                    case null, default -> false;
                };
            // The time of the next look is not news.
            case RenewalResult.Postponed postponed ->
                switch (previous) {
                    case RenewalResult.Postponed earlier ->
                        earlier.reason().equals(postponed.reason())
                                && earlier.orderAt().equals(postponed.orderAt());
                    case RenewalResult.Waiting waiting -> mentionsCause(postponed.reason(), waiting);
                    case null, default -> false;
                };
            default -> false;
        };
    }

    /** When a turn is decided again is not news. */
    private static boolean isSameTurn(RenewalResult.Waiting one, RenewalResult.Waiting other) {
        List<RenewalWait.Cause> causes = one.pendingWait().causes();
        List<RenewalWait.Cause> others = other.pendingWait().causes();
        return causes.size() == others.size()
                && IntStream.range(0, causes.size())
                        .allMatch(index -> causes.get(index) instanceof RenewalWait.ForTurn turn
                                ? turn.isSame(others.get(index))
                                : causes.get(index).equals(others.get(index)));
    }

    private static boolean mentionsCause(String text, RenewalResult.Waiting waiting) {
        return waiting.pendingWait().causes().stream().anyMatch(cause -> text.contains(cause.reason()));
    }

    /** The time of the next test is not news. */
    private static boolean isForSameTest(RenewalResult.Waiting waiting, RenewalResult.Waiting earlier) {
        return waiting.pendingWait().causes().getFirst() instanceof RenewalWait.ForTest(FailedTest test)
                && earlier.pendingWait().causes().getFirst() instanceof RenewalWait.ForTest(FailedTest previous)
                && test.node().equals(previous.node())
                && test.consequence() == previous.consequence()
                && test.reason().equals(previous.reason());
    }

    private static Level level(RenewalResult result) {
        return switch (result) {
            case RenewalResult.Renewed _, RenewalResult.NotDue _ -> Level.INFO;
            case RenewalResult.Busy _, RenewalResult.Interrupted _ -> Level.INFO;
            case RenewalResult.Waiting(var _, var wait) -> wait.isPlanned() ? Level.INFO : Level.WARN;
            case RenewalResult.ImplausibleDates _, RenewalResult.NotServed _, RenewalResult.Postponed _ -> Level.WARN;
            case RenewalResult.NotDeployed _, RenewalResult.Failed _, RenewalResult.ForcedRenewalFailed _ ->
                Level.ERROR;
        };
    }
}
