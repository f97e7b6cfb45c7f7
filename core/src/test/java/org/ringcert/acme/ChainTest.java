package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;
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
                .withMessageContaining("critical when subject field is empty")
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.UNUSABLE_CERTIFICATE));
    }
}
