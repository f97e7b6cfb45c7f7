package org.ringcert.daemon.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Topic;

/**
 * The clock of this server, compared with those of the CAs and of the peers, to within a few seconds. A CA may refuse
 * what has the wrong time, and certificates are renewed too early or too late.
 */
final class ClockCheck implements Check {

    private static final String SUBJECT = "clock";
    private static final Duration TOLERATED = Duration.ofMinutes(1);
    private static final Duration FATAL = Duration.ofHours(1);
    private static final String REMEDY = "Let the time be synchronized (`timedatectl` shows whether it is).";

    private final PendingResult<List<DirectoryState>> cas;
    private final PendingResult<Map<Node, PeerState>> peers;

    ClockCheck(PendingResult<List<DirectoryState>> cas, PendingResult<Map<Node, PeerState>> peers) {
        this.cas = cas;
        this.peers = peers;
    }

    /** @param offset how far the other clock is ahead of this server's */
    private record Source(String name, Duration offset) {}

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        List<Source> caClocks = caClocks();
        List<Source> peerClocks = peerClocks();
        List<CheckFinding> findings = new ArrayList<>();
        if (!caClocks.isEmpty()) {
            findings.add(judge(caClocks.getFirst()));
        } else if (!peerClocks.isEmpty()) {
            findings.add(byPeers(peerClocks));
        } else {
            findings.add(CheckFinding.warning(
                    Topic.CLOCK,
                    SUBJECT,
                    "there is nothing to compare the clock with: neither a CA nor a peer has sent its time",
                    REMEDY));
        }
        Optional<Duration> reference = caClocks.stream().map(Source::offset).findFirst();
        for (Source peer : peerClocks) {
            Duration difference = peer.offset().minus(reference.orElse(Duration.ZERO));
            if (reference.isPresent() && isMoreThan(TOLERATED, difference)) {
                findings.add(CheckFinding.warning(
                        Topic.CLOCK,
                        peer.name(),
                        "its clock is " + relative(difference),
                        "On " + peer.name() + ": " + REMEDY));
            }
        }
        return findings;
    }

    /** The nearest peer decides: it is more likely that one peer's clock is wrong than that two are wrong alike. */
    private static CheckFinding byPeers(List<Source> peers) {
        Source nearest = peers.stream()
                .min((a, b) -> a.offset().abs().compareTo(b.offset().abs()))
                .orElseThrow();
        return judge(nearest);
    }

    private static CheckFinding judge(Source source) {
        Duration offset = source.offset();
        if (!isMoreThan(TOLERATED, offset)) {
            return CheckFinding.ok(Topic.CLOCK, SUBJECT, "agrees with that of " + source.name());
        }
        String text =
                "this server's clock is " + relative(offset.negated()) + ", compared with that of " + source.name();
        return isMoreThan(FATAL, offset)
                ? CheckFinding.failure(Topic.CLOCK, SUBJECT, text, REMEDY)
                : CheckFinding.warning(Topic.CLOCK, SUBJECT, text, REMEDY);
    }

    private static boolean isMoreThan(Duration limit, Duration offset) {
        return offset.abs().compareTo(limit) > 0;
    }

    private static String relative(Duration ahead) {
        return Shown.duration(ahead) + (ahead.isNegative() ? " behind" : " ahead");
    }

    private List<Source> caClocks() throws InterruptedException {
        List<Source> clocks = new ArrayList<>();
        for (DirectoryState state : cas.await()) {
            if (state instanceof DirectoryState.Reached(var ca, var information, var _)) {
                information.clockOffset().ifPresent(offset -> clocks.add(new Source(ca.label(), offset)));
            }
        }
        return clocks;
    }

    private List<Source> peerClocks() throws InterruptedException {
        List<Source> clocks = new ArrayList<>();
        peers.await().forEach((peer, state) -> {
            if (state instanceof PeerState.Up(var offset)) {
                offset.ifPresent(ahead -> clocks.add(new Source(peer.name().value(), ahead)));
            }
        });
        return clocks;
    }
}
