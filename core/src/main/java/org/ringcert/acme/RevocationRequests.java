package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ObjectNode;

/** The requests to revokeCert (RFC 8555, section 7.6). Thread-safe. */
final class RevocationRequests {

    private static final String REVOCATION = "the revocation";

    private final Session session;
    private final String caHost;

    /** @param caHost names the CA in messages */
    RevocationRequests(Session session, String caHost) {
        this.session = session;
        this.caHost = caHost;
    }

    /** See {@link CertificateAuthority#revoke(Account, X509Certificate, RevocationReason)}. */
    RevocationResult byAccount(Account account, X509Certificate certificate, RevocationReason reason, Deadline deadline)
            throws AcmeException {
        return send(
                Jws.withAccount(account),
                certificate,
                reason,
                "The account " + account.url() + " may not revoke this certificate: another account has ordered it,"
                        + " or the account is deactivated.",
                deadline);
    }

    /** See {@link CertificateAuthority#revoke(KeyPair, X509Certificate, RevocationReason)}. */
    RevocationResult byKey(
            KeyPair certificateKey, X509Certificate certificate, RevocationReason reason, Deadline deadline)
            throws AcmeException {
        return send(
                Jws.withKey(certificateKey),
                certificate,
                reason,
                "The CA does not accept the signature of the certificate's own key.",
                deadline);
    }

    private RevocationResult send(
            Jws signer, X509Certificate certificate, RevocationReason reason, String refusedSigner, Deadline deadline)
            throws AcmeException {
        URI url = directory(deadline)
                .revokeCert()
                .orElseThrow(() -> AcmeErrors.refused(caHost + " revokes no certificates over ACME: its directory has"
                        + " no \"revokeCert\". Ask the CA how to revoke one"));
        try {
            session.send(signer, SignedRequest.post(url, payload(certificate, reason), REVOCATION), deadline);
            return RevocationResult.REVOKED;
        } catch (AcmeException e) {
            if (hasType(e, ProblemType.ALREADY_REVOKED)) {
                return RevocationResult.ALREADY_REVOKED;
            }
            throw withAdvice(e, refusedSigner);
        }
    }

    private Directory directory(Deadline deadline) throws AcmeException {
        try {
            return session.directory(deadline);
        } catch (AcmeException e) {
            throw e.unsent();
        }
    }

    private static ObjectNode payload(X509Certificate certificate, RevocationReason reason) {
        ObjectNode payload = JsonFormat.newObject();
        try {
            payload.put("certificate", Jwk.base64Url(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("the certificate cannot be encoded", e);
        }
        // RFC 5280, section 5.3.1: a reason that is unspecified should be absent.
        if (reason != RevocationReason.UNSPECIFIED) {
            payload.put("reason", reason.code());
        }
        return payload;
    }

    /** Replaces advice that is about orders. */
    private static AcmeException withAdvice(AcmeException e, String refusedSigner) {
        if (hasType(e, ProblemType.UNAUTHORIZED) || hasType(e, ProblemType.BAD_PUBLIC_KEY)) {
            return e.withOnlyAdvice(refusedSigner);
        }
        return switch (e.kind()) {
            // The statement says that the account is unknown.
            case ACCOUNT_GONE -> e.withOnlyAdvice("");
            case REFUSED -> hasType(e, ProblemType.MALFORMED) ? e.withOnlyAdvice("") : e;
            case NOT_FOUND -> e.withOnlyAdvice("The CA may not have issued this certificate.");
            case RATE_LIMITED -> e.withOnlyAdvice("Run the command again later.");
            default -> e;
        };
    }

    private static boolean hasType(AcmeException e, ProblemType type) {
        return e.problem().filter(problem -> problem.type().equals(type.urn())).isPresent();
    }
}
