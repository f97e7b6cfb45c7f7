package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeClient;
import org.ringcert.pki.KeyType;

class PublicCaTest {

    @ParameterizedTest
    @EnumSource(PublicCa.class)
    void isFoundByItsNameAndByItsDirectories(PublicCa ca) {
        assertThat(PublicCa.named(ca.label())).contains(ca);
        for (KeyType key : KeyType.values()) {
            URI directory = ca.directory(key);
            assertThat(PublicCa.fromDirectory(directory)).contains(ca);
            assertThat(PublicCa.named(directory.toString())).contains(ca);
            assertThat(AcmeClient.directoryUrlError(directory)).isEmpty();
        }
        assertThat(ca.directory()).isEqualTo(ca.directory(KeyType.EC256));
    }

    @Test
    void sslComHasADirectoryForEachKindOfKey() {
        assertThat(PublicCa.SSLCOM.directory(KeyType.EC384))
                .isEqualTo(URI.create("https://acme.ssl.com/sslcom-dv-ecc"));
        assertThat(PublicCa.SSLCOM.directory(KeyType.RSA3072))
                .isEqualTo(URI.create("https://acme.ssl.com/sslcom-dv-rsa"));
    }

    @Test
    void onlyLetsEncryptIsKnownToFollowRedirects() {
        assertThat(Arrays.stream(PublicCa.values()).filter(ca -> ca.handoff() == CaHandoff.REDIRECT))
                .containsExactly(PublicCa.LETSENCRYPT, PublicCa.LETSENCRYPT_STAGING);
        assertThat(PublicCa.userAgentsThatFollowRedirects())
                .anyMatch(
                        "Mozilla/5.0 (compatible; Let's Encrypt validation server; +https://www.letsencrypt.org)"
                                ::contains);
    }

    @Test
    void aCaThatIsNamedNeverNeedsCredentialsUnlessItSaysWhereTheyAre() {
        assertThat(Arrays.stream(PublicCa.values())
                        .filter(ca -> ca.credentialsSource().isPresent()))
                .containsExactly(PublicCa.ZEROSSL, PublicCa.GOOGLE, PublicCa.SSLCOM, PublicCa.ACTALIS);
    }
}
