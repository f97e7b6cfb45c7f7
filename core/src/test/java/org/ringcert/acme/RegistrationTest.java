package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;
import tools.jackson.databind.JsonNode;

/**
 * Registrations that the CA refuses at first: because of the contact, or because an external account binding is
 * missing.
 */
class RegistrationTest extends AcmeClientTestBase {

    private static final String HMAC = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i";
    private static final Optional<String> CONTACT = Optional.of("hostmaster@example.org");
    private static final Optional<String> NO_CONTACT = Optional.empty();
    private static final Optional<ExternalAccountBinding> BINDING =
            Optional.of(ExternalAccountBinding.parse("customer-7", HMAC));
    private static final Optional<ExternalAccountBinding> NO_BINDING = Optional.empty();

    private Registration register(Optional<String> contact, Optional<ExternalAccountBinding> binding)
            throws AcmeException {
        return client.register(key, new NewAccount(contact, binding));
    }

    /** Also checks that the message is fit to print and does not contain the HMAC key. */
    private AcmeException refusal(Optional<String> contact, Optional<ExternalAccountBinding> binding) {
        AcmeException failure = failureOf(() -> register(contact, binding));
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.fault()).isEqualTo(Fault.CA);
        assertThat(failure.toString()).doesNotContain(HMAC.substring(0, 8)).doesNotContain("..", ". .");
        return failure;
    }

    private Response created() {
        return Response.json(201, "{\"status\":\"valid\"}").with("Location", "/account/1");
    }

    /** Responds to registrations; the CA has no account for the key yet. */
    private void onRegistration(ScriptedCa.Script script) {
        ca.on(
                ScriptedCa.ACCOUNTS,
                request -> isLookUp(request)
                        ? Response.problem(400, "accountDoesNotExist", "no account")
                        : script.respond(request));
    }

    private static boolean isLookUp(Received request) {
        return request.payload().contains("onlyReturnExisting");
    }

    private static boolean hasContact(Received request) {
        return request.payload().contains("contact");
    }

    private void requireBinding() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, ca.directoryJson("{\"externalAccountRequired\":true}")));
    }

    @Test
    void createsNoAccountWithoutTheBindingThatItShouldHave() throws AcmeException {
        onRegistration(_ -> created());
        NewAccount request = new NewAccount(CONTACT, NO_BINDING, Optional.of("there is no such file"));

        AcmeException failure = failureOf(() -> client.register(key, request));

        assertThat(failure).hasMessageContainingAll("No account was requested from ", ": there is no such file");
        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.fault()).isEqualTo(Fault.CA);
        assertThat(ca.last(ScriptedCa.ACCOUNTS)).matches(RegistrationTest::isLookUp);
    }

    @Test
    void sendsTheBindingForThisAccountKeyAndThisUrl() throws AcmeException {
        requireBinding();

        Registration registration = register(CONTACT, BINDING);

        assertThat(registration.account().url()).isEqualTo(ca.url(ScriptedCa.ACCOUNT));
        assertThat(registration.contactRefusal()).isEmpty();
        JsonNode sent =
                ScriptedCa.JSON.readTree(ca.last(ScriptedCa.ACCOUNTS).payload()).path("externalAccountBinding");
        assertThat(sent)
                .isEqualTo(new HmacJws(BINDING.orElseThrow()).sign(key.getPublic(), ca.url(ScriptedCa.ACCOUNTS)));
    }

    @Test
    void saysWhatToSetWhereTheCaRequiresABinding() {
        requireBinding();
        onRegistration(_ -> created());

        assertThat(refusal(CONTACT, NO_BINDING))
                .hasMessageContaining("registers only its own customers")
                .hasMessageContaining("[acme] eab-file");
        assertThat(ca.received.stream().filter(request -> request.path().equals(ScriptedCa.ACCOUNTS)))
                .allMatch(RegistrationTest::isLookUp);
    }

    /** As with CAs that do not say so in their directory. */
    @Test
    void saysWhatToSetWhereTheCaAsksForABindingOnlyThen() {
        onRegistration(_ -> Response.problem(403, "externalAccountRequired", "Customers only"));

        assertThat(refusal(CONTACT, NO_BINDING))
                .hasMessageContaining("Customers only (externalAccountRequired). Get a key")
                .hasMessageContaining("[acme] eab-file");
    }

    @ParameterizedTest
    @CsvSource({
        "400, malformed, [External Account Binding] The account is not awaiting external account binding",
        "403, unauthorized, external account key has already been bound",
        "403, unauthorized, This key was used"
    })
    void saysThatAKeyIsUsed(int status, String type, String words) {
        onRegistration(_ -> Response.problem(status, type, words));

        assertThat(refusal(CONTACT, BINDING))
                .hasMessageContaining(words)
                .hasMessageContaining("key id \"customer-7\" has probably been used")
                .hasMessageContaining("Get a new key on the CA's website");
    }

    @ParameterizedTest
    @CsvSource({
        "403, unauthorized, Unknown external account binding (EAB) key.",
        "403, unauthorized, JWS verification failed",
        "400, malformed, Invalid MAC on JWS request",
        "400, externalAccountRequired, The request must include a value",
        "400, ownErrorType, refused"
    })
    void saysWhatMayBeWrongWithAKey(int status, String type, String words) {
        onRegistration(_ -> Response.problem(status, type, words));

        assertThat(refusal(CONTACT, BINDING))
                .hasMessageContaining(words)
                .hasMessageContaining("is unknown to the CA, has expired, has been used")
                .hasMessageContaining("Get a new key on the CA's website");
    }

    /** Google's tools have printed such keys. */
    @Test
    void saysThatAKeyMayBeEncodedTwice() {
        onRegistration(_ -> Response.problem(403, "unauthorized", "JWS verification failed"));
        String twice = Base64.getEncoder().encodeToString(HMAC.getBytes(StandardCharsets.US_ASCII));

        assertThat(refusal(CONTACT, Optional.of(ExternalAccountBinding.parse("customer-7", twice))))
                .hasMessageContaining("encoded in base64 twice")
                .hasMessageNotContaining(twice.substring(0, 8));
        assertThat(refusal(CONTACT, BINDING)).hasMessageNotContaining("twice");
    }

    @Test
    void blamesNoKeyForOtherRefusals() {
        onRegistration(_ -> Response.problem(400, "badPublicKey", "too weak"));
        assertThat(refusal(CONTACT, BINDING)).hasMessageNotContaining("customer-7");

        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"revoked\"}").with("Location", "/account/1"));
        assertThat(refusal(NO_CONTACT, BINDING))
                .hasMessageContaining("the account is revoked")
                .hasMessageNotContaining("customer-7")
                .hasMessageNotContaining("[acme] contact");
    }

    /** The CA made the account and used up the key, but its reply was lost. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void findsTheAccountThatUsedUpTheBinding(boolean hasBinding) throws AcmeException {
        requireBinding();
        ca.on(
                ScriptedCa.ACCOUNTS,
                request -> isLookUp(request)
                        ? Response.json(200, "{\"status\":\"valid\"}").with("Location", "/account/1")
                        : Response.problem(403, "unauthorized", "Unknown external account binding (EAB) key."));

        assertThat(register(CONTACT, hasBinding ? BINDING : NO_BINDING)
                        .account()
                        .url())
                .isEqualTo(ca.url(ScriptedCa.ACCOUNT));
    }

    @ParameterizedTest
    @CsvSource({
        "invalidContact, contact domain example.org is forbidden",
        "unsupportedContact, no mailto",
        "malformed, unable to validate the contact",
        "malformed, bad e-mail",
        "malformed, 'Email is invalid'"
    })
    void aRefusedContactCostsNoAccount(String type, String words) throws AcmeException {
        onRegistration(request -> hasContact(request) ? Response.problem(400, type, words) : created());

        Registration registration = register(CONTACT, BINDING);

        assertThat(registration.account().url()).isEqualTo(ca.url(ScriptedCa.ACCOUNT));
        assertThat(registration.contactRefusal()).contains(words + " (" + type + ")");
        assertThat(ca.count(ScriptedCa.ACCOUNTS)).isEqualTo(2);
        assertThat(ca.last(ScriptedCa.ACCOUNTS).payload())
                .contains("externalAccountBinding", "termsOfServiceAgreed")
                .doesNotContain("contact");
    }

    @Test
    void readsTheRefusalOfAContactInASubproblem() throws AcmeException {
        String problem = """
                {"type":"urn:ietf:params:acme:error:compound","detail":"two","subproblems":[
                {"type":"urn:ietf:params:acme:error:invalidContact","detail":"no MX"}]}""";
        onRegistration(request -> hasContact(request)
                ? Response.json(400, problem).with("Content-Type", "application/problem+json")
                : created());

        assertThat(register(CONTACT, NO_BINDING).contactRefusal())
                .get()
                .asString()
                .contains("no MX");
    }

    @Test
    void reportsBothRefusals() {
        onRegistration(request -> hasContact(request)
                ? Response.problem(400, "invalidContact", "no MX for example.org")
                : Response.problem(401, "unauthorized", "must have a contact"));

        assertThat(refusal(CONTACT, NO_BINDING))
                .hasMessageContaining("must have a contact")
                .hasMessageContaining("Some CAs require an e-mail address")
                .hasMessageContaining("It had refused the contact before: no MX for example.org (invalidContact).");
    }

    @Test
    void triesAgainOnlyWhereTheContactIsRefused() {
        onRegistration(_ -> Response.problem(400, "malformed", "bad request"));
        refusal(CONTACT, NO_BINDING);
        assertThat(ca.count(ScriptedCa.ACCOUNTS)).isEqualTo(1);

        onRegistration(_ -> Response.problem(400, "invalidContact", "there is none to refuse"));
        refusal(NO_CONTACT, NO_BINDING);
        assertThat(ca.count(ScriptedCa.ACCOUNTS)).isEqualTo(2);
    }

    @Test
    void suggestsAContactWhereARegistrationWithoutOneIsRefused() {
        for (String type : new String[] {"malformed", "unauthorized", "externalAccountRequired", "invalidContact"}) {
            onRegistration(_ -> Response.problem(400, type, "incomplete data"));
            assertThat(refusal(NO_CONTACT, BINDING))
                    .hasMessageContaining("incomplete data")
                    .hasMessageContaining("set one with [acme] contact");
        }
        onRegistration(_ -> Response.problem(400, "malformed", "incomplete data"));
        assertThat(refusal(CONTACT, NO_BINDING)).hasMessageNotContaining("[acme] contact");
    }
}
