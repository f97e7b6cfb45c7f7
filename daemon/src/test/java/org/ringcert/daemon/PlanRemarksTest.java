package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;

class PlanRemarksTest {

    private static final String LETSENCRYPT = """
            [[acme]]
            directory = "letsencrypt"
            agree-to-terms = true
            """;

    private static final String PRIVATE = """
            [[acme]]
            directory = "https://ca.example.net/directory"
            agree-to-terms = true
            """;

    private static Configuration configuration(String cas) throws ConfigurationException {
        return ConfigurationLoader.parse(Path.of("ringcert.toml"), """
                        [[node]]
                        name = "web0.example.org"
                        [[node]]
                        name = "web1.example.org"
                        [[site]]
                        names = ["www.example.org"]
                        unique-name = "{node}.www.example.org"
                        [[site]]
                        names = ["shop.example.org"]
                        """ + cas).configuration();
    }

    private static DnsResolver dns(AddressLookup ipv4) {
        return new DnsResolver() {
            @Override
            public HostAddresses addresses(HostName name) {
                assertThat(name.value()).isEqualTo("web0.www.example.org");
                return new HostAddresses(ipv4, new AddressLookup.None());
            }

            @Override
            public CaaLookup caa(String domain) {
                return new CaaLookup.Found(List.of());
            }
        };
    }

    private static List<String> remarks(String cas, AddressLookup ipv4, int nodesWithout)
            throws ConfigurationException {
        return new PlanRemarks(configuration(cas), new HostName("web0.example.org"), dns(ipv4)).of(nodesWithout);
    }

    private static AddressLookup found() {
        return new AddressLookup.Found(List.of(InetAddress.ofLiteral("192.0.2.1")));
    }

    @Test
    void nothingIsRemarkedWhereNothingIsAssumed() throws Exception {
        assertThat(remarks(LETSENCRYPT, found(), 10)).isEmpty();
    }

    @Test
    void aUniqueNameWithoutAddressMakesThePlanTooEarly() throws Exception {
        assertThat(remarks(LETSENCRYPT, new AddressLookup.None(), 2))
                .singleElement()
                .asString()
                .startsWith("This plan is too early: web0.www.example.org has no address in the DNS.")
                .contains("such as *.www.example.org, with the addresses of the site");
    }

    @Test
    void manyServersThatMayHaveToRegisterFromOneAddressWait() throws Exception {
        assertThat(remarks(LETSENCRYPT, found(), 12))
                .singleElement()
                .asString()
                .contains("12 servers", "10 at once, then another every 18 minutes", "the last one waits 36 minutes");
    }

    @Test
    void aSecondCaIsAskedWhenTheTurnIsFar() throws Exception {
        assertThat(remarks(PRIVATE + LETSENCRYPT, found(), 2))
                .satisfiesExactly(
                        remark -> assertThat(remark).startsWith("No limits of this CA are known"),
                        remark -> assertThat(remark).contains("if its turn here is more than an hour away"));
    }
}
