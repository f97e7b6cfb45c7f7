package org.ringcert.view.visitor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.TlsObservation.NoCertificate;
import org.ringcert.view.visitor.TlsObservation.Obstacle;
import org.ringcert.view.visitor.TlsObservation.Served;

/**
 * Looks at servers as visitors of their sites do, by one TLS handshake for each look, and judges what they present. A
 * look may take more handshakes if it accepts only one kind of key. Thread-safe.
 */
public final class VisitorView {

    private final AddressLookup addresses;
    private final InstantSource clock;
    private final Duration timeout;
    private final Judgement judgement;

    /** Finds the addresses of a host, as {@link HostResolver#resolve} does. */
    @FunctionalInterface
    interface AddressLookup {
        List<InetSocketAddress> resolve(String host, int port, Duration timeout) throws IOException;
    }

    /**
     * Creates a view from this node.
     *
     * @param self this node, whose certificates are compared with those on the disk
     * @param resolver resolves the hosts of servers
     * @param standing of the configured CAs
     * @param timeout of one look at one address of a server
     */
    public VisitorView(
            HostName self,
            HostResolver resolver,
            InstantSource clock,
            ChainTrust trust,
            CaStanding standing,
            InstalledCertificates installed,
            Duration timeout) {
        this(self, resolver::resolve, clock, trust, standing, installed, timeout);
    }

    VisitorView(
            HostName self,
            AddressLookup addresses,
            InstantSource clock,
            ChainTrust trust,
            CaStanding standing,
            InstalledCertificates installed,
            Duration timeout) {
        this.addresses = addresses;
        this.clock = clock;
        this.timeout = timeout;
        this.judgement = new Judgement(self, trust, standing, installed);
    }

    /**
     * Looks at what a server presents for the first name of a site. Tries the addresses of the server in their order
     * until one presents a certificate. Blocks; meant for virtual threads, where an interrupt ends the wait.
     */
    public Cell look(VisitorTarget target) {
        return look(target, target.site().name());
    }

    /**
     * Looks as {@link #look(VisitorTarget)} does.
     *
     * @param observer receives what the server presents, before it is judged
     */
    public Cell look(VisitorTarget target, Consumer<TlsObservation> observer) {
        return look(target, target.site().name(), observer);
    }

    /**
     * Looks as {@link #look(VisitorTarget)} does, for another name of the site. The certificate must have all of the
     * site's names here as well.
     *
     * @param name what is sent to the server (SNI; RFC 6066, section 3)
     */
    public Cell look(VisitorTarget target, HostName name) {
        return look(target, name, _ -> {});
    }

    private Cell look(VisitorTarget target, HostName name, Consumer<TlsObservation> observer) {
        TlsObservation observation = visit(target, name, target.kind());
        observer.accept(observation);
        return judgement.cell(target, observation, isKindMissing(target, name, observation), clock.instant());
    }

    /**
     * Returns what a server presents for the first name of a site, without a judgement. Looks as
     * {@link #look(VisitorTarget)} does.
     */
    public TlsObservation observe(VisitorTarget target) {
        return visit(target, target.site().name(), target.kind());
    }

    /** Returns whether the server has a certificate for visitors of another kind than the target's. */
    private boolean isKindMissing(VisitorTarget target, HostName name, TlsObservation observation) {
        if (target.kind().isEmpty()) {
            return false;
        }
        return switch (observation) {
            case Served served -> !isOf(target.kind().get(), served);
            case NoCertificate none ->
                none.obstacle() == Obstacle.HANDSHAKE_FAILED
                        && visit(target, name, Optional.empty()) instanceof Served served
                        && served.failure().isEmpty();
        };
    }

    private static boolean isOf(KeyAlgorithm kind, Served served) {
        return served.leaf().getPublicKey().getAlgorithm().equals(kind.name());
    }

    private TlsObservation visit(VisitorTarget target, HostName name, Optional<KeyAlgorithm> kind) {
        try {
            TlsObservation observation = new NoCertificate(Obstacle.UNREACHABLE, "it has no address");
            for (InetSocketAddress address : addresses.resolve(target.host(), target.port(), timeout)) {
                observation = kind.isPresent()
                        ? TlsObserver.observe(address, name, kind.get(), timeout)
                        : TlsObserver.observe(address, name, timeout);
                if (observation instanceof Served) {
                    break;
                }
            }
            return observation;
        } catch (IOException e) {
            return new NoCertificate(Obstacle.UNREACHABLE, String.valueOf(e.getMessage()));
        }
    }
}
