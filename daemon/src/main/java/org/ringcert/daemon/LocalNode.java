package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CaaApplicants;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.FrontSettings;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontLimits;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.daemon.front.FrontService;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.daemon.turn.PassingLooks;
import org.ringcert.handoff.ChallengeResponder;
import org.ringcert.handoff.Handoff;
import org.ringcert.handoff.HandoffListener;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.handoff.HttpPeerClient;
import org.ringcert.handoff.LookupBudget;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerMonitor;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.AccountManager;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.Http01Solver;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.PeerRedirects;
import org.ringcert.issue.Revoker;
import org.ringcert.renew.Renewals;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.CaaPolicy;
import org.ringcert.view.look.LookResponder;
import org.ringcert.view.look.LookService;
import org.ringcert.view.look.LookSlots;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.VisitorTarget;
import org.ringcert.view.visitor.VisitorView;

/**
 * This node, wired from its parts as the configuration says. The two main paths through the program begin here:
 * {@link #startFront} and {@link #renewals}. Immutable apart from what its parts know; thread-safe.
 */
public final class LocalNode {

    /** How long the ring skips a peer that did not answer, or longer if the peers are monitored at long intervals. */
    private static final Duration MIN_FAILURE_TTL = Duration.ofSeconds(30);

    private final Configuration configuration;
    private final HostName self;
    private final Cluster cluster;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Store store;
    private final Challenges challenges;
    private final HostResolver resolver;
    private final PeerHealth health;
    private final LookupBudget budget;
    private final LookSlots lookSlots;
    private final ClusterViews views;
    private final VisitorView visitorView;
    private final PassingLooks passingLooks;

    /**
     * Opens the store and starts nothing.
     *
     * @throws StoreException if the store cannot be used
     */
    public LocalNode(Configuration configuration, HostName self) throws StoreException {
        this(configuration, self, Clock.systemUTC());
    }

    /**
     * Opens the store and starts nothing. For tests, which supply a clock.
     *
     * @throws StoreException if the store cannot be used
     */
    public LocalNode(Configuration configuration, HostName self, Clock clock) throws StoreException {
        this.clock = clock;
        this.configuration = configuration;
        this.self = self;
        this.cluster = configuration.cluster(self);
        this.health = new PeerHealth(failureTtl(configuration), clock);
        this.store = Store.open(configuration.store(), clock);
        this.challenges = new Challenges(store, configuration.front().otherChallengeDirectories(), clock);
        this.resolver = new HostResolver();
        this.budget = new LookupBudget(clock);
        this.lookSlots = new LookSlots();
        this.views = ClusterViews.of(configuration, cluster, resolver);
        this.visitorView = VisitorViews.of(configuration, self, store, resolver, clock);
        this.passingLooks = new PassingLooks(clock);
    }

    private LocalNode(Configuration configuration, LocalNode previous) {
        this.clock = previous.clock;
        this.configuration = configuration;
        this.self = previous.self;
        this.cluster = configuration.cluster(self);
        this.health = previous.health.withFailureTtl(failureTtl(configuration));
        this.store = previous.store;
        this.challenges =
                previous.challenges.withOtherDirectories(configuration.front().otherChallengeDirectories());
        this.resolver = previous.resolver;
        this.budget = previous.budget;
        this.lookSlots = previous.lookSlots;
        this.views = ClusterViews.of(configuration, cluster, resolver);
        this.visitorView = VisitorViews.of(configuration, self, store, resolver, clock);
        this.passingLooks = previous.passingLooks;
    }

    /**
     * Returns this node with another configuration. It shares the store, the challenges and the knowledge about peers.
     *
     * @throws IllegalArgumentException if the configuration has no node of this name
     */
    public LocalNode withConfiguration(Configuration next) {
        return new LocalNode(next, this);
    }

    private static Duration failureTtl(Configuration configuration) {
        // Duration.multipliedBy would load BigDecimal, whose tables take 5 % of the startup time.
        Duration interval = peerCheckInterval(configuration).orElse(Duration.ZERO);
        Duration threeIntervals = interval.plus(interval).plus(interval);
        return threeIntervals.compareTo(MIN_FAILURE_TTL) > 0 ? threeIntervals : MIN_FAILURE_TTL;
    }

