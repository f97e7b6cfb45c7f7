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

/** Whether a chain from the CA is what was ordered (RFC 8555, section 11.4 leaves that to the client). */
final class ChainCheck {

    private ChainCheck() {}

    /** @throws IssueException if it is not, which another order would not change; the message says why */
    static void check(List<X509Certificate> chain, PublicKey key, List<HostName> names, Instant now)
            throws IssueException {
        X509Certificate leaf = chain.getFirst();
        if (!leaf.getPublicKey().equals(key)) {
            throw IssueException.useless("the certificate is for another key than the one that was ordered");
        }
        Set<HostName> certified = new HashSet<>(SubjectNames.hostNames(leaf));
        if (!certified.equals(Set.copyOf(names))) {
            throw IssueException.useless("the certificate is for other names than were ordered: " + certified);
        }
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            throw IssueException.useless("the certificate has expired already, at "
                    + leaf.getNotAfter().toInstant() + "; is this server's clock right? It says " + now);
        }
        for (int i = 1; i < chain.size(); i++) {
            try {
                chain.get(i - 1).verify(chain.get(i).getPublicKey());
            } catch (GeneralSecurityException e) {
                throw IssueException.useless(
                        "the chain is broken: certificate " + i + " is not signed by the one after it");
            }
        }
    }
}
