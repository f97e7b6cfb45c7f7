package org.ringcert.daemon.check;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.TestChallenge;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.front.ListeningProcess;
import org.ringcert.dns.PublicSuffixes;
import org.ringcert.http.HostResolver;
import org.ringcert.plan.RenewalLimit;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.CaaPolicy;
import org.ringcert.view.ca.Walker;

/** Looks at the whole cluster from one node, and says whether an order of this node would succeed. */
public final class ClusterCheck {

    /** How many probes to publish, because a peer looks four times at a time and once for each token. */
    public static final int PROBES = 4;

    private static final Duration CA_TIMEOUT = Duration.ofSeconds(10);

    private final Configuration configuration;
    private final List<String> notices;
    private final List<Site> sites;
    private final CheckProgress progress;

    /**
     * @param configuration with the store in its configured place
     * @param notices a line for each notice about the file
     * @param sites the sites to check
     */
    public ClusterCheck(Configuration configuration, List<String> notices, List<Site> sites, CheckProgress progress) {
        this.configuration = configuration;
        this.notices = List.copyOf(notices);
        this.sites = List.copyOf(sites);
        this.progress = progress;
    }

    /** Looks at everything, in parallel. Blocks. */
    public CheckReport run(CheckInputs inputs) throws InterruptedException {
        HostName self = inputs.viewpoints().getFirst().node();
        CheckScope scope = new CheckScope(configuration, self, sites);
        try (Survey survey = survey(inputs, scope);
                PendingResult<List<DirectoryState>> cas =
                        PendingResult.start(() -> fetchDirectories(inputs.authorities()));
                PendingResult<Map<Node, PeerState>> peers = PendingResult.start(() -> askPeers(scope))) {
            List<CheckFinding> findings = ParallelTasks.run(checks(inputs, scope, survey, cas, peers).stream()
                            .<Callable<List<CheckFinding>>>map(check -> check::look)
                            .toList())
                    .stream()
                    .flatMap(List::stream)
                    .toList();
            return new CheckReport(self, findings);
        }
    }

    /**
     * Looks at the configuration alone, because the store cannot be used. Blocks for no longer than that takes.
     *
     * @param self the node that checks
     */
    public CheckReport withoutStore(HostName self, StoreException problem) throws InterruptedException {
        CheckScope scope = new CheckScope(configuration, self, sites);
        List<CheckFinding> findings = new ArrayList<>();
        for (Check check : List.of(
                new ConfigurationCheck(scope, notices),
                new RingSizeCheck(scope),
                new PublicNamesCheck(scope, PublicSuffixes.bundled()))) {
            findings.addAll(check.look());
        }
        findings.add(StoreCheck.unusable(problem));
        return new CheckReport(self, findings);
    }

    private Survey survey(CheckInputs inputs, CheckScope scope) {
        List<HostName> fromEverywhere = Stream.of(List.of(scope.self()), scope.siteNames(), scope.uniqueNames())
                .flatMap(List::stream)
                .distinct()
                .toList();
        return Survey.start(inputs.viewpoints(), fromEverywhere, scope.peerNames(), inputs.probes(), progress);
    }

    /** Returns the checks in the order of the report. */
    private List<Check> checks(
            CheckInputs inputs,
            CheckScope scope,
            Survey survey,
            PendingResult<List<DirectoryState>> cas,
            PendingResult<Map<Node, PeerState>> peers) {
        Walker walker = new Walker(inputs.dns(), inputs.rules());
        return List.of(
                new ConfigurationCheck(scope, notices),
                new RingSizeCheck(scope),
                new RolloutCheck(scope, cas, new SurveyedLeaders(scope, survey)::of, Clock.systemUTC()),
                new PublicNamesCheck(scope, PublicSuffixes.bundled()),
                new PrivateNetworkCheck(scope, survey),
                new StoreCheck(scope, inputs.store(), inputs.correctedModes()),
                CommandCheck.ofAlerts(scope, System.getenv().getOrDefault("PATH", "")),
                CommandCheck.ofCanary(scope, System.getenv().getOrDefault("PATH", "")),
                frontCheck(inputs, scope),
                new ResolverCheck(scope, survey),
                new CaCheck(cas, inputs.store()),
                new ClockCheck(cas, peers),
                new NodeNamesCheck(scope, survey, peers),
                new ViewpointsCheck(scope, survey, peers),
                new AbsentPeersCheck(scope, survey, peers),
                new SitesCheck(scope, survey),
                new UniqueNamesCheck(scope, survey),
                new UnknownTokenCheck(scope, survey, walker::walkFrom, TestChallenge.unpublished(new SecureRandom())),
                new CaaCheck(scope, cas, inputs.store(), survey, new CaaPolicy(inputs.dns())::decide),
                new HttpsCheck(scope, survey, Clock.systemUTC()));
    }

    private static FrontCheck frontCheck(CheckInputs inputs, CheckScope scope) {
        int port = scope.settings().node().port();
        return new FrontCheck(scope, inputs.front(), ListeningProcess.isPortTaken(port), ListeningProcess.find(port));
    }

    private List<DirectoryState> fetchDirectories(List<CertificateAuthority> authorities) throws InterruptedException {
        List<DirectoryState> states = new ArrayList<>();
        List<PendingResult<DirectoryState>> pending = authorities.stream()
                .map(ca -> PendingResult.start(() -> fetchDirectory(ca)))
                .toList();
        long deadline = System.nanoTime() + CA_TIMEOUT.toNanos();
        for (int i = 0; i < pending.size(); i++) {
            AcmeSettings settings = configuration.authority(authorities.get(i).directory());
            Optional<DirectoryState> state = pending.get(i).await(Duration.ofNanos(deadline - System.nanoTime()));
            states.add(state.orElseGet(() ->
                    new DirectoryState.NotReached(settings, "it did not answer within " + Shown.duration(CA_TIMEOUT))));
        }
        return states;
    }

    private DirectoryState fetchDirectory(CertificateAuthority ca) {
        AcmeSettings settings = configuration.authority(ca.directory());
        try {
            return new DirectoryState.Reached(
                    settings, ca.information(), ca.hasRenewalInfo() ? RenewalLimit.EXEMPT : RenewalLimit.COUNTED);
        } catch (AcmeException e) {
            return new DirectoryState.NotReached(settings, String.valueOf(e.getMessage()));
        }
    }

    private static Map<Node, PeerState> askPeers(CheckScope scope) throws InterruptedException {
        PeerProbe probe = new PeerProbe(new HostResolver(), Clock.systemUTC());
        List<Node> peers = scope.cluster().peers();
        List<PeerState> states = ParallelTasks.run(peers.stream()
                .<Callable<PeerState>>map(peer -> () -> probe.probe(peer))
                .toList());
        Map<Node, PeerState> byPeer = new LinkedHashMap<>();
        for (int i = 0; i < peers.size(); i++) {
            byPeer.put(peers.get(i), states.get(i));
        }
        return byPeer;
    }
}