    public Configuration configuration() {
        return configuration;
    }

    public Cluster cluster() {
        return cluster;
    }

    public Store store() {
        return store;
    }

    public Challenges challenges() {
        return challenges;
    }

    /** Returns the certificates that this node should have, in the order of the configuration. */
    public List<CertificateSpec> specs() {
        return specs(configuration, self);
    }

    /**
     * Returns the certificates that every node of this configuration should have, with the names of the sites alone.
     */
    public static List<CertificateSpec> specs(Configuration configuration) {
        return CertificateSpecs.of(configuration);
    }

    /** Returns the certificates that a node of this configuration should have, in its order. */
    public static List<CertificateSpec> specs(Configuration configuration, HostName node) {
        return CertificateSpecs.of(configuration, node);
    }

    /** Returns the addresses that the front listens on; empty if a web server uses the port. */
    public List<InetSocketAddress> listenAddresses() {
        return configuration.node(self).listen().stream()
                .map(ListenAddress::socketAddress)
                .toList();
    }

    /**
     * Starts a front on {@link #listenAddresses}.
     *
     * @param listener receives what the front answers, and the questions to peers for that
     * @param frontListener receives the front's own events
     * @throws ListenException if one of the addresses cannot be listened on; the front listens on none of them then
     */
    public Front startFront(HandoffListener listener, FrontListener frontListener) throws ListenException {
        return Front.start(listenAddresses(), frontService(listener), FrontLimits.standard(), frontListener, clock);
    }

    /**
     * Starts a front for as long as a command runs, and waits for {@link #settlingTime}. A daemon that starts meanwhile
     * waits until it is closed. Returns nothing if the node does not listen or another program has one of the
     * addresses; that program then serves the challenges from files.
     *
     * @param listener receives what the front answers, and the questions to peers for that
     */
    public Optional<TemporaryFront> startTemporaryFront(HandoffListener listener)
            throws StoreException, InterruptedException {
        return TemporaryFront.start(this, listener);
    }

    /**
     * Makes a front that was started with another configuration serve this one from the next request on. Its addresses
     * stay as they are.
     *
     * @param listener as in {@link #startFront}
     */
    public void reconfigure(Front front, HandoffListener listener) {
        front.reconfigure(frontService(listener));
    }

    private FrontService frontService(HandoffListener listener) {
        OtherHosts otherHosts = configuration.front().redirectOtherHosts() ? OtherHosts.REDIRECT : OtherHosts.NOT_FOUND;
        return new FrontService(cluster, hosts(), otherHosts, responder(listener), lookResponder());
    }

    private ChallengeResponder responder(HandoffListener listener) {
        return new Handoff(
                handoffMode(),
                cluster,
                challenges,
                peers(),
                health,
                budget,
                clock,
                AccountHints.relayPolicy(configuration, store),
                listener);
    }

    private LookResponder lookResponder() {
        return new LookService(cluster, challenges, peers(), budget, lookSlots, views.viewForPeers()::look);
    }

    /** Returns the viewpoints from which this node can see the cluster as a CA does. */
    public ClusterViews views() {
        return views;
    }

    /** Returns what looks at servers as visitors do. */
    public VisitorView visitorView() {
        return visitorView;
    }

    /** Looks at a server as {@link VisitorView#look} does, and remembers for plans what it presents. */
    Cell look(VisitorTarget target) {
        return visitorView.look(target, observation -> passingLooks.add(target, observation));
    }

    /** Returns every certificate of every site at every server, in the order of the configuration. */
    public List<VisitorTarget> visitorTargets() {
        return VisitorViews.targets(configuration);
    }

    /** Returns a client for the peers. */
    PeerClient peers() {
        return new HttpPeerClient(resolver);
    }

    /** Returns how this node handles challenges that it does not hold. */
    public HandoffMode handoffMode() {
        return configuration.front().handoff();
    }

    public PeerMonitor peerMonitor() {
        return new PeerMonitor(cluster, peers(), health);
    }

    /** Returns the interval at which peers are monitored; empty if that is not needed or switched off. */
    public Optional<Duration> peerCheckInterval() {
        return peerCheckInterval(configuration);
    }

