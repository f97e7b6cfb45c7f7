package org.ringcert.issue;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.SubjectNames;

/**
 * Checks that a chain from the CA is what was ordered: key, names, expiry and signatures. RFC 8555, section 11.4,
 * leaves this check to the client.
 */
final class ChainCheck {

    private ChainCheck() {}

    /** @throws IssuanceException if the chain cannot be used; the message says why, and a new order would not help */
    static void check(List<X509Certificate> chain, PublicKey key, List<HostName> names, Instant now)
            throws IssuanceException {
        X509Certificate leaf = chain.getFirst();
        if (!leaf.getPublicKey().equals(key)) {
            throw IssuanceException.certificateUnusable("The certificate has a different key than was ordered");
        }
        Set<HostName> certified = new HashSet<>(SubjectNames.hostNames(leaf));
        if (certified.isEmpty()) {
            throw IssuanceException.certificateUnusable(
                    "The certificate is for no host name. Make the CA copy the names"
                            + " of the certificate request (OpenSSL: -copy_extensions copy)");
        }
        // Some CAs add names of their own, such as www in front of a domain.
        if (!certified.containsAll(names)) {
            throw IssuanceException.certificateUnusable(
                    "The certificate lacks names that were ordered; it has " + certified);
        }
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            throw IssuanceException.certificateUnusable("The certificate has already expired, at "
                    + leaf.getNotAfter().toInstant() + ". Check this server's clock; it says " + now);
        }
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw IssuanceException.certificateUnusable(
                        "The certificate chain is broken: certificate " + i + " is not signed by the next one");
            }
        }
    }
}
