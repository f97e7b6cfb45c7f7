package org.ringcert.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/** Names, keys and certificates for tests of the store. */
final class Sample {

    static final HostName SITE = new HostName("www.example.org");
    static final Instant NOW = Instant.parse("2026-11-23T10:15:00Z");
    static final URI CA = URI.create("https://ca.example.org/directory");
    static final Origin ISSUED = new Origin.IssuedByCa(
            CA, Optional.of(URI.create("https://ca.example.org/account/7")), Optional.of("tlsserver"));

    private Sample() {}

    static KeyPair key() {
        return KeyType.EC256.generate(new SecureRandom());
    }

    /** Returns a leaf for the site with that key, and an unrelated certificate in place of its issuer. */
    static List<X509Certificate> chain(KeyPair key) {
        X509Certificate leaf = SelfSignedCertificate.create(
                key, List.of(SITE, new HostName("example.org")), NOW, NOW.plus(Duration.ofDays(90)));
        X509Certificate issuer = SelfSignedCertificate.create(
                key(), List.of(new HostName("ca.example.org")), NOW, NOW.plus(Duration.ofDays(900)));
        return List.of(leaf, issuer);
    }

    static CertificateVersion install(Store store) throws StoreException {
        KeyPair key = key();
        return store.install(CertificateName.first(SITE), key, chain(key), ISSUED);
    }

    static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
    }
}
