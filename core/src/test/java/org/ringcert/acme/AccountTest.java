package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** Registration, and the status of accounts. */
class AccountTest extends AcmeClientTestBase {

    @Test
    void findsTheExistingAccountOfAKey() throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"valid\"}").with("Location", "/account/1"));

        assertThat(client.register(key, new NewAccount(Optional.empty(), Optional.empty()))
                        .account()
                        .url())
                .isEqualTo(ca.url("/account/1"));
    }

    @Test
    void rejectsADeactivatedAccount() {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> Response.json(200, "{\"status\":\"deactivated\"}").with("Location", "/account/1"));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() -> client.register(key, new NewAccount(Optional.empty(), Optional.empty())))
                .withMessageContaining("deactivated")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    }

    @ParameterizedTest
    @CsvSource({
        "200, '{\"status\":\"valid\"}', VALID",
        "200, '{}', VALID",
        "200, '{\"status\":\"deactivated\"}', DEACTIVATED",
        "200, '{\"status\":\"revoked\"}', DEACTIVATED",
        "400, accountDoesNotExist, UNKNOWN",
        "401, unauthorized, DEACTIVATED",
        "403, unauthorized, DEACTIVATED"
    })
    void readsTheAccountStatusWithoutCreatingAnAccount(int status, String answer, AccountStatus expected)
            throws AcmeException {
        ca.on(
                ScriptedCa.ACCOUNTS,
                _ -> status == 200
                        ? Response.json(200, answer)
                        : Response.problem(status, answer, "explained by the CA"));

        assertThat(client.lookUpAccount(key).status()).isEqualTo(expected);

        assertThat(ca.last(ScriptedCa.ACCOUNTS).payload()).isEqualTo("{\"onlyReturnExisting\":true}");
    }
}
