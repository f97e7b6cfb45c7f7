package org.ringcert.view.visitor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.ringcert.cluster.Node;
import org.ringcert.pki.KeyAlgorithm;

/**
 * Keeps a {@link Sight} recent. Looks at:
 *
 * <ul>
 *   <li>this node's own server, for sites that somebody has asked about in the last five minutes: so often that a
 *       question never meets a look that is older than {@link Sight#MAX_OWN_AGE}, unless a look takes seconds;
 *   <li>this node's own server, for other sites: every ten minutes, and every minute while visitors see an error or an
 *       older certificate than the one on disk;
 *   <li>the peers' port 80: every ten minutes, and every minute while one is silent;
 *   <li>the certificates of the peers, in turn: every ten minutes.
 * </ul>
 *
 * <p>While somebody watches, everything is looked at in turn, each target every ten seconds at most. However many
 * targets there are, the peers get {@value #PEER_LOOKS_PER_SECOND} handshakes or questions a second at most, all
 * together. So with 50 servers and 1,000 sites, a round takes three hours.
 */
public final class SightLoop {

    static final int PEER_LOOKS_PER_SECOND = 5;

    private static final Duration PEER_PAUSE = Duration.ofMillis(1_000 / PEER_LOOKS_PER_SECOND);
    private static final Duration ROUND = Duration.ofMinutes(10);
    private static final Duration ROUND_WITH_FLAW = Duration.ofMinutes(1);
    private static final Duration ROUND_WHILE_WATCHED = Duration.ofSeconds(10);

    /** Two seconds before it would be too old. A handshake on one machine takes milliseconds. */
    private static final Duration ROUND_WHILE_ASKED = Sight.MAX_OWN_AGE.minusSeconds(2);

    /** Between two looks at the own server for sites that nobody asks about, so that a start is no burst. */
    private static final Duration OWN_PAUSE = Duration.ofMillis(50);

    private static final int MAX_ACTIVE_OWN = 16;

    /** How soon the loop notices that somebody asks or watches. */
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final Sight sight;
    private final InstantSource clock;
    private Instant nextPeerLook = Instant.MIN;
    private Instant nextOwnLook = Instant.MIN;
    private int peerIndex;

    public SightLoop(Sight sight, InstantSource clock) {
        this.sight = sight;
        this.clock = clock;
    }

    /** Looks until {@code stop} is counted down or the thread is interrupted. */
    public void run(CountDownLatch stop) {
        try {
            Duration pause = Duration.ZERO;
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Starts the looks that are due now. Does not wait for them.
     *
     * @return how long until the next one may be due
     */
    Duration step() {
        Instant now = clock.instant();
        startOwn(now);
        boolean isPeerDue = startPeer(now);
        Duration pause = isPeerDue ? Duration.between(now, nextPeerLook) : MAX_PAUSE;
        Duration ownPause = Duration.between(now, nextOwnLook);
        if (ownPause.isPositive() && ownPause.compareTo(pause) < 0) {
            return ownPause;
        }
        return pause;
    }

    private void startOwn(Instant now) {
        List<VisitorTarget> own = sight.targets().own();
        boolean isAnythingAsked = sight.isAnythingAsked();
        Duration round = sight.isWatched() ? roundWhileWatched(own.size()) : ROUND;
        boolean isAllowed = isReached(nextOwnLook, now, OWN_PAUSE);
        long free = MAX_ACTIVE_OWN - own.stream().filter(sight::isActive).count();
        for (VisitorTarget target : own) {
            if (free <= 0) {
                return;
            }
            if (sight.isActive(target)) {
                continue;
            }
            if (isAnythingAsked && sight.isAsked(target.site().name()) && isDue(target, ROUND_WHILE_ASKED)) {
                sight.refresh(target);
                free--;
            } else if (isAllowed && isDue(target, isWorthALook(target) ? min(round, ROUND_WITH_FLAW) : round)) {
                sight.refresh(target);
                free--;
                isAllowed = false;
                nextOwnLook = now.plus(OWN_PAUSE);
            }
        }
    }

    private static Duration roundWhileWatched(int targets) {
        Duration round = PEER_PAUSE.multipliedBy(targets);
        return round.compareTo(ROUND_WHILE_WATCHED) < 0 ? ROUND_WHILE_WATCHED : round;
    }

    /** Returns whether what was seen may be over soon: a web server takes a moment to load a new certificate. */
    private boolean isWorthALook(VisitorTarget target) {
        return sight.latest(target).stream()
                .flatMap(cell -> cell.flaws().stream())
                .anyMatch(flaw ->
                        flaw.severity() == Flaw.Severity.FAILURE || flaw.kind() == Flaw.Kind.OLDER_THAN_ON_DISK);
    }

    /** Starts the next look at a peer, if one is due. Returns whether one was due. */
    private boolean startPeer(Instant now) {
        if (!isReached(nextPeerLook, now, Duration.ofSeconds(1))) {
            return true;
        }
        Optional<Node> silent = duePeer();
        if (silent.isPresent()) {
            sight.startAsking(silent.get());
            nextPeerLook = now.plus(PEER_PAUSE);
            return true;
        }
        Optional<VisitorTarget> target = dueTarget();
        target.ifPresent(due -> {
            sight.refresh(due);
            nextPeerLook = now.plus(PEER_PAUSE.multipliedBy(handshakes(due)));
        });
        return target.isPresent();
    }

    private Optional<Node> duePeer() {
        return sight.peers().stream()
                .filter(seen -> !sight.isActive(seen.peer()))
                .filter(seen -> seen.asked()
                        .map(asked -> sight.isOlder(asked, roundOf(seen)))
                        .orElse(true))
                .map(PeerSight::peer)
                .findFirst();
    }

    private Duration roundOf(PeerSight seen) {
        if (sight.isWatched()) {
            return roundWhileWatched(sight.targets().peers().size());
        }
        return seen.silentSince().isPresent() ? ROUND_WITH_FLAW : ROUND;
    }

    /** Returns the next certificate that is due, and begins behind it next time. */
    private Optional<VisitorTarget> dueTarget() {
        List<VisitorTarget> targets = sight.targets().ofPeers();
        Duration round = sight.isWatched() ? ROUND_WHILE_WATCHED : ROUND;
        for (int i = 0; i < targets.size(); i++) {
            int index = (peerIndex + i) % targets.size();
            VisitorTarget target = targets.get(index);
            if (!sight.isActive(target) && isDue(target, round)) {
                peerIndex = index + 1;
                return Optional.of(target);
            }
        }
        return Optional.empty();
    }

    /** For RSA alone, a second handshake may be necessary. */
    private static int handshakes(VisitorTarget target) {
        return target.kind().filter(KeyAlgorithm.RSA::equals).isPresent() ? 2 : 1;
    }

    private boolean isDue(VisitorTarget target, Duration round) {
        return sight.latest(target)
                .map(cell -> sight.isOlder(cell.seen(), round))
                .orElse(true);
    }

    /** Returns whether a moment has come. One that is further away was computed before the clock was corrected. */
    private static boolean isReached(Instant moment, Instant now, Duration maxWait) {
        return !moment.isAfter(now) || moment.isAfter(now.plus(maxWait));
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
