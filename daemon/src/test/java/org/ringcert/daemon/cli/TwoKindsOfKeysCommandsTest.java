package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Origin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands where each site has an EC and an RSA certificate. */
class TwoKindsOfKeysCommandsTest extends CommandLineFixture {

    @BeforeEach
    void askForBothKinds() throws Exception {
        String text = Files.readString(folder.resolve("ringcert.toml"));
        Files.writeString(
                folder.resolve("ringcert.toml"), text.replace("agree", "keys = [\"ec256\", \"rsa2048\"]\nagree"));
        install(store(), WWW, Instant.now(), Duration.ofDays(90));
    }

    private void installRsa() throws Exception {
        KeyPair key = KeyType.RSA2048.generate(new SecureRandom());
        Instant now = Instant.now();
        store().install(
                        CertificateName.second(WWW, KeyAlgorithm.RSA),
                        key,
                        List.of(SelfSignedCertificate.create(key, List.of(WWW), now, now.plus(Duration.ofDays(90)))),
                        new Origin.IssuedByCa(CA, Optional.empty(), Optional.empty()));
    }

    @Test
    void statusShowsEachCertificate() throws Exception {
        assertThat(onNode("status").out())
                .contains("www.example.org+rsa, shop.example.org, shop.example.org+rsa: there is no certificate yet");
        installRsa();

        assertThat(onNode("status").out())
                .containsPattern("(?m)^www\\.example\\.org +.* good$")
                .containsPattern("(?m)^www\\.example\\.org\\+rsa +.* good$");
        JsonNode sites =
                JsonMapper.shared().readTree(onNode("status", "--json").out()).path("sites");
        assertThat(sites).hasSize(4);
        JsonNode rsa = sites.path(1);
        assertThat(rsa.path("site").asString()).isEqualTo("www.example.org");
        assertThat(rsa.path("certificate").asString()).isEqualTo("www.example.org+rsa");
        assertThat(rsa.path("key").asString()).isEqualTo("rsa2048");
    }

    @Test
    void aSecondKindThatIsNoLongerConfiguredIsNamed() throws Exception {
        installRsa();
        String text = Files.readString(folder.resolve("ringcert.toml"));
        Files.writeString(folder.resolve("ringcert.toml"), text.replace(", \"rsa2048\"", ""));

        assertThat(onNode("status").out())
                .contains("No longer in the configuration, but their files are kept: [www.example.org+rsa]");
    }

    @Test
    void renewTakesTheNameOfACertificateOrOfASite() {
        assertThat(onNode("renew", "--dry-run", "www.example.org").out().lines())
                .anyMatch(line -> line.startsWith("www.example.org: not due"))
                .anyMatch(line -> line.startsWith("www.example.org+rsa: would be ordered"));
        assertThat(onNode("renew", "--dry-run", "www.example.org+rsa").out().lines())
                .noneMatch(line -> line.startsWith("www.example.org:"))
                .anyMatch(line -> line.startsWith("www.example.org+rsa: would be ordered"));
    }

    @Test
    void renewRefusesAKindThatTheSiteDoesNotHave() {
        CommandRun result = onNode("renew", "www.example.org+ec");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("www.example.org+ec is not a certificate of the configuration", "www.example.org+rsa");
    }
}
