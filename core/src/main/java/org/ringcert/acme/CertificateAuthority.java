package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;

/**
 * A certificate authority, seen through the resources of RFC 8555. Each method is one operation on one of them.
 *
 * <p>All methods block and may be called from any number of threads. Every call has a deadline of its own. When it
 * passes, the call fails with {@link AcmeException.Kind#UNREACHABLE}, whatever the other side does. An interrupt fails
 * the call with the same kind and leaves the thread's interrupt status set. Rejected nonces (RFC 8555, section 6.5) are
 * retried internally. Between calls, an implementation keeps only the directory and unused nonces.
 */
public interface CertificateAuthority extends AutoCloseable {

    /** Returns the directory URL, which identifies this CA. */
    URI directory();

    /** Returns the names of the profiles the CA offers (draft-ietf-acme-profiles); empty if it has none. */
    List<String> profiles() throws AcmeException;

    /**
     * Creates an account for the key, or finds the one it already has (RFC 8555, section 7.3). Agrees to the terms of
     * service; the caller must have the user's consent. If the CA refuses the contact, the account is created without
     * it, and the result says so.
     *
     * @throws AcmeException also if the request has a binding problem and the key has no account; the message contains
     *     that problem
     */
    Registration register(KeyPair key, NewAccount request) throws AcmeException;

    /** Asks the CA for the key's account, without creating one (RFC 8555, section 7.3.1). */
    AccountLookup lookUpAccount(KeyPair key) throws AcmeException;

    /** Returns the account as the CA shows it (RFC 8555, section 7.1.2). */
    AccountDetails accountDetails(Account account) throws AcmeException;

    /**
     * Replaces all contacts of the account (RFC 8555, section 7.3.2).
     *
     * @param contact an e-mail address without a scheme; empty to remove the contacts
     * @return the account as the CA's reply shows it. Some CAs accept a contact and do not keep it.
     */
    AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException;

    /**
     * Asks the CA to replace the account's key (RFC 8555, section 7.3.5). The account's URL stays. If the call fails,
     * the CA may nevertheless have changed the key; {@link #lookUpAccount} says which of the two it knows.
     *
     * @param next a key that has no account
     */
    void changeKey(Account account, KeyPair next) throws AcmeException;

    /**
     * Closes the account for good (RFC 8555, section 7.3.6). If the call fails, the CA may nevertheless have done it;
     * {@link #lookUpAccount} says so.
     */
    void deactivate(Account account) throws AcmeException;

    /**
     * Returns whether the CA has renewal information (RFC 9773). If not, it does not know which certificate an order
     * replaces, and {@link #newOrder} does not tell it.
     */
    boolean hasRenewalInfo() throws AcmeException;

    /** Returns what the CA's directory says about the CA. */
    CaInformation information() throws AcmeException;

    /** Returns what the CA's directory said when it was last read, without a request; empty if it was not read yet. */
    default Optional<CaInformation> knownInformation() {
        return Optional.empty();
    }

    /**
     * Compares this server's clock with the CA's, as the Date of its replies shows it (RFC 9110, section 6.6.1). Call
     * it before a new order: with a wrong clock, a certificate may be due as soon as it is issued.
     *
     * @throws AcmeException of kind {@link AcmeException.Kind#WRONG_CLOCK} if they are more than a day apart; the
     *     message has both times
     */
    default void checkClock() throws AcmeException {}

    /**
     * Submits a new order (RFC 8555, section 7.4). The CA may return an order that is already open for the same account
     * and names, whose {@link Order#replaces} then differs from the request's.
     *
     * @throws AcmeException of kind {@link AcmeException.Kind#ALREADY_REPLACED} if another order replaces the
     *     certificate
     */
    Order newOrder(Account account, NewOrder request) throws AcmeException;

    /** Returns the current state of an order (RFC 8555, section 7.1.3). */
    Order fetchOrder(Account account, URI order) throws AcmeException;

    /** Returns the current state of an authorization (RFC 8555, section 7.5). */
    Authorization fetchAuthorization(Account account, URI authorization) throws AcmeException;

    /**
     * Tells the CA that it may validate the challenge (RFC 8555, section 7.5.1). Publish the key authorization first.
     * This is the only request ever sent to a challenge's own URL: many CAs start the validation as soon as that URL is
     * read.
     *
     * @return the challenge as the CA's reply shows it. Some CAs validate before they reply, so it may be valid or
     *     invalid already. The given one if the reply shows none.
     */
    Challenge respond(Account account, Challenge challenge) throws AcmeException;

    /**
     * Waits until the CA has decided on the authorization (see {@link Authorization#isUndecided}) and returns it. If it
     * is still undecided when the time for a validation is over, the call fails with
     * {@link AcmeException.Kind#UNREACHABLE}.
     */
    Authorization awaitValidation(Account account, URI authorization) throws AcmeException;

    /**
     * Finalizes an order (RFC 8555, section 7.4): sends the certificate request, waits while the CA processes the
     * order, and returns the order once it is valid or invalid.
     *
     * <p>The order may have been pending when it was last seen, if all its authorizations are valid by now. If the CA
     * then does not accept the request, the call waits until the order is no longer pending, and sends the request once
     * more.
     *
     * @param order a ready or pending order with a finalize URL
     * @param request a PKCS #10 request in DER
     */
    Order finalizeOrder(Account account, Order order, byte[] request) throws AcmeException;

    /** Waits until the order's status is no longer {@code current}, and returns the order. */
    Order awaitStatusChange(Account account, URI order, Order.Status current) throws AcmeException;

    /** Downloads the certificate of a valid order with its default chain (RFC 8555, sections 7.4.2 and 9.1). */
    IssuedChain downloadCertificate(Account account, Order order) throws AcmeException;

    /**
     * Downloads another chain for a certificate, leaf first. The chain is not verified, and may be for another
     * certificate.
     *
     * @param alternate one of {@link IssuedChain#alternates}
     */
    List<X509Certificate> downloadAlternate(Account account, URI alternate) throws AcmeException;

    /**
     * Asks when the CA wants a certificate to be renewed (RFC 9773, section 4.2). Needs no account. Takes at most 10
     * seconds.
     *
     * @return empty if the CA offers no renewal information
     * @throws AcmeException of kind {@link AcmeException.Kind#NOT_FOUND} if the CA does not know the certificate
     */
    Optional<RenewalInfo> renewalInfo(CertificateId certificate) throws AcmeException;

    /**
     * Revokes a certificate (RFC 8555, section 7.6), in the name of an account: the one that ordered it, or one that is
     * authorized for all its names. Without a reason if that is {@link RevocationReason#UNSPECIFIED}. A CA may record
     * another reason.
     *
     * @throws AcmeException with a problem of type {@code unauthorized} if the account may not do that, and of type
     *     {@code badRevocationReason} if the CA does not accept the reason
     */
    RevocationResult revoke(Account account, X509Certificate certificate, RevocationReason reason) throws AcmeException;

    /**
     * Revokes a certificate in the name of whoever has its private key (RFC 8555, section 7.6). Needs no account. Let's
     * Encrypt records {@code keyCompromise} as the reason, whichever is given, and never again issues a certificate for
     * that key.
     *
     * @throws AcmeException as for an account
     */
    RevocationResult revoke(KeyPair certificateKey, X509Certificate certificate, RevocationReason reason)
            throws AcmeException;

    /** Returns the account's key authorization for the token (RFC 8555, section 8.1). */
    static KeyAuthorization keyAuthorization(Account account, Token token) {
        return new KeyAuthorization(token, account.thumbprint());
    }

    /** Closes all connections. Calls in progress fail. */
    @Override
    void close();
}
