package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Kind;
import tools.jackson.databind.node.ObjectNode;

/** The requests to newAccount (RFC 8555, sections 7.3, 7.3.1 and 7.3.4). Thread-safe. */
final class AccountRequests {

    private static final String REGISTRATION = "the registration of the account";

    /** The status of a usable account (RFC 8555, section 7.1.2). Some CAs leave the field out and mean this. */
    private static final String VALID = "valid";

    private final Session session;
    private final String caHost;

    /** @param caHost names the CA in messages */
    AccountRequests(Session session, String caHost) {
        this.session = session;
        this.caHost = caHost;
    }

    /** See {@link CertificateAuthority#register}. */
    Registration register(KeyPair key, NewAccount wanted, Deadline deadline) throws AcmeException {
        Directory directory = session.directory(deadline);
        if (directory.externalAccountRequired() && wanted.binding().isEmpty()) {
            throw AcmeErrors.refused(
                    caHost + " registers only its own customers. " + "Set [acme] eab-file (external account binding).");
        }
        try {
            return new Registration(create(key, directory.newAccount(), wanted, deadline), Optional.empty());
        } catch (AcmeException refusal) {
            if (wanted.contact().isEmpty() || !concernsContact(refusal)) {
                throw withAdvice(refusal, wanted);
            }
            return registerWithoutContact(key, directory.newAccount(), wanted, refusal, deadline);
        }
    }

    /** The contact is a courtesy. If the CA refuses it, that must not cost the account. */
    private Registration registerWithoutContact(
            KeyPair key, URI newAccount, NewAccount wanted, AcmeException contactRefusal, Deadline deadline)
            throws AcmeException {
        NewAccount withoutContact = new NewAccount(Optional.empty(), wanted.binding());
        String words = contactRefusal.problem().map(ProblemDocument::summary).orElse("");
        try {
            return new Registration(create(key, newAccount, withoutContact, deadline), Optional.of(words));
        } catch (AcmeException e) {
            e.addSuppressed(contactRefusal);
            throw e.withAdvice("Before that it refused the contact: " + words + ".");
        }
    }

    private Account create(KeyPair key, URI newAccount, NewAccount wanted, Deadline deadline) throws AcmeException {
        ObjectNode payload = JsonFields.MAPPER.createObjectNode();
        payload.put("termsOfServiceAgreed", true);
        wanted.contact().ifPresent(address -> payload.putArray("contact").add("mailto:" + address));
        SignedRequest request = SignedRequest.post(newAccount, payload, REGISTRATION);
        HttpReply reply = session.send(Jws.withKey(key), request, deadline);
        String status = status(reply, REGISTRATION);
        if (!status.equals(VALID)) {
            throw AcmeErrors.refused(caHost + " has an account for this key, but the account is "
                    + RemoteText.clean(status, 100) + "; use a new account key");
        }
        return new Account(session.location(reply, REGISTRATION), key);
    }

    private static boolean concernsContact(AcmeException refusal) {
        return false;
    }

    private static AcmeException withAdvice(AcmeException refusal, NewAccount wanted) {
        return wanted.contact().isEmpty() && refusal.kind() == Kind.REFUSED
                ? refusal.withAdvice("Some CAs require an e-mail address; set one with [acme] contact.")
                : refusal;
    }

    /** See {@link CertificateAuthority#accountStatus}. */
    AccountStatus status(KeyPair key, Deadline deadline) throws AcmeException {
        String name = "the request for the account";
        ObjectNode payload = JsonFields.MAPPER.createObjectNode().put("onlyReturnExisting", true);
        SignedRequest request = SignedRequest.post(session.directory(deadline).newAccount(), payload, name);
        try {
            HttpReply reply = session.send(Jws.withKey(key), request, deadline);
            return status(reply, name).equals(VALID) ? AccountStatus.VALID : AccountStatus.DEACTIVATED;
        } catch (AcmeException e) {
            if (e.kind() == Kind.ACCOUNT_GONE) {
                return AccountStatus.UNKNOWN;
            }
            // Boulder and step-ca do not return a deactivated account; they refuse its key.
            if (e.problem().filter(problem -> problem.hasType("unauthorized")).isPresent()) {
                return AccountStatus.DEACTIVATED;
            }
            throw e;
        }
    }

    private String status(HttpReply reply, String requestName) throws AcmeException {
        return session.fields(reply, requestName).optionalText("status").orElse(VALID);
    }
}
