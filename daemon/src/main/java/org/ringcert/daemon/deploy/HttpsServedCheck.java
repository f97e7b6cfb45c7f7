package org.ringcert.daemon.deploy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.SubjectNames;
import org.ringcert.renew.ServedCheck;
import org.ringcert.store.CertificateVersion;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks which certificate this server's https presents for a site. A different one for the same name is a problem; it
 * is nearly always the old one. No answer, or a certificate for other names only, is not a problem: this server does
 * not serve the site by https then, which is logged as information.
 */
public final class HttpsServedCheck implements ServedCheck {

    /** Maximum time until a reload of a web server takes effect. */
    public static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(HttpsServedCheck.class);
    private static final Duration VISIT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(250);

    private final String host;
    private final int port;
    private final HostResolver resolver;
    private final Duration reloadTimeout;

    /**
     * Creates a check of this server's https.
     *
     * @param host a name or an address literal
     * @param reloadTimeout how long a different certificate may still be presented before it is a problem
     */
    public HttpsServedCheck(String host, int port, HostResolver resolver, Duration reloadTimeout) {
        this.host = host;
        this.port = port;
        this.resolver = resolver;
        this.reloadTimeout = reloadTimeout;
    }

    @Override
    public Optional<String> check(CertificateVersion version) {
        long deadline = System.nanoTime() + reloadTimeout.toNanos();
        TlsObservation observation = visit(version.site());
        try {
            while (isDifferent(observation, version) && System.nanoTime() < deadline) {
                // A web server does not report when its reload is complete.
                Thread.sleep(RETRY_INTERVAL);
                observation = visit(version.site());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return evaluate(observation, version);
    }

    private TlsObservation visit(HostName site) {
        try {
            List<InetSocketAddress> addresses = resolver.resolve(host, port, VISIT_TIMEOUT);
            TlsObservation observation = new TlsObservation.NoCertificate("it has no address");
            for (InetSocketAddress address : addresses) {
                observation = TlsObserver.observe(address, site, VISIT_TIMEOUT);
                if (observation instanceof TlsObservation.Served) {
                    break;
                }
            }
            return observation;
        } catch (IOException e) {
            return new TlsObservation.NoCertificate(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isDifferent(TlsObservation observation, CertificateVersion version) {
        return observation instanceof TlsObservation.Served(X509Certificate leaf) && !leaf.equals(version.leaf());
    }

    private Optional<String> evaluate(TlsObservation observation, CertificateVersion version) {
        HostName site = version.site();
        switch (observation) {
            case TlsObservation.NoCertificate(String reason) ->
                log.info("{}: no certificate is served at {}, where visitors connect: {}", site, address(), reason);
            case TlsObservation.Served(X509Certificate leaf)
            when leaf.equals(version.leaf()) -> log.info("{}: served at {}", site, address());
            case TlsObservation.Served(X509Certificate leaf)
            when SubjectNames.matches(leaf, site) -> {
                return Optional.of("Visitors of " + address() + " get another certificate, serial "
                        + leaf.getSerialNumber().toString(16) + " until "
                        + leaf.getNotAfter().toInstant()
                        + ". The web server must use the files in certs/" + site
                        + "/ and be reloaded after each renewal: [deploy] does that.");
            }
            case TlsObservation.Served other ->
                log.info("{}: {} has no certificate for it, so this server does not serve it", site, address());
        }
        return Optional.empty();
    }

    private String address() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
