package org.ringcert.it.visitors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.TestIssuer;

/** A certificate from some CA that ended an hour ago, in files of the usual names. */
final class ExpiredCertificate {

    private static final Duration LIFETIME = Duration.ofDays(90);
    private static final Duration EXPIRED_FOR = Duration.ofHours(1);

    private ExpiredCertificate() {}

    /** Writes the files into a new directory in the given one, and returns it. */
    static Path write(Path parent, List<HostName> names) throws IOException {
        Path folder = Files.createTempDirectory(parent, "expired");
        Instant end = Instant.now().minus(EXPIRED_FOR);
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Files.writeString(
                folder.resolve("fullchain.pem"),
                Pem.write(new TestIssuer(Instant.now())
                        .chain(key.getPublic().getEncoded(), names, end.minus(LIFETIME), end)));
        Files.writeString(folder.resolve("privkey.pem"), Pem.write(key.getPrivate()));
        return folder;
    }
}
