package org.ringcert.daemon.canary;

import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.Canary;
import org.ringcert.plan.WindowPlace;
import org.ringcert.renew.CanarySight;
import org.ringcert.renew.CanaryView;
import org.ringcert.store.CertificateVersion;
import org.ringcert.view.visitor.ChainTrust;
import org.ringcert.view.visitor.RenewedCertificate;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObservation.Served;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tests renewed certificates by a handshake, by the chain, and by the administrator's command, all as visitors of the
 * canary's https, or of a server on this machine that presents this node's own new certificate. Thread-safe.
 */
public final class CertificateTests implements CanaryView {

    private static final Logger log = LoggerFactory.getLogger(CertificateTests.class);

    private final HostName self;
    private final List<HostName> nodes;
    private final List<VisitorTarget> targets;
    private final SiteLeaders leaders;
    private final VisitorView view;
    private final Supplier<ChainTrust> trust;
    private final CanaryCommand command;
    private final InstantSource clock;

    /**
     * @param nodes all nodes, in the order of the file
     * @param targets every certificate of every site at every node
     * @param trust returns whom this system trusts now. A person may add a root at any time, so it is asked each time.
     * @param command the administrator's command and its arguments; empty for none
     * @param runner runs it
     */
    public CertificateTests(
            HostName self,
            List<HostName> nodes,
            List<VisitorTarget> targets,
            SiteLeaders leaders,
            VisitorView view,
            Supplier<ChainTrust> trust,
            List<String> command,
            CommandRunner runner,
            InstantSource clock) {
        this.self = self;
        this.nodes = List.copyOf(nodes);
        this.targets = List.copyOf(targets);
        this.leaders = leaders;
        this.view = view;
        this.trust = trust;
        this.command = new CanaryCommand(command, runner);
        this.clock = clock;
    }

    @Override
    public HostName self() {
        return self;
    }

    @Override
    public WindowPlace place(CertificateSpec spec) {
        List<VisitorTarget> own =
                targets.stream().filter(target -> target.node().equals(self)).toList();
        int certificate = target(spec, self).map(own::indexOf).orElse(0);
        return Canary.place(self, nodes, canary(spec.site()), certificate, own.size());
    }

    private Optional<HostName> canary(Site site) {
        return nodes.size() == 1 ? Optional.empty() : Canary.of(nodes, leaders.of(site));
    }

    @Override
    public CanarySight look(CertificateSpec spec, CertificateVersion present) {
        Optional<HostName> canary = canary(spec.site());
        if (canary.isEmpty()) {
            return new CanarySight.NothingNew();
        }
        if (canary.get().equals(self)) {
            return new CanarySight.IsCanary();
        }
        Optional<Presented> presented =
                target(spec, canary.get()).flatMap(target -> presented(spec, target, present.chain()));
        if (presented.isEmpty()) {
            return new CanarySight.NothingNew();
        }
        return problem(presented.get())
                .<CanarySight>map(reason -> new CanarySight.Bad(canary.get(), reason))
                .orElseGet(() -> new CanarySight.Good(canary.get()));
    }

    @Override
    public Optional<String> test(
            CertificateSpec spec, KeyPair key, List<X509Certificate> chain, CertificateVersion present) {
        try (TestServer server = TestServer.start(key, chain)) {
            VisitorTarget target = new VisitorTarget(spec.site(), Optional.empty(), self, server.host(), server.port());
            return switch (view.observe(target)) {
                case Served served ->
                    problem(new Presented(
                            target, new RenewedCertificate(spec.site(), keyTypes(spec), served, present.chain())));
                case TlsObservation.NoCertificate none -> {
                    log.warn("{}: the new certificate was not tested: {}", spec.name(), none.reason());
                    yield Optional.empty();
                }
            };
        } catch (IOException e) {
            log.warn("{}: the new certificate was not tested: {}", spec.name(), e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> testServed(CertificateSpec spec, CertificateVersion version, CertificateVersion previous) {
        if (!canary(spec.site()).equals(Optional.of(self))) {
            return Optional.empty();
        }
        return target(spec, self)
                .flatMap(target -> presented(spec, target, previous.chain()))
                .filter(presented -> presented.certificate().served().leaf().equals(version.leaf()))
                .flatMap(this::problem);
    }

    /** A renewed certificate, and where it is presented. */
    private record Presented(VisitorTarget target, RenewedCertificate certificate) {}

    private Optional<VisitorTarget> target(CertificateSpec spec, HostName node) {
        Set<KeyType> types = keyTypes(spec);
        return targets.stream()
                .filter(target -> target.site().name().equals(spec.site().name())
                        && target.node().equals(node))
                .filter(target -> target.kind()
                        .map(kind -> types.stream().anyMatch(type -> type.algorithm() == kind))
                        .orElse(true))
                .findFirst();
    }

    /** Returns what a server presents, if it is newer than its predecessor. */
    private Optional<Presented> presented(
            CertificateSpec spec, VisitorTarget target, List<X509Certificate> predecessor) {
        return view.observe(target) instanceof Served served && isOfKind(target, served)
                ? Optional.of(new RenewedCertificate(spec.site(), keyTypes(spec), served, predecessor))
                        .filter(RenewedCertificate::isNewer)
                        .map(certificate -> new Presented(target, certificate))
                : Optional.empty();
    }

    /** A server that lacks a kind of key may present a certificate of another kind, which has a test of its own. */
    private static boolean isOfKind(VisitorTarget target, Served served) {
        return target.kind()
                .map(kind -> kind.name().equals(served.leaf().getPublicKey().getAlgorithm()))
                .orElse(true);
    }

    private static Set<KeyType> keyTypes(CertificateSpec spec) {
        return spec.sources().stream().map(CertificateSpec.Source::keyType).collect(Collectors.toSet());
    }

    private Optional<String> problem(Presented presented) {
        VisitorTarget target = presented.target();
        return presented
                .certificate()
                .problem(trust.get(), clock.instant())
                .or(() -> command.refusal(
                        target.site().name(),
                        target.node(),
                        target.host(),
                        target.port(),
                        presented.certificate().served().chain()));
    }
}
