package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.acme.AcmeClient;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.Challenges;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PeerHealth;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.DeploySettings;
import org.ringcert.daemon.config.Endpoint;
import org.ringcert.daemon.config.FrontSettings;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.deploy.DeployCommand;
import org.ringcert.daemon.deploy.DeployerChain;
import org.ringcert.daemon.deploy.HaproxyDeployer;
import org.ringcert.daemon.deploy.HttpsServedCheck;
import org.ringcert.daemon.front.Front;
import org.ringcert.daemon.front.FrontLimits;
import org.ringcert.daemon.front.FrontListener;
import org.ringcert.daemon.front.FrontService;
import org.ringcert.daemon.front.FrontService.OtherHosts;
import org.ringcert.daemon.front.ListenException;
import org.ringcert.handoff.ChallengeResponder;
import org.ringcert.handoff.Handoff;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.handoff.HttpPeerClient;
import org.ringcert.handoff.PeerClient;
import org.ringcert.handoff.PeerMonitor;
import org.ringcert.http.HostResolver;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.Issuer;
import org.ringcert.issue.PeerRedirects;
import org.ringcert.renew.Deployer;
import org.ringcert.renew.Renewals;
import org.ringcert.renew.ServedCheck;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node: what its configuration says, wired by hand. The two roads through the house begin here:
 * {@link #startFront} and {@link #renewals}.
 */
public final class LocalNode {

    private static final Logger log = LoggerFactory.getLogger(LocalNode.class);

    /**
     * A silence that was met by a question counts for walks so long; where there is a watch, for three of its looks at
     * least.
     */
    private static final Duration SILENCE_COUNTS = Duration.ofSeconds(30);

    private final Configuration configuration;
    private final HostName self;
    private final Cluster cluster;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Store store;
    private final Challenges challenges;
    private final HostResolver addresses;
    private final PeerHealth health;

    /**
     * Opens the store. Nothing is started.
     *
     * @throws StoreException if the store cannot be used
     */
    public LocalNode(Configuration configuration, HostName self) throws StoreException {
        this(configuration, self, Clock.systemUTC());
    }

    /** The same by another clock. */
    public LocalNode(Configuration configuration, HostName self, Clock clock) throws StoreException {
        this.clock = clock;
        this.configuration = configuration;
        this.self = self;
        this.cluster = configuration.cluster(self);
        this.health = new PeerHealth(silenceCounts(configuration), clock);
        this.store = Store.open(configuration.store(), clock);
        this.challenges = new Challenges(store, configuration.front().also(), clock);
        this.addresses = new HostResolver();
    }

    private LocalNode(Configuration configuration, LocalNode before) {
        this.clock = before.clock;
        this.configuration = configuration;
        this.self = before.self;
        this.cluster = configuration.cluster(self);
        this.health = before.health.withSilenceTtl(silenceCounts(configuration));
        this.store = before.store;
        this.challenges =
                before.challenges.withOtherDirectories(configuration.front().also());
        this.addresses = before.addresses;
    }

    /**
     * This node by another configuration. Its store, the challenges that it holds and what it knows of its peers are
     * the same.
     *
     * @throws IllegalArgumentException if the configuration has no node of that name
     */
    public LocalNode withConfiguration(Configuration next) {
        return new LocalNode(next, this);
    }

    private static Duration silenceCounts(Configuration configuration) {
        // Duration.multipliedBy loads BigDecimal, whose tables take a twentieth of the start.
        Duration interval = watchInterval(configuration).orElse(Duration.ZERO);
        Duration fresh = interval.plus(interval).plus(interval);
        return fresh.compareTo(SILENCE_COUNTS) > 0 ? fresh : SILENCE_COUNTS;
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

    /** What the administrator is known to have asked of the CA: the first of the configured ones. */
    public AcmeSettings acmeSettings() {
        return configuration.authorities().getFirst();
    }

    /** The certificates that this node shall have, in the file's order. */
    public List<CertificateSpec> specs() {
        return specs(configuration);
    }

    /** The certificates that each node of that configuration shall have, in the file's order. */
    public static List<CertificateSpec> specs(Configuration configuration) {
        AcmeSettings ca = configuration.authorities().getFirst();
        return configuration.sites().stream()
                .map(site -> new CertificateSpec(site, ca.key(), ca.profile()))
                .toList();
    }

    /** Where the front listens; empty where another web server has the port. */
    public List<InetSocketAddress> listenAddresses() {
        return configuration.node(self).listen().stream()
                .map(ListenAddress::socketAddress)
                .toList();
    }

    /**
     * Starts answering on {@link #listenAddresses}.
     *
     * @throws ListenException if one of the addresses cannot be listened on; none is then
     */
    public Front startFront() throws ListenException {
        return Front.start(listenAddresses(), frontService(), FrontLimits.standard(), FrontListener.NONE, clock);
    }

    /**
     * The same for the time of a command: a daemon that starts meanwhile waits for its end. Empty where something else
     * has an address; what that serves, it finds as files.
     */
    public Optional<TemporaryFront> startTemporaryFront() throws StoreException {
        Optional<Store.Lock> lock = listenAddresses().isEmpty() ? Optional.empty() : store.tryLockListening();
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TemporaryFront(startFront(), lock.get()));
        } catch (ListenException e) {
            lock.get().close();
            if (!Front.answersAt(e.address())) {
                log.warn("Challenges are not answered on this server by Ringcert: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    /**
     * Makes a front that was started by another configuration serve by this one, from the next request on. It listens
     * where it did.
     */
    public void applyTo(Front front) {
        front.changeTo(frontService());
    }

    private FrontService frontService() {
        OtherHosts otherHosts = configuration.front().redirectOtherHosts() ? OtherHosts.REDIRECT : OtherHosts.NOT_FOUND;
        return new FrontService(cluster, hosts(), otherHosts, responder());
    }

    private ChallengeResponder responder() {
        return new Handoff(handoffMode(), cluster, challenges, peers(), health, clock);
    }

    private PeerClient peers() {
        return new HttpPeerClient(addresses);
    }

    /** How challenges are handed over that are not held here. */
    public HandoffMode handoffMode() {
        return configuration.front().handoff();
    }

    /** What looks whether the peers answer. */
    public PeerMonitor peerMonitor() {
        return new PeerMonitor(cluster, peers(), health);
    }

    /** How often it is to look; empty where nobody needs to know, or it is switched off. */
    public Optional<Duration> watchInterval() {
        return watchInterval(configuration);
    }

    /**
     * How long after the front's start all peers know that this node answers: an order before that would be stepped
     * over by them.
     */
    public Duration settlingTime() {
        return watchInterval(configuration)
                .map(interval -> interval.plus(PeerClient.TIMEOUT).plus(PeerClient.TIMEOUT))
                .orElse(Duration.ZERO);
    }

    private static Optional<Duration> watchInterval(Configuration configuration) {
        FrontSettings front = configuration.front();
        return front.handoff() == HandoffMode.RING ? front.watch() : Optional.empty();
    }

    private Set<HostName> hosts() {
        Set<HostName> hosts = new HashSet<>();
        configuration.sites().stream().map(Site::names).forEach(hosts::addAll);
        configuration.nodes().forEach(settings -> hosts.add(settings.node().name()));
        return hosts;
    }

    /** The time that this node goes by. */
    Clock clock() {
        return clock;
    }

    /** A client for the CA; asks nothing before it is asked. */
    public CertificateAuthority connectToCa() {
        return AcmeClient.create(
                acmeSettings().directory(), acmeSettings().trustedRoots(), BuildVersion.CURRENT, clock);
    }

    /** What renews the certificates of this node at that CA. */
    public Renewals renewals(CertificateAuthority ca, IssuanceListener listener) {
        return new Renewals(store, issuer(ca, listener), deployer(), servedCheck(), clock, random);
    }

    /** What gets single certificates from that CA. */
    public Issuer issuer(CertificateAuthority ca, IssuanceListener listener) {
        boolean redirects = configuration.front().handoff() != HandoffMode.RELAY
                && configuration.nodes().size() > 1;
        PeerRedirects peerRedirects = redirects ? PeerRedirects.POSSIBLE : PeerRedirects.NEVER;
        return new Issuer(ca, store, challenges, acmeSettings().contact(), peerRedirects, clock, random, listener);
    }

    private Deployer deployer() {
        DeploySettings deploy = configuration.deploy();
        Path certificates = store.certificates();
        Deployer commands = new DeployCommand(deploy.run(), deploy.ofSites(), certificates, DeployCommand.TIME_LIMIT);
        return deploy.haproxySocket()
                .<Deployer>map(
                        socket -> new DeployerChain(List.of(new HaproxyDeployer(socket, certificates), commands)))
                .orElse(commands);
    }

    private ServedCheck servedCheck() {
        Endpoint https = configuration.node(self).https();
        return new HttpsServedCheck(https.host(), https.port(), addresses, HttpsServedCheck.RELOAD);
    }
}
