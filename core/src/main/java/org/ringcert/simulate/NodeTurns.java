package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.Knowledge;
import org.ringcert.plan.LayoutIndex;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.NodeKnowledge;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.Turn;
import org.ringcert.renew.TurnDecision;
import org.ringcert.store.CertificateName;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.RefusalRecord;

/** The turns of all nodes within the CA's limits, each decided with what that node sees. Confined to one thread. */
final class NodeTurns {

    private final Scenario scenario;
    private final World world;
    private final ModelCa ca;
    private final Limits limits;

    NodeTurns(Scenario scenario, World world, ModelCa ca) {
        this.ca = ca;
        this.limits = binding(scenario);
        this.scenario = scenario;
        this.world = world;
    }

    /**
     * Returns the limits that can matter. The sites lead to all nodes alike, so none orders nearly as many new sets as
     * an account may; a plan that has to consider that depends on all sites.
     */
    private static Limits binding(Scenario scenario) {
        int sets = scenario.sites() * (scenario.groupSize() == 0 ? 1 : scenario.nodes() / scenario.groupSize() + 1);
        boolean canBind = scenario.limits()
                .find(LimitKind.ORDERS_PER_ACCOUNT)
                .filter(limit -> 2 * sets / scenario.nodes() > limit.capacity())
                .isPresent();
        return new Limits(
                scenario.limits().limits().stream()
                        .filter(limit -> canBind || limit.kind() != LimitKind.ORDERS_PER_ACCOUNT)
                        .toList(),
                scenario.limits().backDate());
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
        LayoutIndex layout = world.layout(node);
        Knowledge knowledge = new NodeKnowledge(
                layout,
                new SimulatedLooks(world, ca, node, now),
                new SimulatedMemory(world, node, now),
                node.clock(now));
        Calendar calendar = new Calendar(
                layout,
                limits,
                world.offersRenewalInfo() ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED,
                knowledge,
                node.clock(now));
        HostName self = node.name();
        CertificateName name = certificate.spec().name();
        return calendar.turn(self, name).or(() -> Optional.of(calendar.renewal(self, name)));
    }

    /** Returns the part of a certificate in the renewals of its names. */
    Optional<SpreadShare> share(NodeCertificate certificate) {
        return Optional.of(world.layout(certificate.node())
                .share(certificate.node().name(), certificate.spec().name(), scenario.limits()));
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
        NameSet set = certificate.set().names();
        switch (refused.limit()) {
            case CERTIFICATES_PER_NAME_SET ->
                certificate.node().memory().refused(set, record(Optional.empty(), set, turn));
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                certificate.node().memory().refused(set, record(Optional.of(world.domain(set)), set, turn));
            // The turn of the certificate itself is enough.
            case ORDERS_PER_ACCOUNT, FAILED_VALIDATIONS_PER_NAME, ACCOUNTS_PER_ADDRESS -> {}
        }
        return turn;
    }

    private static RefusalRecord record(Optional<HostName> domain, NameSet set, PendingTurn turn) {
        return new RefusalRecord(World.DIRECTORY, domain, set.names(), turn.decided(), turn.at(), turn.reason());
    }
}
