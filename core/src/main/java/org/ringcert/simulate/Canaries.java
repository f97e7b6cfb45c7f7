package org.ringcert.simulate;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.Canary;
import org.ringcert.plan.WindowPlace;
import org.ringcert.renew.CanaryRule;
import org.ringcert.renew.CanarySight;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalMode;
import org.ringcert.store.FailedTest;

/** Which nodes renew first, and what the others see of them. Confined to one thread. */
final class Canaries {

    private final Scenario scenario;
    private final World world;

    Canaries(Scenario scenario, World world) {
        this.scenario = scenario;
        this.world = world;
    }

    /** Returns where in a window the certificate is renewed. */
    WindowPlace place(NodeCertificate certificate) {
        return Canary.place(
                certificate.node().name(),
                world.nodeNames(),
                canary(certificate),
                certificate.certificateOfCluster(),
                scenario.sites() * scenario.kinds());
    }

    private Optional<HostName> canary(NodeCertificate certificate) {
        HostName leader = world.leader(certificate.spec().site().name());
        return Canary.of(world.nodeNames(), Set.of(leader));
    }

    /**
     * Looks at the canary before a renewal, and returns the failed test for which that waits.
     *
     * @param due why the certificate is to be replaced
     */
    Optional<FailedTest> failedTest(NodeCertificate certificate, Due due, long now) {
        IssuedCertificate current = certificate.current();
        Instant clock = certificate.node().clock(now);
        return current != null
                        && CanaryRule.applies(due, RenewalMode.DUE_ONLY, certificate.schedule(), certificate.progress())
                ? CanaryRule.beforeOrder(
                        current,
                        lookAtCanary(certificate, current, now),
                        certificate.progress().failedTest(),
                        clock)
                : Optional.empty();
    }

    /** What the CA of the model issues is always accepted by clients. */
    private CanarySight lookAtCanary(NodeCertificate certificate, IssuedCertificate own, long now) {
        Optional<HostName> canary = canary(certificate);
        if (canary.isEmpty()) {
            return new CanarySight.NothingNew();
        }
        if (canary.get().equals(certificate.node().name())) {
            return new CanarySight.IsCanary();
        }
        NodeCertificate other =
                world.certificate(canary.get(), certificate.spec().name());
        IssuedCertificate presented = other.node().isUp() && !other.node().isBlind() ? other.presented(now) : null;
        return presented != null && presented.notBefore().isAfter(own.notBefore())
                ? new CanarySight.Good(canary.get())
                : new CanarySight.NothingNew();
    }
}
