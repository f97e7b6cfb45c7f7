package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;

class LookWithoutHttpsTest {

    private static final HostName NAME = new HostName("www.example.org");
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.1");
    private static final KeyAuthorization PROBE = new KeyAuthorization(new Token("a".repeat(43)), "b".repeat(43));

    private static final DnsResolver DNS = new DnsResolver() {
        @Override
        public HostAddresses addresses(HostName name) {
            return new HostAddresses(new AddressLookup.Found(List.of(ADDRESS)), new AddressLookup.None());
        }

        @Override
        public CaaLookup caa(String domain) {
            return new CaaLookup.Found(List.of());
        }
    };

    /** A look at https would wait for this port until its time is up. */
    @Test
    void doesNotWaitForHttpsThatDoesNotAnswer() throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(ADDRESS, 0), 0);
        web.createContext(PROBE.token().path(), exchange -> {
            try (exchange) {
                byte[] answer = PROBE.text().getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
        });
        web.start();
        try (ServerSocket silent = new ServerSocket(0, 50, ADDRESS)) {
            int port = web.getAddress().getPort();
            CaView view = new CaView(
                    DNS,
                    new ValidationRules(
                            ValidationRules.Strictness.PRIVATE_CA, port, silent.getLocalPort(), Set.of(port)));

            NameView seen = view.lookWithoutHttps(NAME, PROBE, Entry.ANY_NODE, ValidationRules.MAX_TIME);

            assertThat(seen.complete()).isTrue();
            assertThat(seen.views())
                    .singleElement()
                    .satisfies(each -> assertThat(each.walk().isAccepted()).isTrue())
                    .satisfies(each -> assertThat(each.https()).isEqualTo(new HttpsView.NotSeen()));
        } finally {
            web.stop(0);
        }
    }
}
