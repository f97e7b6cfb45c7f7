package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.RateLimitSubject;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.plan.Calendar;
import org.ringcert.plan.LayoutIndex;
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

    /** For how long one calendar is good enough for several first orders. */
    private static final long RECENT = 20_000;

    private final Scenario scenario;
    private final World world;
    private final @Nullable Recent[] recentByNode;

    /** A calendar, with the layout and the time of its making. */
    private record Recent(Calendar calendar, LayoutIndex layout, long time) {}

    NodeTurns(Scenario scenario, World world) {
        this.recentByNode = new Recent[scenario.nodes()];
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
        Calendar calendar =
                certificate.hadCertificate() ? calendar(certificate, now) : recentCalendar(certificate, now);
        HostName self = certificate.node().name();
        CertificateName name = certificate.spec().name();
        return calendar.turn(self, name).or(() -> Optional.of(calendar.renewal(self, name)));
    }

    /** Returns a calendar for the first orders of a node, which makes all of them within a minute. */
    private Calendar recentCalendar(NodeCertificate certificate, long now) {
        Recent recent = recentByNode[certificate.node().index()];
        if (recent == null || now - recent.time() > RECENT || recent.layout() != world.layout(certificate.node())) {
            recent = new Recent(calendar(certificate, now), world.layout(certificate.node()), now);
            recentByNode[certificate.node().index()] = recent;
        }
        return recent.calendar();
    }

    private Calendar calendar(NodeCertificate certificate, long now) {
        SimulatedNode node = certificate.node();
        return new Calendar(
                world.layout(node),
                scenario.limits(),
                scenario.renewalInfo() == RenewalInfoSupport.OFFERED ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED,
                new Sight(world, node, source(certificate), now),
                node.clock(now));
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
