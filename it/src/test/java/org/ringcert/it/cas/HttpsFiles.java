package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * A self-signed certificate for {@link CaNetwork#CA_NAME}, for CAs that do not make one for their own https.
 *
 * @param certificate in PEM, also the CA file of the nodes
 * @param key in PEM, PKCS #8
 */
record HttpsFiles(Path certificate, Path key) {

    private static final Duration VALIDITY = Duration.ofDays(30);

    /** Writes both files. */
    static HttpsFiles write(Path folder) throws IOException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        HttpsFiles files = new HttpsFiles(folder.resolve("https.pem"), folder.resolve("https.key"));
        Files.writeString(
                files.certificate,
                Pem.write(List.of(SelfSignedCertificate.create(
                        key, List.of(CaNetwork.CA_NAME), now.minus(Duration.ofHours(1)), now.plus(VALIDITY)))));
        Files.writeString(files.key, Pem.write(key.getPrivate()));
        return files;
    }
}
