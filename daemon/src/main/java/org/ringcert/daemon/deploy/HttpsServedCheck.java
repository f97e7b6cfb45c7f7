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
 * Looks which certificate this server's https shows for a site. Another one that is for the site's name is trouble: the
 * old one, nearly always. No answer, or one for other names only, is none: then this server has no https for that site,
 * which is said once, quietly.
 */
public final class HttpsServedCheck implements ServedCheck {

    /** How long a web server may take until a reload is felt. */
    public static final Duration RELOAD = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(HttpsServedCheck.class);
    private static final Duration VISIT = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private final String host;
    private final int port;
    private final HostResolver addresses;
    private final Duration reload;

    /**
     * The https of this server.
     *
     * @param host a name or an address literal
     * @param reload how long the old certificate may be seen until it is trouble
     */
    public HttpsServedCheck(String host, int port, HostResolver addresses, Duration reload) {
        this.host = host;
        this.port = port;
        this.addresses = addresses;
        this.reload = reload;
    }

    @Override
    public Optional<String> check(CertificateVersion version) {
        long end = System.nanoTime() + reload.toNanos();
        TlsObservation sight = visit(version.site());
        try {
            while (isAnother(sight, version) && System.nanoTime() < end) {
                // a server tells nobody when its reload is done
                Thread.sleep(BETWEEN);
                sight = visit(version.site());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return judge(sight, version);
    }

    private TlsObservation visit(HostName site) {
        try {
            List<InetSocketAddress> found = addresses.resolve(host, port, VISIT);
            TlsObservation sight = new TlsObservation.NoCertificate("it has no address");
            for (InetSocketAddress address : found) {
                sight = TlsObserver.observe(address, site, VISIT);
                if (sight instanceof TlsObservation.Served) {
                    break;
                }
            }
            return sight;
        } catch (IOException e) {
            return new TlsObservation.NoCertificate(String.valueOf(e.getMessage()));
        }
    }

    private static boolean isAnother(TlsObservation sight, CertificateVersion version) {
        return sight instanceof TlsObservation.Served(X509Certificate leaf) && !leaf.equals(version.leaf());
    }

    private Optional<String> judge(TlsObservation sight, CertificateVersion version) {
        HostName site = version.site();
        switch (sight) {
            case TlsObservation.NoCertificate(String reason) ->
                log.info("{}: nothing is served at {}, where a visitor would look: {}", site, place(), reason);
            case TlsObservation.Served(X509Certificate leaf)
            when leaf.equals(version.leaf()) -> log.info("{}: served at {}", site, place());
            case TlsObservation.Served(X509Certificate leaf)
            when SubjectNames.matches(leaf, site) -> {
                return Optional.of("Visitors of " + place() + " are shown another certificate, serial "
                        + leaf.getSerialNumber().toString(16) + " until "
                        + leaf.getNotAfter().toInstant()
                        + ". The web server has to name " + site
                        + "/ of certs/ in its configuration, and be reloaded after"
                        + " each renewal: [deploy] does that.");
            }
            case TlsObservation.Served other ->
                log.info("{}: {} has no certificate for it, so this server does not serve it", site, place());
        }
        return Optional.empty();
    }

    private String place() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
