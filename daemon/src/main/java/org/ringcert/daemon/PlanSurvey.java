package org.ringcert.daemon;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.acme.AcmeException;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.PlanLayout;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.plan.ClusterPlan;
import org.ringcert.daemon.plan.ClusterPlan.Present;
import org.ringcert.daemon.plan.LayoutChanges;
import org.ringcert.daemon.plan.PlanBuilder;
import org.ringcert.daemon.plan.PlanFacts;
import org.ringcert.daemon.plan.PlanReport;
import org.ringcert.daemon.plan.PlanSummary;
import org.ringcert.daemon.plan.PlanWords;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.daemon.turn.ClusterSurvey;
import org.ringcert.daemon.turn.ClusterTurns;
import org.ringcert.daemon.turn.PassingLooks;
import org.ringcert.daemon.turn.PeerLooks;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.plan.Layout;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.renew.Due;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.visitor.ServedCertificate;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.VisitorView;

/**
 * Finds out what a cluster has, and plans what its nodes order next. Looks at the peers as visitors do, and asks the CA
 * whether it has renewal information. Changes nothing.
 */
public final class PlanSurvey {

    private final Configuration configuration;
    private final HostName self;
    private final Store store;
    private final Clock clock;
    private final ClusterLook.Progress progress;
    private final AcmeSettings ca;
    private final Set<HostName> silent = ConcurrentHashMap.newKeySet();

    /**
     * @param self this node
     * @param store its store, which need not exist yet
     */
    public PlanSurvey(
            Configuration configuration, HostName self, Store store, Clock clock, ClusterLook.Progress progress) {
        this.configuration = configuration;
        this.self = self;
        this.store = store;
        this.clock = clock;
        this.progress = progress;
        this.ca = configuration.authorities().getFirst();
    }

    /**
     * Looks, and returns the plan.
     *
     * @param installed the configuration that is in use, if another one is to be compared with it
     */
    public PlanReport run(Optional<Configuration> installed) {
        HostResolver resolver = new HostResolver();
        ClusterViews views = ClusterViews.of(configuration, configuration.cluster(self), resolver);
        Instant now = clock.instant();
        // At one moment for all: a plan that takes minutes to make has no use for newer looks.
        Clock moment = Clock.fixed(now, ZoneOffset.UTC);
        try (CaConnections cas = CaConnections.of(configuration, clock)) {
            ClusterTurns.Parts parts = TurnParts.parts(
                    configuration,
                    self,
                    cas,
                    peerLooks(resolver, moment),
                    new PassingLooks(moment),
                    views.dns(),
                    moment);
            ClusterSurvey survey = new ClusterSurvey(parts, store, ca.directory(), now);
            survey.look();
            List<String> remarks = new ArrayList<>();
            RenewalLimit renewals = renewals(cas, remarks);
            remarkSilentNodes(remarks);
            PlanBuilder.PlanBasis basis = new PlanBuilder.PlanBasis(
                    ca.known().map(PublicCa::displayName).orElseGet(ca::label),
                    parts.layout(),
                    ca.limits(),
                    parts.domains(),
                    renewals,
                    lifetime());
            LayoutChanges changes = installed
                    .map(PlanLayout::of)
                    .map(layout -> LayoutChanges.between(layout, parts.layout()))
                    .orElse(LayoutChanges.NONE);
            remarks.addAll(new PlanRemarks(configuration, self, views.dns()).of(nodesWithout(survey, parts.layout())));
            ClusterPlan plan =
                    new PlanBuilder(basis, survey.knowledge(), new Facts(survey, now), now).build(changes, remarks);
            return new PlanReport(plan, PlanSummary.of(plan, parts.domains()));
        }
    }

    private PeerLooks peerLooks(HostResolver resolver, Clock moment) {
        VisitorView view = VisitorViews.of(configuration, self, store, resolver, clock);
        int total = (int) VisitorViews.targets(configuration).stream()
                .filter(target -> !target.node().equals(self))
                .count();
        AtomicInteger done = new AtomicInteger();
        return new PeerLooks(
                target -> {
                    TlsObservation observation = view.observe(target);
                    if (isSilent(observation)) {
                        silent.add(target.node());
                    }
                    progress.looked(done.incrementAndGet(), total);
                    return observation;
                },
                moment);
    }

