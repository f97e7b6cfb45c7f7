package org.ringcert.renew;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * Lets orders wait for their turn within the limits of a CA, and keeps the turns in the store. Safe for any number of
 * threads; the caller holds the site's lock.
 */
final class PendingTurns {

    /** How often it is decided again while a name cannot be validated: somebody may have mended that. */
    private static final Duration REDUCED_LOOK_INTERVAL = Duration.ofHours(1);

    private final Store store;
    private final OrderTurns turns;
    private final BiFunction<CertificateSpec, Source, CertificateSpec> orderable;
    private final FailureRecords failures;
    private final IssuanceListener listener;
    private final InstantSource clock;

    /**
     * What this process has decided. A turn that another one has stored is decided again, because the configuration may
     * have changed meanwhile.
     */
    private final Set<Decision> decided = ConcurrentHashMap.newKeySet();

    private record Decision(CertificateName name, URI directory) {}

    /**
     * @param orderable returns what an order for a certificate would be for now
     * @param failures records a refusal that cannot be saved
     */
    PendingTurns(
            Store store,
            OrderTurns turns,
            BiFunction<CertificateSpec, Source, CertificateSpec> orderable,
            FailureRecords failures,
            IssuanceListener listener,
            InstantSource clock) {
        this.store = store;
        this.turns = turns;
        this.orderable = orderable;
        this.failures = failures;
        this.listener = listener;
        this.clock = clock;
    }

    /**
     * Returns the progress by which a pass decides: without turns that are to be decided again.
     *
     * @param asked the directories of the CAs that have been considered already in this attempt
     */
    Progress current(CertificateSpec spec, RenewalMode mode, Set<URI> asked) throws StoreException {
        Progress progress = store.progress(spec.name());
        for (AuthorityProgress atCa : progress.authorities()) {
            if (atCa.turn().isPresent() && isStale(spec, atCa, mode, asked)) {
                progress = progress.with(atCa.withTurn(Optional.empty()));
            }
        }
        return progress;
    }

    private boolean isStale(CertificateSpec spec, AuthorityProgress atCa, RenewalMode mode, Set<URI> asked) {
        PendingTurn turn = atCa.turn().orElseThrow();
        if (turn.cause() == PendingTurn.Cause.REFUSAL || asked.contains(atCa.directory())) {
            return false;
        }
        // A command cannot wait for the time at which it is decided again.
        return mode.isOfCommand() || !decided.contains(new Decision(spec.name(), atCa.directory()));
    }

    /** Decides whether an order has to wait, and saves that. A person who asks for it all the same is warned. */
    boolean hasToWait(
            CertificateSpec spec, Source source, CertificateVersion current, RenewalSchedule schedule, RenewalMode mode)
            throws StoreException {
        Optional<PendingTurn> turn = decide(spec, source, current, schedule);
        if (mode == RenewalMode.FORCE) {
            turn.ifPresent(pending -> listener.onEvent(
                    spec.name(),
                    new IssuanceEvent.OrderedBeforeTurn(source.directory(), pending.at(), pending.reason())));
            return false;
        }
        save(spec, source, turn);
        return turn.isPresent();
    }

    /**
     * Returns the turn for which an order has to wait; empty if it may be made now. An order that is pending at the CA
     * has been counted already, and a renewal in the window that the CA suggests is exempt from its limits (RFC 9773,
     * section 5).
     */
    private Optional<PendingTurn> decide(
            CertificateSpec spec, Source source, CertificateVersion current, RenewalSchedule schedule)
            throws StoreException {
        Instant now = clock.instant();
        Optional<URI> account = store.accounts().find(source.directory()).flatMap(StoredAccount::url);
        if (hasPendingOrder(spec, source) || TurnDecision.isExempt(spec, source, current, account, schedule, now)) {
            return Optional.empty();
        }
        CertificateSpec ordered = orderable.apply(spec, source);
        return turns.pendingTurn(ordered, source, now)
                .filter(turn -> turn.at().isAfter(now))
                .map(turn -> TurnDecision.planned(spec, turn, now))
                .map(turn -> ordered.equals(spec) ? turn : turn.decidedBy(now.plus(REDUCED_LOOK_INTERVAL)));
    }

    private void save(CertificateSpec spec, Source source, Optional<PendingTurn> turn) throws StoreException {
        decided.add(new Decision(spec.name(), source.directory()));
        Progress progress = store.progress(spec.name());
        AuthorityProgress atCa = progress.at(source.directory());
        if (!atCa.turn().equals(turn)) {
            store.saveProgress(spec.name(), progress.with(atCa.withTurn(turn)));
        }
    }

    private boolean hasPendingOrder(CertificateSpec spec, Source source) throws StoreException {
        return store.progress(spec.name())
                .at(source.directory())
                .order()
                .filter(order -> isForNames(new HashSet<>(order.names()), spec)
                        && order.profile().equals(source.profile())
                        && order.keyType() == source.keyType())
                .isPresent();
    }

    /** An order without the unique name goes on as well. */
    private static boolean isForNames(Set<HostName> names, CertificateSpec spec) {
        return names.equals(Set.copyOf(spec.names()))
                || names.equals(Set.copyOf(spec.site().names()));
    }

    /**
     * Records that the CA has refused an order. If the order was not due, that delays no other order of this
     * certificate by itself.
     */
    RenewalResult refused(CertificateSpec spec, Source source, Due due, IssuanceOutcome.Refused refusal)
            throws StoreException {
        PendingTurn turn = note(spec, source, refusal, clock.instant());
        if (due instanceof Due.Later(Instant at)) {
            return new RenewalResult.ForcedRenewalFailed(spec.name(), refusal.reason(), at);
        }
        try {
            save(spec, source, Optional.of(turn));
        } catch (StoreException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return failures.unsaved(spec.name(), refusal, e);
        }
        failures.forgetUnsaved(spec.name());
        return new RenewalResult.Waiting(spec.name(), RenewalWait.until(turn));
    }

    private PendingTurn note(CertificateSpec spec, Source source, IssuanceOutcome.Refused refusal, Instant now) {
        PendingTurn turn = TurnDecision.refused(spec, refusal, now);
        turns.onRefusal(orderable.apply(spec, source), source, refusal.subject(), now, turn.at(), refusal.reason());
        return turn;
    }
}
