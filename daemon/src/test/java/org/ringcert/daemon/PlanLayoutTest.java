package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.PlanLayout;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.plan.Layout;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.PlannedSite;
import org.ringcert.store.CertificateName;

class PlanLayoutTest {

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");

    private static Configuration configuration() throws ConfigurationException {
        return ConfigurationLoader.parse(Path.of("ringcert.toml"), """
                        [[node]]
                        name = "web0.example.org"
                        [[node]]
                        name = "web1.example.org"
                        [[site]]
                        names = ["www.example.org", "example.org"]
                        unique-name = "{node}.www.example.org"
                        [[site]]
                        names = ["shop.example.org"]
                        keys = ["ec256", "rsa2048"]
                        [acme]
                        directory = "letsencrypt"
                        agree-to-terms = true
                        """).configuration();
    }

    private static NameSet set(String... names) {
        return NameSet.of(Arrays.stream(names).map(HostName::new).toList());
    }

    @Test
    void hasTheNamesThatEachNodeOrders() throws ConfigurationException {
        assertThat(PlanLayout.of(configuration()))
                .isEqualTo(new Layout(
                        List.of(WEB0, WEB1),
                        List.of(
                                new PlannedSite(
                                        WWW,
                                        List.of(CertificateName.first(WWW)),
                                        List.of(
                                                set("www.example.org", "example.org", "web0.www.example.org"),
                                                set("www.example.org", "example.org", "web1.www.example.org"))),
                                new PlannedSite(
                                        SHOP,
                                        List.of(
                                                CertificateName.first(SHOP),
                                                CertificateName.second(SHOP, KeyAlgorithm.RSA)),
                                        List.of(set("shop.example.org"), set("shop.example.org"))))));
    }

    @Test
    void theSpecsOfANodeHaveTheSameNames() throws ConfigurationException {
        List<CertificateSpec> specs = LocalNode.specs(configuration(), WEB1);

        assertThat(specs)
                .extracting(CertificateSpec::uniqueName)
                .containsExactly(Optional.of(new HostName("web1.www.example.org")), Optional.empty(), Optional.empty());
        assertThat(NameSet.of(specs.getFirst().names()))
                .isEqualTo(
                        PlanLayout.of(configuration()).sites().getFirst().sets().get(1));
    }
}
