package org.ringcert.it.view;

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
import org.ringcert.pki.SelfSignedCertificate;

/** A self-signed certificate and its key, both in PEM files. */
record TestCertificate(Path certificate, Path key) {

    private static final Duration AGE = Duration.ofHours(1);
    private static final Duration REMAINING = Duration.ofDays(2);

    /** Writes both files into a folder. */
    static TestCertificate write(Path folder, String name) throws IOException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        String pem = Pem.write(List.of(
                SelfSignedCertificate.create(key, List.of(new HostName(name)), now.minus(AGE), now.plus(REMAINING))));
        return new TestCertificate(
                Files.writeString(folder.resolve("https.pem"), pem),
                Files.writeString(folder.resolve("https.key"), Pem.write(key.getPrivate())));
    }
}
