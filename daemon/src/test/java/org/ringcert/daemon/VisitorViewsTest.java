package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.VisitorTarget;

class VisitorViewsTest {

    private static final URI CA = URI.create("https://ca.example.org/dir");

    @TempDir
    private Path folder;

    private Configuration load(String text) throws Exception {
        return ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), text));
    }

    @Test
    void everyCertificateOfEverySiteIsLookedAtAtEveryServer() throws Exception {
        String text = SmallConfiguration.text(List.of("web0.example.org", "web1.example.org"), CA)
                .replaceFirst("name = \"web1.example.org\"\n", "$0https = \"10.0.0.11:8443\"\n")
                .replace(
                        "[acme]\n",
                        "[[site]]\nnames = [\"shop.example.org\"]\nkeys = [\"ec256\", \"rsa2048\"]\n[acme]\n");

        assertThat(VisitorViews.targets(load(text)))
                .extracting(
                        target -> target.site().name().value(),
                        VisitorTarget::kind,
                        target -> target.node().value(),
                        VisitorTarget::host,
                        VisitorTarget::port)
                .containsExactly(
                        tuple("www.example.org", Optional.empty(), "web0.example.org", "web0.example.org", 443),
                        tuple("www.example.org", Optional.empty(), "web1.example.org", "10.0.0.11", 8443),
                        tuple(
                                "shop.example.org",
                                Optional.of(KeyAlgorithm.EC),
                                "web0.example.org",
                                "web0.example.org",
                                443),
                        tuple(
                                "shop.example.org",
                                Optional.of(KeyAlgorithm.RSA),
                                "web0.example.org",
                                "web0.example.org",
                                443),
                        tuple("shop.example.org", Optional.of(KeyAlgorithm.EC), "web1.example.org", "10.0.0.11", 8443),
                        tuple(
                                "shop.example.org",
                                Optional.of(KeyAlgorithm.RSA),
                                "web1.example.org",
                                "10.0.0.11",
                                8443));
    }
}
