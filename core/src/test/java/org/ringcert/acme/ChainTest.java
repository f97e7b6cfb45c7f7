package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** Certificate chains as CAs return them. */
class ChainTest extends AcmeClientTestBase {

    private static final String NO_SUBJECT = """
            -----BEGIN CERTIFICATE-----
            MIIBYjCCAQegAwIBAgIBBzAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdUZXN0IENB
            MCAXDTI2MTEyNzEzMDYxOVoYDzIxMjYxMTAzMTMwNjE5WjAAMFkwEwYHKoZIzj0C
            AQYIKoZIzj0DAQcDQgAE0tcnj94iqhWG/288KUICrVSc1XgNKbY4bAfn0rIDNSzr
            zlD7HkEovl+XQuXBqukEruTvWCAWUIkKZUnpPGLOOqNeMFwwGgYDVR0RBBMwEYIP
            d3d3LmV4YW1wbGUub3JnMB0GA1UdDgQWBBTt1JN67kOOfxGb2TO9CMgiV6WyfjAf
            BgNVHSMEGDAWgBSFsns5XwFN1aSTJPcF/FB2h6FuhjAKBggqhkjOPQQDAgNJADBG
            AiEArzDtltXlFrAquAx8RiWLGGMUB9g3EFoCwHuMKC15XikCIQDTANAi1r/WqgTF
            pjCcYO/FQKTiiuqMXHu9/iYALNrRwg==
            -----END CERTIFICATE-----
            """;

    /** A certificate of version 1, which cannot have extensions. */
    private static final String NO_NAME_AND_NO_EXTENSIONS = """
            -----BEGIN CERTIFICATE-----
            MIIBFjCBvQIUBfQyQZhICVbicZ0LSdF89rKv4KowCgYIKoZIzj0EAwIwHDEaMBgG
            A1UEAwwRUm9vdCBvZiB0aGUgdGVzdHMwHhcNMjYxMTI3MjI1OTE3WhcNMjYxMjI3
            MjI1OTE3WjAAMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE37OuBzdE/WBI4cyY
            McsCvEpwR53FIvc5eNQnpRYCNWIGm7sPQkuz5rfDoY+R2ZRo5dQ2tCYOkmYt0Kxl
            +ITqxTAKBggqhkjOPQQDAgNIADBFAiEAhNE0XmD8Gh7juNlkWFsuPE8DcyfriQwd
            /EQNzeuldC8CIGRf9RPBHiLXfcRJB8AjKcpotDQJuXI+MhsiFaY79YGy
            -----END CERTIFICATE-----
            """;

    private static final String NO_NAME = """
            -----BEGIN CERTIFICATE-----
            MIIBazCCARGgAwIBAgIUBfQyQZhICVbicZ0LSdF89rKv4KwwCgYIKoZIzj0EAwIw
            HDEaMBgGA1UEAwwRUm9vdCBvZiB0aGUgdGVzdHMwHhcNMjYxMTI3MjI1OTE5WhcN
            MjYxMjI3MjI1OTE5WjAAMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE37OuBzdE
            /WBI4cyYMcsCvEpwR53FIvc5eNQnpRYCNWIGm7sPQkuz5rfDoY+R2ZRo5dQ2tCYO
            kmYt0Kxl+ITqxaNNMEswCQYDVR0TBAIwADAdBgNVHQ4EFgQUeWpmCBXh6DIlEN5d
            pjNZhujSIAkwHwYDVR0jBBgwFoAUoX4ZjBYn9MZHZeff+BEQTI/MehkwCgYIKoZI
            zj0EAwIDSAAwRQIgXI6yLH990qIeSQDMzvG1Yoypm8OaiXKddHa5agQx7FgCIQD+
            q0ojAvUip+xFwK202GEmqz0IoD5dJqCcLRdrIue+uA==
            -----END CERTIFICATE-----
            """;

    @Test
    void skipsTextAroundTheCertificates() throws AcmeException {
        register();
        ca.on(
                ScriptedCa.CERTIFICATE,
                _ -> new Response(
                        200,
                        Map.of(),
                        "subject=CN = x\r\n" + ScriptedCa.PEM + "\nissuer=CN = y\n" + ScriptedCa.PEM + "# end\n"));

        assertThat(client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1]))
                        .certificates())
                .hasSize(2);
    }

    /**
     * The certificate's subject is empty and its names are not critical, which RFC 5280, section 4.1.2.6 forbids and
     * Java rejects.
     */
    @Test
    void reportsWhyJavaCannotReadACertificate() throws AcmeException {
        register();
        ca.on(ScriptedCa.CERTIFICATE, _ -> new Response(200, Map.of(), NO_SUBJECT));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() ->
                        client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1])))
                .withMessageContaining("must be marked critical")
                .withMessageContaining("64 characters")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE_CERTIFICATE));
    }

    @ParameterizedTest
    @ValueSource(strings = {NO_NAME, NO_NAME_AND_NO_EXTENSIONS})
    void saysThatACertificateHasNoName(String pem) throws AcmeException {
        register();
        ca.on(ScriptedCa.CERTIFICATE, _ -> new Response(200, Map.of(), pem));

        assertThatExceptionOfType(AcmeException.class)
                .isThrownBy(() ->
                        client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1])))
                .withMessageContaining("it is for no host name")
                .withMessageContaining("-copy_extensions copy")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE_CERTIFICATE));
    }
}
