package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Received;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.JsonNode;

/** Requests about an account that exists: show it, change its contact or its key, close it. */
class AccountChangesTest extends AcmeClientTestBase {

    private static final String KEY_CHANGE = "/key-change";

    private final KeyPair next = Clients.key();

    @BeforeEach
    void registerFirst() throws AcmeException {
        register();
    }

    @Test
    void readsWhatTheCaShowsOfAnAccount() throws AcmeException {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.json(200, """
                {"status":"valid","contact":["mailto:a@example.org"],"termsOfServiceAgreed":true,
                "createdAt":"2026-11-27T10:00:00Z","orders":"https://elsewhere.example/orders"}"""));

        assertThat(client.accountDetails(account))
                .isEqualTo(new AccountDetails(
                        Optional.of("valid"),
                        List.of("mailto:a@example.org"),
                        Optional.of(true),
                        Optional.of(Instant.parse("2026-11-27T10:00:00Z"))));
        assertThat(ca.last(ScriptedCa.ACCOUNT).payload()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"status\":7,\"contact\":{\"a\":1},\"termsOfServiceAgreed\":\"yes\",\"createdAt\":\"yesterday\"}",
                "{\"status\":null,\"contact\":[1,null,[]],\"createdAt\":[]}"
            })
    void ignoresWhatIsNotValid(String body) throws AcmeException {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.json(200, body));

        assertThat(client.accountDetails(account))
                .isEqualTo(new AccountDetails(Optional.empty(), List.of(), Optional.empty(), Optional.empty()));
    }

    @Test
    void cleansAndLimitsTheTextsOfTheCa() throws AcmeException {
        String contacts = "\"x\\u001b[2J" + "y".repeat(1000) + "\"" + ",\"z\"".repeat(50);
        ca.on(
                ScriptedCa.ACCOUNT,
                _ -> Response.json(200, "{\"status\":\"" + "s".repeat(500) + "\",\"contact\":[" + contacts + "]}"));

        AccountDetails details = client.accountDetails(account);

        assertThat(details.status().orElseThrow()).hasSizeLessThan(110);
        assertThat(details.contacts()).hasSize(10);
        assertThat(details.contacts().getFirst()).hasSizeLessThan(310).doesNotContain("\u001b");
    }

    /** As with django-ca, whose accounts cannot be read, and with a proxy that answers in place of a CA. */
    @ParameterizedTest
    @CsvSource({"500", "404", "200"})
    void looksUpAnAccountThatCannotBeRead(int status) throws AcmeException {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.html(status));
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"valid\",\"contact\":[\"mailto:b@example.org\"]}")
                        .with("Location", "/account/1"));

        assertThat(client.accountDetails(account).contacts()).containsExactly("mailto:b@example.org");
        assertThat(ca.last(ScriptedCa.ACCOUNTS).payload()).isEqualTo("{\"onlyReturnExisting\":true}");
    }

    @Test
    void reportsTheFirstRefusalIfNeitherWorks() {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.problem(403, "userActionRequired", "there are new terms"));
        ca.on(ScriptedCa.ACCOUNTS, _ -> Response.problem(500, "serverInternal", "the database is away"));

        assertThat(failureOf(() -> client.accountDetails(account)))
                .hasMessageContaining("there are new terms")
                .hasMessageContaining("userActionRequired");
    }

    /** CAs report a lost account in different ways, but most of them do not know its key afterwards. */
    @ParameterizedTest
    @CsvSource({"400, malformed", "400, accountDoesNotExist", "403, unauthorized", "500, serverInternal"})
    void saysOnceThatTheCaHasLostTheAccount(int status, String type) {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.problem(status, type, "no such account"));
        ca.on(ScriptedCa.ACCOUNTS, _ -> Response.problem(400, "accountDoesNotExist", "no account for this key"));

        AcmeException failure = failureOf(() -> client.accountDetails(account));

        assertThat(failure.kind()).isEqualTo(Kind.ACCOUNT_GONE);
        assertThat(failure)
                .hasMessageEndingWith("no longer knows this server's account: no account for this key"
                        + " (accountDoesNotExist). The next order registers a new one.");
    }

    @Test
    void adviceAboutAnAccountIsNotAboutOrders() {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.problem(403, "unauthorized", "not you"));

        assertThat(failureOf(() -> client.updateContact(account, Optional.empty())))
                .hasMessageEndingWith("not you (unauthorized). The account may have been deactivated at the CA.");
        assertThat(failureOf(() -> client.deactivate(account)))
                .hasMessageEndingWith("not you (unauthorized). The account may have been deactivated at the CA.");
    }

    @Test
    void sendsTheContactOrNone() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNT,
                request -> Response.json(
                        200,
                        "{\"status\":\"valid\",\"contact\":" + json(request).path("contact") + "}"));

        assertThat(client.updateContact(account, Optional.of("a@example.org")).contacts())
                .containsExactly("mailto:a@example.org");
        assertThat(client.updateContact(account, Optional.empty()).contacts()).isEmpty();
        assertThat(ca.last(ScriptedCa.ACCOUNT).payload()).isEqualTo("{\"contact\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"invalidContact", "unsupportedContact"})
    void reportsARefusedContactInTheWordsOfTheCa(String type) {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.problem(400, type, "no MX for example.org"));

        AcmeException failure = failureOf(() -> client.updateContact(account, Optional.of("a@example.org")));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("no MX for example.org").hasMessageContaining("[acme] contact");
    }

    /** RFC 8555, section 7.3.5: signed by the old key, around a JWS that is signed by the new one. */
    @Test
    void bothKeysSignTheChange() throws Exception {
        ca.on(KEY_CHANGE, _ -> Response.json(200, "{\"status\":\"valid\"}"));

        client.changeKey(account, next);

        Received request = ca.last(KEY_CHANGE);
        assertThat(request.header().path("kid").asString())
                .isEqualTo(account.url().toString());
        JsonNode inner = json(request);
        JsonNode header = ScriptedCa.JSON.readTree(ScriptedCa.text(inner.path("protected")));
        assertThat(header.path("url").asString()).isEqualTo(ca.url(KEY_CHANGE).toString());
        assertThat(header.has("nonce")).isFalse();
        assertThat(header.has("kid")).isFalse();
        assertThat(ScriptedCa.key(header.path("jwk"))).isEqualTo(next.getPublic());
        assertThat(ScriptedCa.verify(header.path("alg").asString(), next.getPublic(), inner))
                .isTrue();
        JsonNode payload = ScriptedCa.JSON.readTree(ScriptedCa.text(inner.path("payload")));
        assertThat(payload.path("account").asString()).isEqualTo(account.url().toString());
        assertThat(ScriptedCa.key(payload.path("oldKey"))).isEqualTo(key.getPublic());
    }

    @Test
    void sendsNothingToACaWithoutKeyChange() {
        ca.on(
                ScriptedCa.DIRECTORY,
                _ -> Response.json(200, ca.directoryJson("{}").replace("\"keyChange\"", "\"other\"")));
        client.close();
        client = Clients.create(ca.directory(), Clients.LONG);

        AcmeException failure = failureOf(() -> client.changeKey(account, next));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("does not let accounts change their key");
        assertThat(ca.count(KEY_CHANGE)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "501, notImplemented, does not support the change of the account's key (status 501): not here (",
        "403, unauthorized, refused the change of the account's key: not here (unauthorized)",
        "409, conflict, not here (conflict); it conflicts with http://127.0.0.1/account/7"
    })
    void reportsARefusedChangeWithoutAdviceAboutOrders(int status, String type, String words) {
        ca.on(
                KEY_CHANGE,
                _ -> Response.problem(status, type, "not here").with("Location", "http://127.0.0.1/account/7"));

        assertThat(failureOf(() -> client.changeKey(account, next)))
                .hasMessageContaining(words)
                .hasMessageNotContaining("support,")
                .hasMessageNotContaining("tries again");
    }

    /** The first attempt may have changed the key, so the second must not be made with another nonce. */
    @Test
    void aChangeWhoseAnswerIsLostIsNotSentAgainWithAnotherNonce() {
        ca.on(KEY_CHANGE, _ -> Response.json(200, "{}"));
        ca.closeAfterReading(KEY_CHANGE, 1);

        assertThat(failureOf(() -> client.changeKey(account, next)).kind()).isEqualTo(Kind.UNREACHABLE);
        assertThat(ca.count(KEY_CHANGE)).isOne();
    }

    @Test
    void deactivates() throws AcmeException {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.json(200, "{\"status\":\"deactivated\"}"));

        client.deactivate(account);

        assertThat(ca.last(ScriptedCa.ACCOUNT).payload()).isEqualTo("{\"status\":\"deactivated\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"status\":\"valid\"}", "<html>It works!</html>", ""})
    void aReplyThatShowsNoDeactivationIsAFailure(String body) {
        ca.on(ScriptedCa.ACCOUNT, _ -> Response.json(200, body));

        assertThat(failureOf(() -> client.deactivate(account)).kind()).isEqualTo(Kind.INVALID_RESPONSE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"caaIdentities\":[\"ca.example\",\"CA.example\",\"b.example\"],\"termsOfService\":\"https://ca.example/t\"}"
                        + " | ca.example b.example | https://ca.example/t",
                "{\"caaIdentities\":\"ca.example\",\"termsOfService\":\"javascript:alert(1)\"} | '' | ''",
                "{\"caaIdentities\":[\"a\\\" b\",7,null,\"*.example\",\"ok.example\"],\"termsOfService\":[]} | ok.example | ''",
                "{} | '' | ''"
            })
    void readsWhatTheDirectorySaysAboutTheCa(String meta, String identities, String terms) throws AcmeException {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.json(200, ca.directoryJson(meta)));
        client.close();
        client = Clients.create(ca.directory(), Clients.LONG);

        assertThat(client.knownInformation()).isEmpty();
        CaInformation information = client.information();

        assertThat(client.knownInformation()).contains(information);
        assertThat(String.join(
                        " ",
                        information.caaIdentities().stream()
                                .map(HostName::value)
                                .toList()))
                .isEqualTo(identities);
        assertThat(information.termsOfService().orElse("")).isEqualTo(terms);
        assertThatCode(() -> client.newOrder(account, NEW_ORDER)).doesNotThrowAnyException();
    }

    private static JsonNode json(Received request) {
        return ScriptedCa.JSON.readTree(request.payload());
    }
}
