package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.pki.RootName;
import org.ringcert.store.CertificateVersion;

/** Chains to another root, keys that stay, and profiles of single sites, at a real CA. */
@UsesPebble
class IssuanceSettingsTest {

    private static final String SITE = "www.example.org";

    @TempDir
    private Path folder;

    private static void configure(Testbed testbed, String key) throws Exception {
        testbed.editConfiguration(text -> text.replaceAll("(?m)^(chain|reuse-key) = .*\n", "")
                .replace("agree-to-terms", key + "\nagree-to-terms"));
    }

    private static CertificateVersion renewed(Testbed testbed) throws Exception {
        assertThat(testbed.runCommand(0, 0, "renew", "--force")).contains(SITE + ": renewed");
        return StoredVersion.current(testbed, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void installsTheChainThatLeadsToTheRoot(PebbleRelease release) throws Exception {
        UnaryOperator<PebbleOptions> threeChains = options -> options.withAlternateRoots(2);
        try (Testbed testbed = Testbed.start(folder, release, threeChains, 1, SITE)) {
            CertificateVersion first = renewed(testbed);
            List<String> roots = testbed.ca().roots().stream()
                    .map(root -> RootName.of(List.of(root)))
                    .toList();
            assertThat(roots).hasSize(3).doesNotHaveDuplicates();
            assertThat(RootName.of(first.chain())).isEqualTo(roots.getFirst());

            configure(testbed, "chain = \"" + roots.getLast() + "\"");
            assertThat(testbed.runCommand(0, 0, "renew")).contains(SITE + ": not due");
            assertThat(testbed.runCommand(0, 0, "status")).contains("From the next renewal on");

            CertificateVersion second = renewed(testbed);
            assertThat(RootName.of(second.chain())).isEqualTo(roots.getLast());
            second.chain().getLast().verify(testbed.ca().roots().getLast().getPublicKey());
            assertThat(testbed.runCommand(0, 0, "status")).doesNotContain("From the next renewal on");

            configure(testbed, "chain = \"No Such Root\"");
            CertificateVersion third = renewed(testbed);
            assertThat(RootName.of(third.chain())).isEqualTo(roots.getFirst());
            assertThat(testbed.runCommand(0, 1, "status"))
                    .contains("offers no chain to the root \"No Such Root\"")
                    .contains(roots);
            assertThat(testbed.runCommand(0, 0, "renew")).contains(SITE + ": not due");
        }
    }

    @Test
    void twoRenewalsHaveTheSameKey() throws Exception {
        try (Testbed testbed = Testbed.start(folder, 1, SITE)) {
            CertificateVersion first = renewed(testbed);

            configure(testbed, "reuse-key = true");
            List<CertificateVersion> renewals = List.of(renewed(testbed), renewed(testbed));

            assertThat(renewals)
                    .extracting(version -> version.leaf().getPublicKey())
                    .containsOnly(first.leaf().getPublicKey());
            assertThat(renewals)
                    .extracting(version -> version.leaf().getSerialNumber())
                    .doesNotHaveDuplicates()
                    .doesNotContain(first.leaf().getSerialNumber());
            Path key = renewals.getLast().directory().resolve("privkey.pem");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                    .isEqualTo("rw-------");
            StoredVersion.verified(testbed, 0, 0);

            configure(testbed, "reuse-key = false");
            assertThat(renewed(testbed).leaf().getPublicKey())
                    .isNotEqualTo(first.leaf().getPublicKey());
        }
    }

    /** Debian's Pebble knows no profiles. */
    @Test
    void aSiteHasAProfileOfItsOwn() throws Exception {
        PebbleRelease release = PebbleRelease.newestAvailable();
        Assumptions.assumeTrue(release == PebbleRelease.NEWEST);
        UnaryOperator<PebbleOptions> profiles =
                options -> options.withOtherProfiles(Map.of("short", Duration.ofDays(6)));
        try (Testbed testbed = Testbed.start(folder, release, profiles, 1, SITE, "shop.example.org")) {
            testbed.editConfiguration(text -> text.replace("agree-to-terms", "profile = \"default\"\nagree-to-terms")
                    .replace("names = [\"shop.example.org\"]", "names = [\"shop.example.org\"]\nprofile = \"short\""));
            testbed.runCommand(0, 0, "renew");

            assertThat(StoredVersion.verified(testbed, 0, 0).lifetime()).isGreaterThan(Duration.ofDays(80));
            assertThat(StoredVersion.verified(testbed, 0, 1).lifetime()).isLessThan(Duration.ofDays(7));

            testbed.editConfiguration(text -> text.replace("profile = \"short\"", "profile = \"no-such\""));
            assertThat(testbed.runCommand(0, 1, "renew"))
                    .contains("has no profile \"no-such\"", "it offers ", "default", "short")
                    .contains(SITE + ": not due");

            testbed.editConfiguration(text -> text.replace("profile = \"no-such\"\n", ""));
            assertThat(testbed.runCommand(0, 0, "renew", "--force")).contains("shop.example.org: renewed");
            assertThat(StoredVersion.verified(testbed, 0, 1).lifetime()).isGreaterThan(Duration.ofDays(80));
        }
    }
}
