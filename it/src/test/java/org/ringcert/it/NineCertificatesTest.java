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
import org.ringcert.daemon.demo.PebbleOptions;
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
    void everyServerGetsItsOwnCertificateForEverySiteAndTheCaIsSentOnOnceAtMost(RealCa which) throws Exception {
        nineCertificates(which, HandoffMode.REDIRECT, UnaryOperator.identity());
    }

    @Test
    void aCaThatRefusesThreeOfTenNoncesIsServedAllTheSame() throws Exception {
        nineCertificates(RealCa.USUAL, HandoffMode.REDIRECT, options -> options.withRefusedNonces(30));
    }

    @Test
    void relayingServersAnswerThemselvesAndNeverSendTheCaOn() throws Exception {
        nineCertificates(RealCa.USUAL, HandoffMode.RELAY, UnaryOperator.identity());
    }

    @Test
    void aRingSendsTheCaFromServerToServer() throws Exception {
        nineCertificates(RealCa.USUAL, HandoffMode.RING, UnaryOperator.identity());
    }

    private void nineCertificates(RealCa which, HandoffMode handoff, UnaryOperator<PebbleOptions> like)
            throws Exception {
        try (Lab lab = Lab.start(folder, which, handoff, like, NODES, SITES.toArray(String[]::new))) {
            // a ring's nodes order when all have had time to see them
            lab.configure(text -> text + "watch = \"1s\"\n");
            lab.runAll();
            Set<PublicKey> keys = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                for (int site = 0; site < SITES.size(); site++) {
                    keys.add(Certificates.await(lab, node, site).getPublicKey());
                }
            }
            assertThat(keys).hasSize(9);
            switch (handoff) {
                case REDIRECT -> theCaWasSentOnceAtMost(lab);
                case RELAY ->
                    assertThat(Validation.all(lab))
                            .hasSize(12)
                            .allSatisfy(validation ->
                                    assertThat(validation.sentTo()).isEmpty());
                case RING -> assertThat(Validation.all(lab)).hasSize(12);
            }
            assertThat(lab.command(0, 0, "status").lines().filter(line -> line.endsWith(" good")))
                    .hasSize(SITES.size());
        }
    }

    private static void theCaWasSentOnceAtMost(Lab lab) throws Exception {
        List<Validation> validations = Validation.all(lab);
        assertThat(validations).as("four names on three servers").hasSize(12);
        for (Validation validation : validations) {
            int leadsTo = siteOf(lab, validation);
            if (leadsTo == validation.orderer()) {
                assertThat(validation.sentTo()).as("%s", validation).isEmpty();
            } else {
                assertThat(validation.sentTo())
                        .as("%s", validation)
                        .containsOnly(Visit.straightTo(lab, validation.orderer(), validation.token()));
            }
        }
    }

    /** As many sites as servers: site number i leads to server number i. */
    private static int siteOf(Lab lab, Validation validation) {
        for (int site = 0; site < SITES.size(); site++) {
            if (lab.cluster().sites().get(site).names().contains(validation.name())) {
                return site;
            }
        }
        throw new AssertionError(validation + " is for no site");
    }
}
