package org.ringcert.acme;

import java.net.URI;
import java.security.KeyPair;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;
import org.ringcert.json.JsonFormat;
import tools.jackson.databind.node.ObjectNode;

/** The requests to newAccount (RFC 8555, sections 7.3, 7.3.1 and 7.3.4). Thread-safe. */
final class AccountRequests {

    private static final String REGISTRATION = "the registration of the account";
    private static final String LOOK_UP = "the request for the account";

    /** The status of a usable account (RFC 8555, section 7.1.2). Some CAs leave the field out and mean this. */
    private static final String VALID = "valid";

    private static final Set<String> CONTACT_TYPES =
            Set.of(ProblemType.INVALID_CONTACT.urn(), ProblemType.UNSUPPORTED_CONTACT.urn());

    private static final Pattern CONTACT_WORDS =
            Pattern.compile("\\b(contact|mailto|e-?mail)", Pattern.CASE_INSENSITIVE);

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
        if (wanted.bindingProblem().isPresent()) {
            AcmeException refusal = AcmeErrors.refused("No account was requested from " + caHost + ": "
                    + wanted.bindingProblem().get());
            return existing(key, directory.newAccount(), refusal, deadline);
        }
        if (directory.externalAccountRequired() && wanted.binding().isEmpty()) {
            AcmeException refusal = AcmeErrors.refused(
                            caHost + " registers only its own customers (external account binding)")
                    .withAdvice(BindingAdvice.MISSING);
            return existing(key, directory.newAccount(), refusal, deadline);
        }
        try {
            return new Registration(create(key, directory.newAccount(), wanted, deadline), Optional.empty());
        } catch (AcmeException refusal) {
            if (wanted.contact().isPresent() && concernsContact(refusal)) {
                return registerWithoutContact(key, directory.newAccount(), wanted, refusal, deadline);
            }
            return existingIfBindingRefused(
                    key, directory.newAccount(), wanted, refusal, withAdvice(refusal, wanted), deadline);
        }
    }

    private Registration existingIfBindingRefused(
            KeyPair key,
            URI newAccount,
            NewAccount sent,
            AcmeException refusal,
            AcmeException advised,
            Deadline deadline)
            throws AcmeException {
        if (bindingAdvice(refusal, sent).isEmpty()) {
            throw advised;
        }
        return existing(key, newAccount, advised, deadline);
    }

    /**
     * Returns the account that the key already has. An earlier registration may have been cut off after the CA had used
     * up the binding, which some CAs accept once and then refuse even for the same account.
     *
     * @param refusal is thrown if there is no such account
     */
    private Registration existing(KeyPair key, URI newAccount, AcmeException refusal, Deadline deadline)
            throws AcmeException {
        try {
            HttpReply reply = lookUp(key, newAccount, deadline);
            if (status(reply, LOOK_UP).equals(VALID)) {
                return new Registration(new Account(session.location(reply, LOOK_UP), key), Optional.empty());
            }
        } catch (AcmeException e) {
            refusal.addSuppressed(e);
        }
        throw refusal;
    }

    /** A refused contact must not cost the account: the CA only uses it to send warnings. */
    private Registration registerWithoutContact(
            KeyPair key, URI newAccount, NewAccount wanted, AcmeException contactRefusal, Deadline deadline)
            throws AcmeException {
        NewAccount withoutContact = new NewAccount(Optional.empty(), wanted.binding());
        String words = contactRefusal.problem().map(ProblemDocument::summary).orElseThrow();
        try {
            return new Registration(create(key, newAccount, withoutContact, deadline), Optional.of(words));
        } catch (AcmeException e) {
            e.addSuppressed(contactRefusal);
            AcmeException advised =
                    withAdvice(e, withoutContact).withAdvice("It had refused the contact before: " + words + ".");
            return existingIfBindingRefused(key, newAccount, withoutContact, e, advised, deadline);
        }
    }

    private Account create(KeyPair key, URI newAccount, NewAccount wanted, Deadline deadline) throws AcmeException {
        ObjectNode payload = JsonFormat.newObject();
        payload.put("termsOfServiceAgreed", true);
        wanted.contact().ifPresent(address -> payload.putArray("contact").add("mailto:" + address));
        wanted.binding()
                .ifPresent(binding ->
                        payload.set("externalAccountBinding", new HmacJws(binding).sign(key.getPublic(), newAccount)));
        SignedRequest request = SignedRequest.post(newAccount, payload, REGISTRATION);
        HttpReply reply = session.send(Jws.withKey(key), request, deadline);
        String status = status(reply, REGISTRATION);
        if (!status.equals(VALID)) {
            throw AcmeErrors.refused(caHost + " has an account for this key, but the account is "
                    + PrintableText.of(status, 100) + "; use a new account key");
        }
        return new Account(session.location(reply, REGISTRATION), key);
    }

    /** Whether the CA refused the contact. Some CAs have no error type for that, and only mention it. */
    private static boolean concernsContact(AcmeException refusal) {
        return refusal.kind() == Kind.REFUSED
                && refusal.problem().filter(AccountRequests::concernsContact).isPresent();
    }

    private static boolean concernsContact(ProblemDocument problem) {
        Stream<String> types = Stream.concat(
                Stream.of(problem.type()), problem.subproblems().stream().map(ProblemDocument.Subproblem::type));
        return types.anyMatch(CONTACT_TYPES::contains)
                || (problem.hasType("malformed")
                        && CONTACT_WORDS.matcher(problem.summary()).find());
    }

    private static AcmeException withAdvice(AcmeException refusal, NewAccount sent) {
        if (refusal.kind() != Kind.REFUSED) {
            return refusal;
        }
        AcmeException advised =
                bindingAdvice(refusal, sent).map(refusal::withOnlyAdvice).orElse(refusal);
        return sent.contact().isEmpty() && mayLackContact(refusal)
                ? advised.withAdvice("Some CAs require an e-mail address; set one with [acme] contact.")
                : advised;
    }

    private static Optional<String> bindingAdvice(AcmeException refusal, NewAccount sent) {
        return sent.binding().flatMap(binding -> BindingAdvice.forRefusal(refusal, binding));
    }

    /**
     * Whether the CA may have refused the registration because it has no contact. CAs call that malformed, unauthorized
     * or an invalid contact. Sectigo asks for a binding, even if there is one.
     */
    private static boolean mayLackContact(AcmeException refusal) {
        return refusal.problem()
                .filter(problem -> !problem.hasKnownType()
                        || problem.hasType("malformed")
                        || problem.hasType("unauthorized")
                        || problem.hasType("externalAccountRequired")
                        || concernsContact(problem))
                .isPresent();
    }

    /** See {@link CertificateAuthority#lookUpAccount}. */
    AccountLookup lookUp(KeyPair key, Deadline deadline) throws AcmeException {
        try {
            HttpReply reply = lookUp(key, session.directory(deadline).newAccount(), deadline);
            AccountStatus status =
                    status(reply, LOOK_UP).equals(VALID) ? AccountStatus.VALID : AccountStatus.DEACTIVATED;
            return new AccountLookup(status, optionalLocation(reply));
        } catch (AcmeException e) {
            if (e.kind() == Kind.ACCOUNT_GONE) {
                return new AccountLookup(AccountStatus.UNKNOWN, Optional.empty());
            }
            // Boulder and step-ca do not return a deactivated account; they refuse its key.
            if (e.problem().filter(problem -> problem.hasType("unauthorized")).isPresent()) {
                return new AccountLookup(AccountStatus.DEACTIVATED, Optional.empty());
            }
            throw e;
        }
    }

    private Optional<URI> optionalLocation(HttpReply reply) {
        try {
            return Optional.of(session.location(reply, LOOK_UP));
        } catch (AcmeException _) {
            return Optional.empty();
        }
    }

    /** Returns what the CA shows of the key's account. */
    AccountDetails details(KeyPair key, Deadline deadline) throws AcmeException {
        HttpReply reply = lookUp(key, session.directory(deadline).newAccount(), deadline);
        return AccountDetails.read(session.fields(reply, LOOK_UP));
    }

    /** Asks for the key's account without creating one (RFC 8555, section 7.3.1). */
    private HttpReply lookUp(KeyPair key, URI newAccount, Deadline deadline) throws AcmeException {
        ObjectNode payload = JsonFormat.newObject().put("onlyReturnExisting", true);
        return session.send(Jws.withKey(key), SignedRequest.post(newAccount, payload, LOOK_UP), deadline);
    }

    private String status(HttpReply reply, String requestName) throws AcmeException {
        return session.fields(reply, requestName).optionalText("status").orElse(VALID);
    }
}
