package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.Turn;
import org.ringcert.renew.TurnDecision;
import org.ringcert.simulate.Scenario.RenewalInfoSupport;
import org.ringcert.store.CertificateName;
import org.ringcert.store.PendingTurn;

/** The turns of all nodes within the CA's limits, each decided with what that node sees. Confined to one thread. */
final class NodeTurns {

    private final Scenario scenario;
    private final World world;

    NodeTurns(Scenario scenario, World world) {
        this.scenario = scenario;
        this.world = world;
    }

    /** Returns the turn for which an order has to wait; empty if it may be made now. */
    Optional<PendingTurn> decide(NodeCertificate certificate, CertificateSpec.Source source, long now) {
        Instant clock = certificate.node().clock(now);
        return isExempt(certificate, source, clock)
                ? Optional.empty()
                : turn(certificate, now)
                        .filter(turn -> turn.at().isAfter(clock))
                        .map(turn -> TurnDecision.planned(certificate.spec(), turn, clock));
    }

    private static boolean isExempt(NodeCertificate certificate, CertificateSpec.Source source, Instant clock) {
        IssuedCertificate current = certificate.current();
        return current != null
                && TurnDecision.isExempt(
                        certificate.spec(),
                        source,
                        current,
                        Optional.of(certificate.node().accountUrl()),
                        certificate.schedule(),
                        clock);
    }

    private Optional<Turn> turn(NodeCertificate certificate, long now) {
        SimulatedNode node = certificate.node();
        Calendar calendar = new Calendar(
                world.layout(node),
                scenario.limits(),
                scenario.renewalInfo() == RenewalInfoSupport.OFFERED ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED,
                new Sight(world, node, source(certificate, now), now),
                node.clock(now));
        HostName self = node.name();
        CertificateName name = certificate.spec().name();
        return calendar.turn(self, name).or(() -> Optional.of(calendar.renewal(self, name)));
    }

    private static Sight.Source source(NodeCertificate certificate, long now) {
        IssuedCertificate current = certificate.current();
        return current != null && current.isRevoked(now) ? Sight.Source.PRESENTED_AND_CA : Sight.Source.PRESENTED;
    }

    /** Notes that the CA has refused an order, and returns when it wants to be asked again. */
    PendingTurn refused(NodeCertificate certificate, ModelCa.Answer.Refused refused, long now) {
        Instant clock = certificate.node().clock(now);
        PendingTurn turn = TurnDecision.refused(
                certificate.spec(),
                new IssuanceOutcome.Refused(
                        "refused by the limit of " + refused.limit().label(),
                        refused.retryAfter(),
                        new RateLimitSubject.ExactNames()),
                clock);
        certificate.node().refused(certificate.set().names(), new Refusal(clock, turn.at()));
        return turn;
    }
}
