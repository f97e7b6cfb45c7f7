package org.ringcert.it.upgrade;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.demo.LoggedChallenges;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.it.CaLog;
import org.ringcert.it.Certificates;
import org.ringcert.it.LoggedValidation;
import org.ringcert.it.PebbleRelease;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;

/** A cluster that is upgraded one server at a time. */
@UsesPebble
class MixedReleasesTest {

    private static final int FORMER = 0;
    private static final List<Integer> NODES = List.of(0, 1, 2);

    @TempDir
    private Path folder;

    /** Site i leads to node i, so that each release hands over challenges of the other. */
    @ParameterizedTest
    @EnumSource
    void everyNodeGetsItsCertificatesWhileOneStillRuns010(HandoffMode mode) throws Exception {
        List<String> formerRelease = FormerRelease.program();
        try (Testbed testbed = Testbed.start(
                folder,
                PebbleRelease.newestAvailable(),
                mode,
                UnaryOperator.identity(),
                NODES.size(),
                "www.example.org",
                "shop.example.org",
                "blog.example.org")) {
            testbed.cluster().install(FORMER, formerRelease);
            testbed.startAllDaemons();
            for (int node : NODES) {
                for (int site : NODES) {
                    Certificates.await(testbed, node, site);
                }
            }

            assertThat(Files.readString(testbed.cluster().log(FORMER))).contains("ringcert 0.1.0: ");
            assertThat(CaLog.of(testbed.ca()).failedValidations()).isEmpty();
            assertThat(CaLog.of(testbed.ca()).certificates()).isEqualTo(NODES.size() * NODES.size());
            for (int orderer : NODES) {
                for (int entry : NODES) {
                    assertThat(answersOf(testbed, entry, tokenOf(testbed, orderer, entry)))
                            .as("answers of node %d for site %d of node %d", entry, entry, orderer)
                            .isNotEmpty()
                            .allMatch(answer -> answer.equals(expected(mode, orderer == entry)));
                }
            }
        }
    }

    private static String expected(HandoffMode mode, boolean atTheHolder) {
        if (atTheHolder) {
            return "held";
        }
        return mode == HandoffMode.RELAY ? "relayed" : "sent-to";
    }

    private static String tokenOf(Testbed testbed, int orderer, int site) throws Exception {
        return LoggedValidation.all(testbed).stream()
                .filter(validation -> validation.orderer() == orderer
                        && validation
                                .name()
                                .equals(testbed.cluster().sites().get(site).name()))
                .map(LoggedValidation::token)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> answersOf(Testbed testbed, int node, String token) throws Exception {
        return LoggedChallenges.answered(Files.readString(testbed.cluster().log(node))).stream()
                .filter(answer -> answer.token().equals(token))
                .map(LoggedChallenges.LoggedAnswer::answer)
                .toList();
    }
}
