package org.ringcert.issue;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/** Tests a new certificate before it becomes a site's current one. */
@FunctionalInterface
public interface InstallationTest {

    /** Every certificate is installed at once. */
    InstallationTest NONE = (_, _) -> Optional.empty();

    /**
     * Tests a certificate. Blocks for seconds, or a minute at most; an interrupt ends the test soon and is preserved.
     *
     * @param chain leaf first; what was ordered
     * @return why the certificate is kept and not installed yet, half a sentence without a full stop; empty if it is
     *     installed now
     */
    Optional<String> reasonToKeep(KeyPair key, List<X509Certificate> chain);
}
