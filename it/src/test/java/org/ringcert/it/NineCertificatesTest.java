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
    void everyServerGetsItsOwnCertificateForEverySiteAndTheCaIsSentOnOnceAtMost(PebbleRelease which) throws Exception {
        nineCertificates(which, HandoffMode.REDIRECT, UnaryOperator.identity());
    }

    @Test
    void aCaThatRefusesThreeOfTenNoncesIsServedAllTheSame() throws Exception {
        nineCertificates(PebbleRelease.INSTALLED, HandoffMode.REDIRECT, options -> options.withRefusedNonces(30));
    }

    @Test
    void relayingServersAnswerThemselvesAndNeverSendTheCaOn() throws Exception {
        nineCertificates(PebbleRelease.INSTALLED, HandoffMode.RELAY, UnaryOperator.identity());
    }

    @Test
    void aRingSendsTheCaFromServerToServer() throws Exception {
        nineCertificates(PebbleRelease.INSTALLED, HandoffMode.RING, UnaryOperator.identity());
    }

    private void nineCertificates(PebbleRelease which, HandoffMode handoff, UnaryOperator<PebbleOptions> like)
            throws Exception {
        try (Testbed testbed = Testbed.start(folder, which, handoff, like, NODES, SITES.toArray(String[]::new))) {
            // a ring's nodes order when all have had time to see them
            testbed.editConfiguration(text -> text + "watch = \"1s\"\n");
            testbed.startAllDaemons();
            Set<PublicKey> keys = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                for (int site = 0; site < SITES.size(); site++) {
                    keys.add(Certificates.await(testbed, node, site).getPublicKey());
                }
            }
            assertThat(keys).hasSize(9);
            switch (handoff) {
                case REDIRECT -> theCaWasSentOnceAtMost(testbed);
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

    private static void theCaWasSentOnceAtMost(Testbed testbed) throws Exception {
        List<LoggedValidation> validations = LoggedValidation.all(testbed);
        assertThat(validations).as("four names on three servers").hasSize(12);
        for (LoggedValidation validation : validations) {
            int leadsTo = siteOf(testbed, validation);
            if (leadsTo == validation.orderer()) {
                assertThat(validation.redirects()).as("%s", validation).isEmpty();
            } else {
                assertThat(validation.redirects())
                        .as("%s", validation)
                        .containsOnly(NodeResponse.finalRedirect(testbed, validation.orderer(), validation.token()));
            }
        }
    }

    /** As many sites as servers: site number i leads to server number i. */
    private static int siteOf(Testbed testbed, LoggedValidation validation) {
        for (int site = 0; site < SITES.size(); site++) {
            if (testbed.cluster().sites().get(site).names().contains(validation.name())) {
                return site;
            }
        }
        throw new AssertionError(validation + " is for no site");
    }
}
