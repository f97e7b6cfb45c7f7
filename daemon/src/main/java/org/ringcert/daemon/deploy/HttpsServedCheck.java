package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SerialNumber;
import org.ringcert.pki.SubjectNames;
import org.ringcert.renew.ServedCheck;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks which certificate this server's https presents for a site. A different one for the same name is a problem; it
 * is nearly always the old one. No answer, or a certificate for other names only, is not a problem: this server does
 * not serve the site by https then, which is logged as information. If a site has two kinds of certificate, it is a
 * problem that only one of them is presented.
 */
public final class HttpsServedCheck implements ServedCheck {

    /** Maximum time until a reload of a web server takes effect. */
    public static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(HttpsServedCheck.class);
    private static final Duration VISIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);

    private final String host;
    private final int port;
    private final Set<HostName> sitesWithTwoKinds;
    private final HostResolver resolver;
    private final Duration reloadTimeout;

    /**
     * Creates a check of this server's https.
     *
     * @param host a name or an address literal
     * @param sitesWithTwoKinds the sites with two certificates whose keys are of different kinds. Each of these
     *     certificates is looked for as a visitor that accepts only its kind.
     * @param reloadTimeout how long a different certificate, or none of its kind, may be presented before it is a
     *     problem
     */
    public HttpsServedCheck(
            String host, int port, Set<HostName> sitesWithTwoKinds, HostResolver resolver, Duration reloadTimeout) {
        this.host = host;
        this.port = port;
        this.sitesWithTwoKinds = Set.copyOf(sitesWithTwoKinds);
        this.resolver = resolver;
        this.reloadTimeout = reloadTimeout;
    }

    @Override
    public Optional<String> check(CertificateVersion version) {
        Optional<KeyAlgorithm> onlyKind =
                version.keyType().map(KeyType::algorithm).filter(_ -> sitesWithTwoKinds.contains(version.site()));
        long deadline = System.nanoTime() + reloadTimeout.toNanos();
        Look look = look(version, onlyKind);
        try {
            while (look.mayChange(version) && System.nanoTime() < deadline) {
                // A web server does not report when its reload is complete.
                Thread.sleep(RETRY_INTERVAL);
                look = look(version, onlyKind);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return evaluate(look, version, onlyKind);
    }

    /**
     * What was seen in one look at the server.
     *
     * @param isKindMissing whether the server presents a certificate for the site, but only of another kind
     */
    private record Look(TlsObservation observation, boolean isKindMissing) {

        /** Returns whether something else may be seen once the web server has reloaded. */
        boolean mayChange(CertificateVersion version) {
            return isKindMissing
                    || (observation instanceof TlsObservation.Served served
                            && !served.leaf().equals(version.leaf()));
        }
    }

    private Look look(CertificateVersion version, Optional<KeyAlgorithm> onlyKind) {
        HostName site = version.site();
        TlsObservation observation = visit(site, onlyKind);
        if (onlyKind.isEmpty() || isForSite(observation, site, onlyKind)) {
            return new Look(observation, false);
        }
        TlsObservation unrestricted = visit(site, Optional.empty());
        boolean isServed = unrestricted instanceof TlsObservation.Served served
                && served.leaf().equals(version.leaf());
        return new Look(unrestricted, !isServed && isForSite(unrestricted, site, Optional.empty()));
    }

    private TlsObservation visit(HostName site, Optional<KeyAlgorithm> onlyKind) {
        try {
            List<InetSocketAddress> addresses = resolver.resolve(host, port, VISIT_TIMEOUT);
            TlsObservation observation = noAddress("it has no address");
            for (InetSocketAddress address : addresses) {
                observation = onlyKind.isPresent()
                        ? TlsObserver.observe(address, site, onlyKind.get(), VISIT_TIMEOUT)
                        : TlsObserver.observe(address, site, VISIT_TIMEOUT);
                if (observation instanceof TlsObservation.Served) {
                    break;
                }
            }
            return observation;
        } catch (IOException e) {
            return noAddress(String.valueOf(e.getMessage()));
        }
    }

    private static TlsObservation noAddress(String reason) {
        return new TlsObservation.NoCertificate(TlsObservation.Obstacle.UNREACHABLE, reason);
    }

    /** Returns whether a certificate for the site was presented, of the given kind if there is one. */
    private static boolean isForSite(TlsObservation observation, HostName site, Optional<KeyAlgorithm> kind) {
        return observation instanceof TlsObservation.Served served
                && SubjectNames.matches(served.leaf(), site)
                && kind.map(algorithm -> algorithm
                                .name()
                                .equals(served.leaf().getPublicKey().getAlgorithm()))
                        .orElse(true);
    }

    private Optional<String> evaluate(Look look, CertificateVersion version, Optional<KeyAlgorithm> onlyKind) {
        HostName site = version.site();
        CertificateName name = version.name();
        if (look.isKindMissing()) {
            return Optional.of(visitors(onlyKind) + " get no certificate for the site, but others do."
                    + " The web server must use the files in certs/" + name
                    + "/ as well: `ringcert web SERVER --site " + site
                    + "` prints how, where SERVER is apache, nginx or haproxy.");
        }
        switch (look.observation()) {
            case TlsObservation.NoCertificate(var _, String reason) ->
                log.info("{}: no certificate is served at {}, where visitors connect: {}", name, address(), reason);
            case TlsObservation.Served served
            when served.leaf().equals(version.leaf()) -> log.info("{}: served at {}", name, address());
            case TlsObservation.Served served
            when SubjectNames.matches(served.leaf(), site) -> {
                X509Certificate leaf = served.leaf();
                return Optional.of(visitors(onlyKind) + " get another certificate, serial "
                        + SerialNumber.of(leaf) + " until "
                        + leaf.getNotAfter().toInstant()
                        + ". The web server must use the files in certs/" + name
                        + "/ and be reloaded after each renewal: [deploy] does that.");
            }
            case TlsObservation.Served other ->
                log.info("{}: {} has no certificate for it, so this server does not serve it", name, address());
        }
        return Optional.empty();
    }

    private String visitors(Optional<KeyAlgorithm> onlyKind) {
        return "Visitors of " + address()
                + onlyKind.map(kind -> " who accept only " + kind + " keys").orElse("");
    }

    private String address() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
