package org.ringcert.pki;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootBundleTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private final X509Certificate first = root("Root A");
    private final X509Certificate otherKey = root("Root A");
    private final X509Certificate other = root("Root B");

    @TempDir
    private Path folder;

    @Test
    void findsTheCertificatesOfAName() {
        RootBundle bundle = RootBundle.of(List.of(first, other));
        assertThat(bundle.named(other.getSubjectX500Principal())).containsExactly(other);
        assertThat(bundle.named(new X500Principal("CN=Root"))).isEmpty();
        assertThat(bundle.named(new X500Principal(""))).isEmpty();
    }

    @Test
    void findsThemAgainAfterManyOtherNames() {
        RootBundle bundle = RootBundle.of(List.of(first, other));
        for (int i = 0; i < 1_000; i++) {
            assertThat(bundle.named(new X500Principal("CN=Root " + i))).isEmpty();
            assertThat(bundle.named(first.getSubjectX500Principal())).containsExactly(first);
        }
    }

    @Test
    void aNameMayHaveSeveralKeys() {
        RootBundle bundle = RootBundle.of(List.of(first, other)).and(RootBundle.of(List.of(otherKey)));
        assertThat(bundle.named(first.getSubjectX500Principal())).containsExactly(first, otherKey);
        assertThat(bundle.all()).containsExactly(first, other, otherKey);
    }

    @Test
    void aCertificateThatOnlyMentionsTheNameIsNotOfThatName() {
        TestAuthority issuer = TestAuthority.root("Root A", NOW);
        X509Certificate issued = issuer.intermediate("Root B").certificate();
        RootBundle bundle = RootBundle.of(List.of(issued));
        assertThat(bundle.named(issued.getIssuerX500Principal())).isEmpty();
        assertThat(bundle.named(issued.getSubjectX500Principal())).containsExactly(issued);
    }

    @Test
    void findsEveryRootOfTheSystemByItsName() {
        Optional<RootBundle> system = SystemRoots.find(Map.of());
        system.ifPresent(bundle -> {
            List<X509Certificate> all = bundle.all();
            assertThat(all).isNotEmpty();
            assertThat(all)
                    .allSatisfy(root -> assertThat(bundle.named(root.getSubjectX500Principal()))
                            .contains(root));
        });
    }

    @Test
    void skipsDamagedCertificates() throws Exception {
        byte[] cut = Arrays.copyOf(first.getEncoded(), first.getEncoded().length - 1);
        RootBundle bundle = RootBundle.ofEncoded(
                List.of(new byte[0], cut, "no DER".getBytes(StandardCharsets.UTF_8), otherKey.getEncoded()));
        assertThat(bundle.isEmpty()).isFalse();
        assertThat(bundle.all()).containsExactly(otherKey);
        assertThat(bundle.named(first.getSubjectX500Principal())).containsExactly(otherKey);
        assertThat(RootBundle.ofEncoded(List.of(cut)).isEmpty()).isTrue();
    }

    @Test
    void skipsWhatIsNotACertificateInAFile() throws Exception {
        String hostile = """
                -----BEGIN CERTIFICATE-----
                %%%
                -----END CERTIFICATE-----
                -----BEGIN CERTIFICATE-----
                MIIB
                -----END CERTIFICATE-----
                -----BEGIN CERTIFICATE-----
                -----BEGIN CERTIFICATE-----
                \0\377""";
        Path file = Files.writeString(
                folder.resolve("bundle"), hostile + "\n" + Pem.write(List.of(first)), StandardCharsets.ISO_8859_1);
        assertThat(SystemRoots.find(Map.of("SSL_CERT_FILE", file.toString())).map(RootBundle::all))
                .contains(List.of(first));
    }

    private static X509Certificate root(String name) {
        return TestAuthority.root(name, NOW.minus(Duration.ofDays(1))).certificate();
    }
}
