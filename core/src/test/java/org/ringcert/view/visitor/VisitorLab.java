package org.ringcert.view.visitor;

import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.http.HostResolver;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.TestAuthority;
import org.ringcert.view.visitor.TlsServer.Identity;

/** A site with two names, its CA, and a view whose parts a test can change. */
final class VisitorLab {

    static final HostName WWW = new HostName("www.example.org");
    static final HostName BARE = new HostName("example.org");
    static final Site SITE = new Site(List.of(WWW, BARE));
    static final HostName SELF = new HostName("web0.example.org");
    static final HostName PEER = new HostName("web1.example.org");
    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final String LOOPBACK = "127.0.0.1";

    final TestAuthority root = TestAuthority.root("Example Root", NOW);
    final TestAuthority intermediate = root.intermediate("Example Intermediate");
    final KeyPair key = KeyType.EC256.generate(new SecureRandom());
    List<X509Certificate> trusted = List.of(root.certificate());
    List<X509Certificate> onDisk = List.of();
    CaStanding standing = CaStanding.PUBLIC;
    Duration timeout = Duration.ofSeconds(60);
    HostName node = PEER;
    String host = LOOPBACK;
    VisitorView.AddressLookup addresses = new HostResolver()::resolve;
    Optional<KeyAlgorithm> kind = Optional.empty();

    static Instant in(int days) {
        return NOW.plus(Duration.ofDays(days));
    }

    static Instant ago(int days) {
        return NOW.minus(Duration.ofDays(days));
    }

    /** Returns a certificate for the site that was issued 10 days ago and is valid for another 80. */
    X509Certificate leaf() {
        return leaf(ago(10), in(80));
    }

    X509Certificate leaf(Instant notBefore, Instant notAfter) {
        return intermediate.leaf(key.getPublic(), SITE.names(), notBefore, notAfter);
    }

    X509Certificate leafFor(HostName... names) {
        return intermediate.leaf(key.getPublic(), List.of(names), ago(10), in(80));
    }

    Cell look(int port) {
        VisitorView view = new VisitorView(
                SELF, addresses, InstantSource.fixed(NOW), ChainTrust.of(trusted), standing, _ -> onDisk, timeout);
        return view.look(new VisitorTarget(SITE, kind, node, host, port));
    }

    /** Looks at a server that presents these certificates. */
    Cell lookAt(X509Certificate... chain) throws Exception {
        return lookAt(new Identity(List.of(chain), key));
    }

    Cell lookAt(Identity... identities) throws Exception {
        try (TlsServer server = TlsServer.start(identities)) {
            return look(server.port());
        }
    }
}
