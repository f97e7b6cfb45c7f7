package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;
import org.ringcert.plan.Refusal;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.plan.SpreadShare;
import org.ringcert.plan.Turn;
import org.ringcert.renew.TurnDecision;
import org.ringcert.simulate.Scenario.RenewalInfoSupport;
import org.ringcert.store.CertificateName;
import org.ringcert.store.PendingTurn;

/** The turns of all nodes within the CA's limits, each decided with what that node sees. Confined to one thread. */
final class NodeTurns {

    private final Scenario scenario;
    private final World world;

    private final Limits limits;

    NodeTurns(Scenario scenario, World world) {
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
        Calendar calendar = new Calendar(
                world.layout(node),
                limits,
                scenario.renewalInfo() == RenewalInfoSupport.OFFERED ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED,
                new Sight(world, node, source(certificate), now),
                node.clock(now));
        HostName self = node.name();
        CertificateName name = certificate.spec().name();
        return calendar.turn(self, name).or(() -> Optional.of(calendar.renewal(self, name)));
    }

    private Sight.Source source(NodeCertificate certificate) {
        IssuedCertificate current = certificate.current();
        return scenario.renewalInfo() == RenewalInfoSupport.OFFERED && current != null && current.isRecallNoticed()
                ? Sight.Source.PRESENTED_AND_CA
                : Sight.Source.PRESENTED;
    }

    /** Returns the part of a certificate in the renewals of its names. */
    Optional<SpreadShare> share(NodeCertificate certificate) {
        return Optional.of(world.layout(certificate.node())
                .share(certificate.node().name(), certificate.spec().name(), scenario.limits()));
    }

    /** Notes that a node has a new certificate: a refusal before it does not matter any more. */
    void issued(NodeCertificate certificate, IssuedCertificate issued) {
        SimulatedNode node = certificate.node();
        node.issued(certificate.set().names());
        node.memory()
                .has(
                        node.index(),
                        certificate.certificateOfCluster(),
                        certificate.set().names(),
                        issued.notBefore().plus(world.backDate()));
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
        Refusal refusal = new Refusal(clock, turn.at());
        switch (refused.limit()) {
            case CERTIFICATES_PER_NAME_SET ->
                certificate.node().refused(certificate.set().names(), refusal);
            case CERTIFICATES_PER_REGISTERED_DOMAIN ->
                certificate.node().refused(world.domain(certificate.set().names()), refusal);
            // The turn of the certificate itself is enough.
            case ORDERS_PER_ACCOUNT, FAILED_VALIDATIONS_PER_NAME, ACCOUNTS_PER_ADDRESS -> {}
        }
        return turn;
    }
}
