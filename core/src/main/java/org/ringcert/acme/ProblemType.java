package org.ringcert.acme;

import java.util.Arrays;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Fault;

/**
 * The error types of ACME: those of RFC 8555, section 6.7, the later ones of IANA's registry, and those that CAs use
 * without a registration. Says whose fault each is, and what the administrator can do.
 */
enum ProblemType {
    ACCOUNT_DOES_NOT_EXIST("accountDoesNotExist", Fault.CA, "Ringcert registers a new account by itself."),
    /** RFC 9773, section 7.4. */
    ALREADY_REPLACED(
            "alreadyReplaced", Fault.CA, "Ringcert orders again by itself, without naming the previous certificate."),
    ALREADY_REVOKED("alreadyRevoked", Fault.CA, "Nothing remains to be done: the certificate is revoked."),
    BAD_CSR(
            "badCSR",
            Fault.CA,
            "Check the CA's rules for keys and names against the site's key type and its number of names."),
    BAD_NONCE(
            "badNonce",
            Fault.CA,
            "Ringcert tries again by itself; if the error stays, look for a proxy that caches the CA's responses."),
    BAD_PUBLIC_KEY(
            "badPublicKey",
            Fault.CA,
            "Move the account's file in Ringcert's store away; the next attempt registers an account with a new key."),
    BAD_REVOCATION_REASON(
            "badRevocationReason", Fault.CA, "Revoke the certificate with another reason, or without one."),
    BAD_SIGNATURE_ALGORITHM(
            "badSignatureAlgorithm",
            Fault.CA,
            "Move the account's file in Ringcert's store away; the next attempt registers an account with a new key."),
    CAA(
            "caa",
            Fault.SITE,
            "Check the CAA records in the DNS: where there are any, one must allow this CA, and this server's account"
                    + " if it names an account."),
    COMPOUND("compound", Fault.CA, "Correct each of the errors that the CA lists."),
    /** Not registered; Boulder answers so to a request that contradicts another one. */
    CONFLICT("conflict", Fault.CA, "Ringcert tries again by itself."),
    CONNECTION(
            "connection",
            Fault.SITE,
            "Check that port 80 can be reached from the Internet, at every address that the DNS has for the name."),
    DNS(
            "dns",
            Fault.SITE,
            "Check that the name has an address in the DNS, and that its DNS servers answer from the Internet, also for"
                    + " CAA records."),
    EXTERNAL_ACCOUNT_REQUIRED("externalAccountRequired", Fault.CA, BindingAdvice.MISSING),
    INCORRECT_RESPONSE(
            "incorrectResponse",
            Fault.SITE,
            "Check that requests for /.well-known/acme-challenge/ reach Ringcert and no other web server."),
    INVALID_CONTACT(
            "invalidContact", Fault.CA, "Set [acme] contact to an e-mail address that the CA accepts, or remove it."),
    /** draft-ietf-acme-profiles, section 6. */
    INVALID_PROFILE(
            "invalidProfile", Fault.CA, "Set profile in [acme] or [[site]] to one that the CA offers, or remove it."),
    MALFORMED(
            "malformed",
            Fault.CA,
            "Check the name or setting that the CA's words refer to; if they refer to none, update Ringcert."),
    /** RFC 9799, section 9.4. */
    ONION_CAA_REQUIRED("onionCAARequired", Fault.CA, Advice.UNUSED),
    ORDER_NOT_READY("orderNotReady", Fault.CA, "Ringcert tries again by itself."),
    RATE_LIMITED(
            "rateLimited",
            Fault.CA,
            "Ringcert waits and tries again by itself; orders by hand would only use up more of the limit."),
    REJECTED_IDENTIFIER(
            "rejectedIdentifier",
            Fault.CA,
            "Check how the name is spelled; if it is right, this CA issues no certificate for it, and another CA may."),
    /** A validation failed. step-ca and Caddy say so when the name's web server gave a wrong answer. */
    REJECTED_IDENTIFIER_BY_SITE(
            "rejectedIdentifier",
            Fault.SITE,
            "Check that requests for /.well-known/acme-challenge/ reach Ringcert and no other web server; if they do, this"
                    + " CA issues no certificate for the name."),
    SERVER_INTERNAL("serverInternal", Fault.CA, "Ringcert tries again by itself; the CA's status page may say more."),
    TLS(
            "tls",
            Fault.SITE,
            "Check the https server to which requests for /.well-known/acme-challenge/ are redirected, or do not"
                    + " redirect them to https."),
    /** A request was refused. */
    UNAUTHORIZED(
            "unauthorized",
            Fault.CA,
            "Check on the CA's website, or with its support, what this server's account may order."),
    /** A validation failed. The name's web server gave a wrong answer (RFC 8555, section 8.3). */
    UNAUTHORIZED_BY_SITE("unauthorized", Fault.SITE, INCORRECT_RESPONSE.advice),
    UNSUPPORTED_CONTACT(
            "unsupportedContact",
            Fault.CA,
            "Set [acme] contact to an e-mail address that the CA accepts, or remove it."),
    UNSUPPORTED_IDENTIFIER(
            "unsupportedIdentifier", Fault.CA, "This CA issues no certificates for such names; another CA may."),
    USER_ACTION_REQUIRED(
            "userActionRequired",
            Fault.CA,
            "Do on the CA's website what it asks for, such as agreeing to new terms; Ringcert then goes on by itself."),
    /** RFC 8739, section 6.2, as the three that follow. */
    AUTO_RENEWAL_CANCELED("autoRenewalCanceled", Fault.CA, Advice.UNUSED),
    AUTO_RENEWAL_EXPIRED("autoRenewalExpired", Fault.CA, Advice.UNUSED),
    AUTO_RENEWAL_CANCELLATION_INVALID("autoRenewalCancellationInvalid", Fault.CA, Advice.UNUSED),
    AUTO_RENEWAL_REVOCATION_NOT_SUPPORTED("autoRenewalRevocationNotSupported", Fault.CA, Advice.UNUSED),
    /** RFC 9115, section 6.5. */
    UNKNOWN_DELEGATION("unknownDelegation", Fault.CA, Advice.UNUSED);

    private static final class Advice {
        static final String UNUSED =
                "Ringcert does not use this part of ACME: ask the CA why it answers so, or choose another CA.";
    }

    private final String name;
    private final Fault fault;
    private final String advice;

    ProblemType(String name, Fault fault, String advice) {
        this.name = name;
        this.fault = fault;
        this.advice = advice;
    }

    /**
     * Returns the type with this URN; empty if it is unknown.
     *
     * @param ofValidation whether the error is part of an authorization or an order, rather than the reply to a request
     */
    static Optional<ProblemType> of(String urn, boolean ofValidation) {
        if (ofValidation && urn.equals(UNAUTHORIZED.urn())) {
            return Optional.of(UNAUTHORIZED_BY_SITE);
        }
        if (ofValidation && urn.equals(REJECTED_IDENTIFIER.urn())) {
            return Optional.of(REJECTED_IDENTIFIER_BY_SITE);
        }
        return Arrays.stream(values()).filter(type -> urn.equals(type.urn())).findFirst();
    }

    String urn() {
        return ProblemDocument.NAMESPACE + name;
    }

    Fault fault() {
        return fault;
    }

    /** Returns what the administrator can do: one sentence. */
    String advice() {
        return advice;
    }
}
