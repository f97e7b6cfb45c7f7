package org.ringcert.acme;

import java.io.IOException;
import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The requests about an account that exists (RFC 8555, sections 7.3.2 to 7.3.6). Thread-safe. */
final class AccountChanges {

    private static final String SHOW = "the request for the account";
    private static final String UPDATE = "the new contact";
    private static final String KEY_CHANGE = "the change of the account's key";
    private static final String DEACTIVATION = "the deactivation of the account";

    private final Session session;
    private final AccountRequests accountRequests;
    private final String caHost;

    /** @param caHost names the CA in messages */
    AccountChanges(Session session, AccountRequests accountRequests, String caHost) {
        this.session = session;
        this.accountRequests = accountRequests;
        this.caHost = caHost;
    }

    /** See {@link CertificateAuthority#accountDetails}. */
    AccountDetails details(Account account, Deadline deadline) throws AcmeException {
        try {
            HttpReply reply =
                    session.send(Jws.withAccount(account), SignedRequest.postAsGet(account.url(), SHOW), deadline);
            return AccountDetails.read(session.fields(reply, SHOW));
        } catch (AcmeException refusal) {
            if (refusal.getCause() instanceof IOException) {
                throw refusal;
            }
            return detailsByKey(account, withAdvice(refusal), deadline);
        }
    }

    /** django-ca has a server error whenever an account is read, but shows one that is looked up by its key. */
    private AccountDetails detailsByKey(Account account, AcmeException refusal, Deadline deadline)
            throws AcmeException {
        try {
            return accountRequests.details(account.key(), deadline);
        } catch (AcmeException e) {
            if (e.kind() == Kind.ACCOUNT_GONE) {
                throw withAdvice(e);
            }
            refusal.addSuppressed(e);
            throw refusal;
        }
    }

    /** See {@link CertificateAuthority#updateContact}. */
    AccountDetails updateContact(Account account, Optional<String> contact, Deadline deadline) throws AcmeException {
        ObjectNode payload = JsonFormat.newObject();
        ArrayNode contacts = payload.putArray("contact");
        contact.ifPresent(address -> contacts.add("mailto:" + address));
        HttpReply reply = change(account, SignedRequest.post(account.url(), payload, UPDATE), deadline);
        return AccountDetails.read(session.fields(reply, UPDATE));
    }

    private HttpReply change(Account account, SignedRequest request, Deadline deadline) throws AcmeException {
        try {
            return session.send(Jws.withAccount(account), request, deadline);
        } catch (AcmeException e) {
            throw withAdvice(e);
        }
    }

    /** Replaces advice that is about orders. */
    private static AcmeException withAdvice(AcmeException e) {
        if (e.kind() == Kind.ACCOUNT_GONE) {
            return e.withOnlyAdvice("The next order registers a new one.");
        }
        return e.problem().filter(problem -> problem.hasType("unauthorized")).isPresent()
                ? e.withOnlyAdvice("The account may have been deactivated at the CA.")
                : e;
    }

    /** See {@link CertificateAuthority#changeKey}. */
    void changeKey(Account account, KeyPair next, Deadline deadline) throws AcmeException {
        URI url = session.directory(deadline)
                .keyChange()
                .orElseThrow(() -> AcmeErrors.refused(
                        caHost + " does not let accounts change their key: its directory has no \"keyChange\""));
        ObjectNode change = JsonFormat.newObject();
        change.put("account", account.url().toString());
        change.set("oldKey", JsonFormat.DEFAULT.read(new Jwk(account.key().getPublic()).json()));
        SignedRequest request = SignedRequest.post(url, Jws.innerJws(next, url, change), KEY_CHANGE);
        try {
            HttpReply _ = session.send(Jws.withAccount(account), request, deadline);
        } catch (AcmeException e) {
            // The advice for these error types is about orders.
            throw e.withOnlyAdvice("");
        }
    }

    /** See {@link CertificateAuthority#deactivate}. */
    void deactivate(Account account, Deadline deadline) throws AcmeException {
        ObjectNode payload = JsonFormat.newObject().put("status", "deactivated");
        HttpReply reply = change(account, SignedRequest.post(account.url(), payload, DEACTIVATION), deadline);
        String status = AccountDetails.read(session.fields(reply, DEACTIVATION))
                .status()
                .orElse("deactivated");
        if (!status.equals("deactivated")) {
            throw AcmeErrors.invalidResponse(
                    reply.url(), DEACTIVATION, "the account is still \"" + status + "\" afterwards");
        }
    }
}
