package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ScriptedCa.Response;

/** The alternate chains to which the reply with a certificate links (RFC 8555, section 7.4.2). */
class AlternateChainsTest extends AcmeClientTestBase {

    @Test
    void findsRelativeAndAbsoluteUrls() throws AcmeException {
        assertThat(alternates("</certificate/1/1>;rel=\"alternate\", <" + ca.url("/other") + ">;rel=alternate, <1/2>;"
                        + "rel=alternate"))
                .containsExactly(ca.url("/certificate/1/1"), ca.url("/other"), ca.url("/certificate/1/2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ca.example.net/1",
                "ftp://127.0.0.1/1",
                "file:///etc/passwd",
                "https://user@ca.example.net/",
                "https:///1",
                "https://ca.example.net/1#part",
                "1#part",
                "not a url",
                "%",
                "[",
                "//",
            })
    void leavesOutWhatCannotBeAUrlOfTheCa(String target) throws AcmeException {
        assertThat(alternates("<" + target + ">;rel=alternate, </1>;rel=alternate"))
                .containsExactly(ca.url("/1"));
    }

    @Test
    void leavesOutTheDefaultChainAndRepetitions() throws AcmeException {
        assertThat(alternates("<" + ScriptedCa.CERTIFICATE + ">;rel=alternate, </1>;rel=alternate, </1>;rel=alternate"))
                .containsExactly(ca.url("/1"));
    }

    @Test
    void looksAtNoMoreThanTen() throws AcmeException {
        String links = IntStream.range(0, 200)
                .mapToObj(number -> "</" + number + ">;rel=alternate")
                .collect(Collectors.joining(","));

        assertThat(alternates(links)).hasSize(10).startsWith(ca.url("/0"));
    }

    @Test
    void downloadsAnAlternateWithASignedRequest() throws AcmeException {
        register();
        ca.on("/certificate/1/1", _ -> new Response(200, Map.of(), ScriptedCa.PEM + ScriptedCa.PEM));

        assertThat(client.downloadAlternate(account, ca.url("/certificate/1/1")))
                .hasSize(2);
        assertThat(ca.received.getLast().payload()).as("POST-as-GET").isEmpty();
    }

    @Test
    void saysWhatIsWrongWithAnAlternate() throws AcmeException {
        register();
        ca.on("/gone", _ -> Response.problem(404, "malformed", "no such chain"));
        ca.on("/page", _ -> Response.html(200));

        AcmeException gone = failureOf(() -> client.downloadAlternate(account, ca.url("/gone")));
        assertThat(gone.kind()).isEqualTo(Kind.NOT_FOUND);
        assertThat(failureOf(() -> client.downloadAlternate(account, ca.url("/page"))))
                .hasMessageContaining("not a certificate chain in PEM");
    }

    private List<URI> alternates(String linkHeader) throws AcmeException {
        register();
        ca.on(ScriptedCa.CERTIFICATE, _ -> new Response(200, Map.of("Link", linkHeader), ScriptedCa.PEM));
        return client.downloadCertificate(account, client.finalizeOrder(account, order("ready"), new byte[1]))
                .alternates();
    }
}
