package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.OfferedChains;
import org.ringcert.store.Origin;

/** {@code status} says whether a certificate's chain is the one that the configuration names. */
class StatusOfChainsTest extends CommandLineFixture {

    /** The root of the certificates in this test. */
    private static final String INSTALLED = "Ringcert: waiting for the CA";

    private CommandRun status(Optional<OfferedChains> offered, String configured) throws Exception {
        String text = Files.readString(folder.resolve("ringcert.toml"));
        Files.writeString(folder.resolve("ringcert.toml"), text.replace("agree", configured + "\nagree"));
        install(store(), SHOP, Instant.now(), Duration.ofDays(90));
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        store().install(
                        CertificateName.first(WWW),
                        key,
                        List.of(SelfSignedCertificate.create(key, List.of(WWW), now, now.plus(Duration.ofDays(90)))),
                        new Origin.IssuedByCa(CA, Optional.empty(), Optional.empty(), List.of(), offered));
        return onNode("status");
    }

    private static Optional<OfferedChains> offered(int unreadable) {
        return Optional.of(new OfferedChains(List.of(INSTALLED, "Root X2"), unreadable));
    }

    @Test
    void aRootThatTheCaDoesNotOfferIsAProblem() throws Exception {
        CommandRun result = status(offered(0), "chain = \"Root X9\"");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains("www.example.org: the CA offers no chain to the root \"Root X9\" ([acme] chain). It offers \""
                        + INSTALLED + "\", \"Root X2\". Write one of these")
                .doesNotContain("could not be read");
    }

    @Test
    void saysThatSomeChainsCouldNotBeRead() throws Exception {
        assertThat(status(offered(2), "chain = \"Root X9\"").out())
                .contains("\"Root X2\", and 2 that could not be read. Write");
    }

    @Test
    void aCorrectedNameTakesEffectAtTheNextRenewal() throws Exception {
        CommandRun result = status(offered(0), "chain = \"root x2\"");

        assertThat(result.status()).isZero();
        assertThat(result.out())
                .contains(": its chain leads to the root \"" + INSTALLED + "\". From the next renewal on");
    }

    @Test
    void aNewNameTakesEffectAtTheNextRenewal() throws Exception {
        CommandRun result = status(Optional.empty(), "chain = \"Root X2\"");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("Ringcert asks for the one to \"Root X2\"");
    }

    @Test
    void nothingIsSaidAboutTheRightChainOrIfAnyWillDo() throws Exception {
        assertThat(status(offered(0), "chain = \"" + INSTALLED + "\"").out()).doesNotContain("chain", "root \"");
        assertThat(status(offered(0), "# any").out()).doesNotContain("chain", "root \"");
    }
}
