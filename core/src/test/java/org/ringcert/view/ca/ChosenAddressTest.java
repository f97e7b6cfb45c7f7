package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.ValidationRules.Strictness;
import org.ringcert.view.ca.Walk.Verdict;

/** Rule 6, where the caller chooses the first address: a walk from there is judged as one that finds it in the DNS. */
class ChosenAddressTest {

    private static final HostName NAME = new HostName("www.example.org");
    private static final KeyAuthorization PROBE = new KeyAuthorization(new Token("a".repeat(43)), "b".repeat(43));
    private static final DnsResolver NO_DNS = new DnsResolver() {
        @Override
        public HostAddresses addresses(HostName name) {
            return new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        }

        @Override
        public CaaLookup caa(String domain) {
            return new CaaLookup.Failed("not asked");
        }
    };

    @Test
    void rule6APublicCaDoesNotConnectToAChosenPrivateAddress() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            server.setSoTimeout(1);
            ValidationRules rules = new ValidationRules(Strictness.PUBLIC_CA, server.getLocalPort(), 443, Set.of());
            Walk walk =
                    new Walker(NO_DNS, rules).walkFrom(NAME, loopback, Entry.ANY_NODE, PROBE, Duration.ofSeconds(2));
            assertThat(walk.verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Refused.class,
                            refused -> assertThat(refused.problem().rule()).isEqualTo(Rule.PUBLIC_ADDRESS));
            assertThat(walk.hops()).singleElement().satisfies(hop -> {
                assertThat(hop.address()).contains(loopback);
                assertThat(hop.status()).isEmpty();
            });
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
