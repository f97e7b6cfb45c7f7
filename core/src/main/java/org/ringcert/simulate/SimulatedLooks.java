package org.ringcert.simulate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.ClusterLooks;
import org.ringcert.plan.NameSet;
import org.ringcert.store.CertificateName;

/**
 * What one node can see at one moment: where names lead, its own store, and which certificates its peers present. It
 * sees neither their stores, nor what the CA counts. Used once.
 */
final class SimulatedLooks implements ClusterLooks {

    private static final Presented UNREACHABLE = new Presented.Unreachable();
    private static final Presented NOTHING = new Presented.Nothing();

    private final World world;
    private final ModelCa ca;
    private final SimulatedNode self;
    private final long now;

    SimulatedLooks(World world, ModelCa ca, SimulatedNode self, long now) {
        this.world = world;
        this.ca = ca;
        this.self = self;
        this.now = now;
    }

    @Override
    public HostName self() {
        return self.name();
    }

    @Override
    public Optional<HostName> leader(HostName site) {
        return Optional.of(world.leader(site));
    }

    @Override
    public Own own(CertificateName certificate, NameSet set) {
        IssuedCertificate current = world.certificate(self.name(), certificate).current();
        if (current == null) {
            return new Own(List.of(), Optional.empty(), false);
        }
        List<Instant> issued = new ArrayList<>();
        for (@Nullable IssuedCertificate each = current; each != null; each = each.predecessor()) {
            issued.add(issued(each));
        }
        boolean isGood = self.clock(now).isBefore(current.notAfter()) && !current.isRecallNoticed();
        return new Own(issued, isGood ? Optional.of(validity(current)) : Optional.empty(), current.isRecallNoticed());
    }

    @Override
    public Presented peer(HostName peer, CertificateName certificate, NameSet set) {
        NodeCertificate asked = world.certificate(peer, certificate);
        if (!asked.node().isUp() || asked.node().isBlind()) {
            return UNREACHABLE;
        }
        IssuedCertificate presented = asked.presented(now);
        return presented == null ? NOTHING : new Presented.Certificate(validity(presented));
    }

    @Override
    public boolean isRecalled(HostName peer, CertificateName certificate) {
        IssuedCertificate presented = world.certificate(peer, certificate).presented(now);
        return presented != null && world.offersRenewalInfo() && !ca.isDown() && presented.isRevoked(now);
    }

    private Instant issued(IssuedCertificate certificate) {
        return certificate.notBefore().plus(world.backDate());
    }

    private Validity validity(IssuedCertificate certificate) {
        return new Validity(issued(certificate), certificate.notAfter());
    }
}
