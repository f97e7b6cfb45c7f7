package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.view.look.LookService.NameObserver;

/** The look at the unique name of a certificate before an order. */
class UniqueNamePreflightTest extends ViewpointPreflightTestBase {

    private static final HostName UNIQUE = new HostName("web0.www.example.org");

    private Optional<String> problem(BeforeOrder setting, AddressLookup ipv4, NameObserver here) {
        DnsResolver dns = new DnsResolver() {
            @Override
            public HostAddresses addresses(HostName name) {
                assertThat(name).isEqualTo(UNIQUE);
                return new HostAddresses(ipv4, new AddressLookup.None());
            }

            @Override
            public CaaLookup caa(String domain) {
                return new CaaLookup.Found(List.of());
            }
        };
        CertificateSpec spec = spec(1);
        return new ViewpointPreflight(
                        challenges, new SecureRandom(), views(dns, here), _ -> Optional.empty(), _ -> setting)
                .uniqueNameProblem(
                        new CertificateSpec(spec.site(), spec.name(), spec.sources(), Optional.of(UNIQUE)), SOURCE);
    }

    private static AddressLookup found() {
        return new AddressLookup.Found(List.of(InetAddress.ofLiteral(ADDRESS)));
    }

    @Test
    void findsNothingWrongIfACaWouldValidateIt() {
        assertThat(problem(BeforeOrder.POSTPONE, found(), here(ViewpointPreflightTestBase::well)))
                .isEmpty();
        assertThat(seenFromHere).as("the names of the site are looked at later").containsExactly(UNIQUE);
    }

    @Test
    void saysThatItHasNoAddressAndWhatIsEnough() {
        assertThat(problem(BeforeOrder.POSTPONE, new AddressLookup.NoSuchName(), here(_ -> well(UNIQUE))))
                .contains("web0.www.example.org has no address in the DNS. One wildcard record beside the site is"
                        + " enough: *.www.example.org, with the addresses of the site.");
        assertThat(problem(BeforeOrder.WARN, new AddressLookup.None(), here(_ -> well(UNIQUE))))
                .isPresent();
        assertThat(seenFromHere).isEmpty();
    }

    @Test
    void saysThatTheDnsDidNotAnswer() {
        assertThat(problem(BeforeOrder.POSTPONE, new AddressLookup.Failed("SERVFAIL"), here(_ -> well(UNIQUE))))
                .hasValueSatisfying(text -> assertThat(text)
                        .startsWith("The DNS did not tell the addresses of web0.www.example.org: SERVFAIL. "));
    }

    @Test
    void saysThatItLeadsElsewhere() {
        assertThat(problem(BeforeOrder.POSTPONE, found(), here(ViewpointPreflightTestBase::dead)))
                .hasValueSatisfying(text -> assertThat(text).contains(UNIQUE.value()));
        assertThat(problem(BeforeOrder.WARN, found(), here(ViewpointPreflightTestBase::dead)))
                .as("a private CA may see something else")
                .isEmpty();
    }

    @Test
    void looksAtNothingIfItMayNotLook() {
        assertThat(problem(BeforeOrder.OFF, new AddressLookup.NoSuchName(), here(_ -> dead(UNIQUE))))
                .isEmpty();
        assertThat(seenFromHere).isEmpty();
    }
}
