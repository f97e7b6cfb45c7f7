package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;

class ListedDomainsTest {

    private static HostName name(String value) {
        return new HostName(value);
    }

    @Test
    void findsThoseOfTheNamesInAConfiguration() throws ConfigurationException {
        ListedDomains domains = ListedDomains.of(
                ConfigurationLoader.parse(Path.of("ringcert.toml"), """
                        [[node]]
                        name = "web0.example.org"
                        [[site]]
                        names = ["www.example.co.uk", "a.user.github.io"]
                        unique-name = "{node}.example.net"
                        [acme]
                        directory = "letsencrypt"
                        agree-to-terms = true
                        """).configuration());

        assertThat(domains.of(name("www.example.co.uk"))).isEqualTo(name("example.co.uk"));
        assertThat(domains.of(name("a.user.github.io"))).isEqualTo(name("user.github.io"));
        assertThat(domains.of(name("web0.example.net"))).isEqualTo(name("example.net"));
    }

    @Test
    void findsThoseOfOtherNames() {
        ListedDomains domains = new ListedDomains(List.of(name("www.example.org")));

        assertThat(domains.of(name("shop.example.co.uk"))).isEqualTo(name("example.co.uk"));
        assertThat(domains.of(name("www.example.org"))).isEqualTo(name("example.org"));
        assertThat(domains.of(name("www.example.com"))).isEqualTo(name("example.com"));
        assertThat(domains.of(name("shop.example.co.uk"))).isEqualTo(name("example.co.uk"));
    }
}
