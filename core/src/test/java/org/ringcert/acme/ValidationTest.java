package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.ScriptedCa.Response;

/** The wait for a validation. */
class ValidationTest extends AcmeClientTestBase {

    /** As with step-ca and others, which leave order and authorization pending. */
    @ParameterizedTest
    @CsvSource({"invalid, true", "invalid, false", "pending, true"})
    void stopsWaitingWhenTheChallengeHasFailedButItsAuthorizationIsPending(String status, boolean hasError)
            throws AcmeException {
        register();
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, challengeJson(status, hasError)));

        Authorization ended = client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION));

        assertThat(ended.status()).isEqualTo(Authorization.Status.PENDING);
        assertThat(ended.isUndecided()).isFalse();
        assertThat(ended.error().isPresent()).isEqualTo(hasError);
        assertThat(ca.count(ScriptedCa.CHALLENGE))
                .as("reading a challenge starts the validation at many CAs")
                .isZero();
    }

    @Test
    void waitsWhileTheCaRetriesAndReportsItsLastError() throws AcmeException {
        register();
        ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, ca.authorizationJson("valid")));
        ca.firstOn(ScriptedCa.AUTHORIZATION, Response.json(200, challengeJson("processing", true)));
        assertThat(client.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION))
                        .status())
                .isEqualTo(Authorization.Status.VALID);

        try (AcmeClient impatient = Clients.create(ca.directory(), Clients.SHORT)) {
            ca.on(ScriptedCa.AUTHORIZATION, _ -> Response.json(200, challengeJson("processing", true)));
            assertThatExceptionOfType(AcmeException.class)
                    .isThrownBy(() -> impatient.awaitValidation(account, ca.url(ScriptedCa.AUTHORIZATION)))
                    .withMessageContaining("nobody at home")
                    .satisfies(e -> assertThat(e.fault()).isEqualTo(Fault.SITE));
        }
    }

    private String challengeJson(String status, boolean hasError) {
        String error = hasError
                ? ",\"error\":{\"type\":\"urn:ietf:params:acme:error:connection\",\"detail\":\"nobody at home\"}"
                : "";
        return ca.authorizationJson("pending")
                .replace(
                        "\"DGyRejmCefe7v4NfDGDKfA\",\"status\":\"pending\"",
                        "\"DGyRejmCefe7v4NfDGDKfA\",\"status\":\"" + status + "\"" + error);
    }
}
