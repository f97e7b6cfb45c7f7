package org.ringcert.issue;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.issue.RevocationOutcome.Signer;

/** What a {@link FakeCa} has revoked, and what it refuses to revoke. */
public final class FakeRevocations {

    /** A request that the CA has accepted. */
    public record Accepted(Signer signer, X509Certificate certificate, RevocationReason reason) {}

    /** What the CA has revoked so far. */
    public final List<Accepted> accepted = new CopyOnWriteArrayList<>();

    private final Map<Signer, AcmeException> refusals = new HashMap<>();

    /** Refuses all requests of such a signer from now on. */
    public synchronized void refuse(Signer signer, AcmeException refusal) {
        refusals.put(signer, refusal);
    }

    synchronized RevocationResult revoke(Signer signer, X509Certificate certificate, RevocationReason reason)
            throws AcmeException {
        if (refusals.containsKey(signer)) {
            throw refusals.get(signer);
        }
        boolean isRevoked =
                accepted.stream().anyMatch(earlier -> earlier.certificate().equals(certificate));
        accepted.add(new Accepted(signer, certificate, reason));
        return isRevoked ? RevocationResult.ALREADY_REVOKED : RevocationResult.REVOKED;
    }
}