    /**
     * Returns how long it takes after the start of the front until all peers know that this node answers. Before that,
     * they would skip this node, so an order would fail.
     */
    public Duration settlingTime() {
        return peerCheckInterval(configuration)
                .map(interval -> interval.plus(PeerClient.TIMEOUT).plus(PeerClient.TIMEOUT))
                .orElse(Duration.ZERO);
    }

    private static Optional<Duration> peerCheckInterval(Configuration configuration) {
        FrontSettings front = configuration.front();
        return front.handoff() == HandoffMode.RING ? front.peerCheckInterval() : Optional.empty();
    }

    private Set<HostName> hosts() {
        Set<HostName> hosts = new HashSet<>();
        configuration.sites().stream().map(Site::names).forEach(hosts::addAll);
        configuration.sites().stream().map(configuration::uniqueNames).forEach(hosts::addAll);
        configuration.nodes().forEach(settings -> hosts.add(settings.node().name()));
        return hosts;
    }

    Clock clock() {
        return clock;
    }

    /** Returns clients for the CAs. They send nothing until they are used. */
    public CaConnections connectToCas() {
        return CaConnections.of(configuration, clock);
    }

    /**
     * Returns a client for a CA that has issued a certificate of this node. If the CA is no longer in the
     * configuration, its https is verified against the certificates that the system trusts.
     */
    public CertificateAuthority connectToIssuer(URI directory) {
        return CaConnections.connect(configuration, directory, clock);
    }

    /** Returns a revoker of certificates that this CA has issued. */
    public Revoker revoker(CertificateAuthority ca, IssuanceListener listener) {
        return new Revoker(ca, store, clock, listener);
    }

    /** Returns the renewals of this node's certificates at these CAs. */
    public Renewals renewals(CaConnections cas, IssuanceListener listener) {
        return new Renewals(
                store,
                issuers(cas, listener),
                listener,
                CanaryViews.of(configuration, self, store, visitorView, views.dns(), clock),
                TurnParts.of(configuration, self, store, cas, visitorView, passingLooks, views.dns(), clock),
                Deployment.deployer(configuration, store),
                Deployment.servedCheck(configuration, self, resolver),
                clock,
                random);
    }

    /** Returns issuers that get single certificates from these CAs, one for each. */
    public List<Issuer> issuers(CaConnections cas, IssuanceListener listener) {
        return cas.authorities().stream().map(ca -> issuer(ca, listener)).toList();
    }

    /**
     * Returns managers of this node's accounts at these CAs, one for each.
     *
     * @param listener receives how a roll-over that was cut off has ended
     */
    public List<AccountManager> accountManagers(CaConnections cas, IssuanceListener listener) {
        return cas.authorities().stream()
                .map(ca -> new AccountManager(ca, store, clock, random, listener))
                .toList();
    }

    private Issuer issuer(CertificateAuthority ca, IssuanceListener listener) {
        AcmeSettings settings = configuration.authority(ca.directory());
        return new Issuer(
                ca,
                store,
                new Http01Solver(challenges),
                settings.newAccount(),
                views.preflight(configuration, challenges, random, () -> caaApplicant(settings, ca)),
                peerRedirects(settings),
                settings.failureBudget(),
                clock,
                random,
                listener);
    }

    /** Returns for whom CAA records must allow a certificate; empty if this node's account cannot be read. */
    private Optional<CaaPolicy.Applicant> caaApplicant(AcmeSettings settings, CertificateAuthority ca) {
        try {
            return Optional.of(CaaApplicants.at(settings, ca.knownInformation(), Optional.of(store)));
        } catch (StoreException e) {
            // The order needs the account, too, and reports this.
            return Optional.empty();
        }
    }

    private PeerRedirects peerRedirects(AcmeSettings ca) {
        if (handoffMode() == HandoffMode.RELAY || configuration.nodes().size() == 1) {
            return PeerRedirects.NEVER;
        }
        return switch (ca.handoff()) {
            case REDIRECT -> PeerRedirects.POSSIBLE;
            case RELAY -> PeerRedirects.NOT_FOLLOWED;
        };
    }
}