    private static boolean isSilent(TlsObservation observation) {
        return observation instanceof TlsObservation.NoCertificate none
                && none.obstacle() != TlsObservation.Obstacle.HANDSHAKE_FAILED;
    }

    /** A plan by a node that sees little is worth little, and its reader should know. */
    private void remarkSilentNodes(List<String> remarks) {
        List<HostName> nodes = configuration.nodes().stream()
                .map(settings -> settings.node().name())
                .filter(silent::contains)
                .toList();
        if (!nodes.isEmpty()) {
            remarks.add(PlanWords.list(nodes) + " did not answer on the https port. Certificates that were seen there"
                    + " earlier count, and otherwise one order of each. `ringcert status --all` says what is wrong.");
        }
    }

    private RenewalLimit renewals(CaConnections cas, List<String> remarks) {
        try {
            return cas.authorities().getFirst().hasRenewalInfo() ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED;
        } catch (AcmeException e) {
            remarks.add("The CA does not answer, so it is assumed to have renewal information: " + e.getMessage());
            return RenewalLimit.EXEMPT;
        }
    }

    /** Returns how long Let's Encrypt's certificates are valid (its page "Profiles", 2026-07-14). */
    private Optional<Duration> lifetime() {
        return ca.known().filter(PublicCa::isLetsEncrypt).map(_ -> switch (ca.profile()
                .orElse("classic")) {
            case "shortlived" -> Duration.ofHours(160);
            case "tlsserver" -> Duration.ofDays(45);
            default -> Duration.ofDays(90);
        });
    }

    /** Returns how many nodes have no certificate of this CA at all, as far as is known. */
    private int nodesWithout(ClusterSurvey survey, Layout layout) {
        return (int) layout.nodes().stream()
                .filter(node -> layout.sites().stream()
                        .flatMap(site -> site.certificates().stream())
                        .allMatch(certificate -> survey.find(node, certificate).isEmpty()))
                .count();
    }

    /** What the store and the looks have shown. */
    private final class Facts implements PlanFacts {

        private final ClusterSurvey survey;
        private final Instant now;
        private final RenewalMessages messages = RenewalMessages.ofStatus(NodeStatusReader.caNames(configuration));
        private final Map<CertificateName, CertificateSpec> specs = new HashMap<>();

        Facts(ClusterSurvey survey, Instant now) {
            this.survey = survey;
            this.now = now;
            LocalNode.specs(configuration, self).forEach(spec -> specs.put(spec.name(), spec));
        }

        @Override
        public Optional<Present> present(HostName node, CertificateName certificate) {
            Optional<Present> good = survey.find(node, certificate)
                    .map(found -> new Present(
                            found.notBefore(),
                            found.notAfter(),
                            found.leaf()
                                    .map(ServedCertificate::of)
                                    .map(ServedCertificate::issuer)
                                    .orElse("")));
            return good.isEmpty() && node.equals(self) ? ownOfAnotherCa(certificate) : good;
        }

        /** A certificate of any configured CA is good until its next renewal. */
        private Optional<Present> ownOfAnotherCa(CertificateName certificate) {
            try {
                return own(certificate)
                                .filter(own -> own.due() instanceof Due.Later)
                                .isPresent()
                        ? store.current(certificate)
                                .map(CertificateVersion::leaf)
                                .map(Facts::present)
                        : Optional.empty();
            } catch (StoreException e) {
                return Optional.empty();
            }
        }

        private static Present present(X509Certificate leaf) {
            ServedCertificate served = ServedCertificate.of(leaf);
            return new Present(served.notBefore(), served.notAfter(), served.issuer());
        }

        @Override
        public Optional<OwnPlan> own(CertificateName certificate) {
            try {
                CertificateSpec spec = Objects.requireNonNull(specs.get(certificate), "a certificate of the file");
                RenewalPlan plan = RenewalPlan.of(spec, store, RenewalMode.DUE_ONLY, now);
                Optional<String> wait = plan.pendingWait()
                        .filter(pending -> !isForTurn(pending))
                        .map(messages::of);
                return Optional.of(new OwnPlan(plan.due(), plan.next(), wait));
            } catch (StoreException e) {
                return Optional.empty();
            }
        }

        private static boolean isForTurn(RenewalWait wait) {
            return wait.causes().stream().allMatch(RenewalWait.ForTurn.class::isInstance);
        }

        @Override
        public Set<HostName> leaders(HostName site) {
            return survey.leaders(site);
        }
    }
}
