package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.challenge.KeyAuthorization;

/**
 * A certificate authority, as the rest of the house sees it: the resources of RFC 8555, one method for each thing that
 * is asked of them.
 *
 * <p>All methods block and may be called from any number of threads. Each has a deadline of its own and ends by it with
 * {@link AcmeException.Kind#UNREACHABLE}, whatever the other side does; an interrupt ends it as well, with the same
 * kind and the thread's interrupt status set. Refused nonces (RFC 8555, section 6.5) are retried inside. Nothing is
 * remembered between calls but what RFC 8555 lets a client keep: the directory and unused nonces.
 */
public interface CertificateAuthority extends AutoCloseable {

    /** The URL of its directory, which names it. */
    URI directory();

    /** Profiles that it offers, by name; empty where it knows none (draft-ietf-acme-profiles). */
    List<String> profiles() throws AcmeException;

    /**
     * Registers the key, or finds the account that it has already (RFC 8555, section 7.3). Agrees to the terms of
     * service; the caller has the user's word for that.
     *
     * @param contact an e-mail address without scheme
     */
    Account register(KeyPair key, Optional<String> contact) throws AcmeException;

    /**
     * Where the CA stands with the account of that key: it is asked for it, and makes none (RFC 8555, section 7.3.1).
     */
    AccountStatus accountStatus(KeyPair key) throws AcmeException;

    /**
     * A new order (RFC 8555, section 7.4). A CA may answer with an order that was already open for the same account and
     * names.
     */
    Order newOrder(Account account, NewOrder wanted) throws AcmeException;

    /** The order as it stands (RFC 8555, section 7.1.3). */
    Order fetchOrder(Account account, URI order) throws AcmeException;

    /** An authorization as it stands (RFC 8555, section 7.5). */
    Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException;

    /**
     * Tells the CA that the challenge is answered (RFC 8555, section 7.5.1). The key authorization must be published
     * before. A challenge's own URL is asked for nothing else: with many CAs a mere look at it begins the validation.
     */
    void respond(Account account, Challenge challenge) throws AcmeException;

    /**
     * Waits until the CA has decided on the authorization ({@link Authorization#isUndecided}), at most as long as a
     * validation may take, and returns it as it then stands; one that is still undecided is
     * {@link AcmeException.Kind#UNREACHABLE}.
     */
    Authorization awaitValidation(Account account, URI authorization) throws AcmeException;

    /**
     * Sends the certificate request (PKCS #10, DER) of an order that is ready and has a URL for it (RFC 8555, section
     * 7.4), waits while the CA is at work, and returns the order as it then stands, valid or invalid.
     */
    Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException;

    /** Waits while the order has that status, and returns it as it then stands. */
    Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException;

    /**
     * The chain of a valid order, leaf first (RFC 8555, section 7.4.2; RFC 8555, section 9.1). Not checked against
     * anything.
     */
    List<X509Certificate> downloadCertificate(Account account, Order order) throws AcmeException;

    /** The key authorization of a token for that account (RFC 8555, section 8.1). */
    static KeyAuthorization keyAuthorization(Account account, org.ringcert.challenge.Token token) {
        return new KeyAuthorization(token, account.thumbprint());
    }

    /** Lets go of its connections; calls under way end with an error. */
    @Override
    void close();
}
