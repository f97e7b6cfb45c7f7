package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.PublicKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.handoff.HandoffMode;

@UsesPebble
class NineCertificatesTest {

    private static final int NODES = 3;
    private static final List<String> SITES =
            List.of("www.example.org example.org", "shop.example.org", "blog.example.org");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyServerGetsACertificateForEverySiteWithAtMostOneRedirect(PebbleRelease release) throws Exception {
        assertNineCertificates(release, HandoffMode.REDIRECT, UnaryOperator.identity());
    }

    @Test
    void worksWithACaThatRejectsThreeOfTenNonces() throws Exception {
        assertNineCertificates(PebbleRelease.INSTALLED, HandoffMode.REDIRECT, options -> options.withRefusedNonces(30));
    }

    @Test
    void relayingServersNeverRedirectTheCa() throws Exception {
        assertNineCertificates(PebbleRelease.INSTALLED, HandoffMode.RELAY, UnaryOperator.identity());
    }

    @Test
    void aRingGetsAllCertificates() throws Exception {
        assertNineCertificates(PebbleRelease.INSTALLED, HandoffMode.RING, UnaryOperator.identity());
    }

    private void assertNineCertificates(PebbleRelease release, HandoffMode mode, UnaryOperator<PebbleOptions> caOptions)
            throws Exception {
        try (Testbed testbed = Testbed.start(folder, release, mode, caOptions, NODES, SITES.toArray(String[]::new))) {
            // The nodes of a ring wait one interval before they order, so that all peers have checked them.
            testbed.editConfiguration(text -> text + "watch = \"1s\"\n");
            testbed.startAllDaemons();
            Set<PublicKey> keys = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                for (int site = 0; site < SITES.size(); site++) {
                    keys.add(Certificates.await(testbed, node, site).getPublicKey());
                }
            }
            assertThat(keys).hasSize(9);
            switch (mode) {
                case REDIRECT -> assertAtMostOneRedirect(testbed);
                case RELAY ->
                    assertThat(LoggedValidation.all(testbed))
                            .hasSize(12)
                            .allSatisfy(validation ->
                                    assertThat(validation.redirects()).isEmpty());
                case RING -> assertThat(LoggedValidation.all(testbed)).hasSize(12);
            }
            assertThat(testbed.runCommand(0, 0, "status").lines().filter(line -> line.endsWith(" good")))
                    .hasSize(SITES.size());
        }
    }

    private static void assertAtMostOneRedirect(Testbed testbed) throws Exception {
        List<LoggedValidation> validations = LoggedValidation.all(testbed);
        assertThat(validations).as("four names on three servers").hasSize(12);
        for (LoggedValidation validation : validations) {
            int entry = siteOf(testbed, validation);
            if (entry == validation.orderer()) {
                assertThat(validation.redirects()).as("%s", validation).isEmpty();
            } else {
                assertThat(validation.redirects())
                        .as("%s", validation)
                        .containsOnly(NodeResponse.finalRedirect(testbed, validation.orderer(), validation.token()));
            }
        }
    }

    /** Returns the index of the validated site, which is also the index of the server that its name leads to. */
    private static int siteOf(Testbed testbed, LoggedValidation validation) {
        for (int site = 0; site < SITES.size(); site++) {
            if (testbed.cluster().sites().get(site).names().contains(validation.name())) {
                return site;
            }
        }
        throw new AssertionError(validation + " is not for a site");
    }
}
