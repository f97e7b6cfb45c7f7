package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.LoggedChallenges;

/** Orders at a CA with {@code handoff = "relay"}, on servers that redirect the requests of all others. */
@UsesPebble
class RelayedOrdersTest {

    private static final int NODES = 3;

    @TempDir
    private Path folder;

    @Test
    void neverRedirectsTheCaWhetherADaemonOrACommandHasOrdered() throws Exception {
        try (Testbed testbed = Testbed.start(folder, NODES, "www.example.org", "shop.example.org")) {
            testbed.editConfiguration(
                    text -> text.replace("agree-to-terms = true", "agree-to-terms = true\nhandoff = \"relay\""));
            testbed.makeCaFollowNoRedirects();
            testbed.startAllDaemons();
            for (int node = 0; node < NODES; node++) {
                for (int site = 0; site < 2; site++) {
                    Certificates.await(testbed, node, site);
                }
            }
            Set<String> relayed = tokens(testbed, "relayed");
            assertThat(relayed)
                    .as("two sites, each on two servers that it does not lead to")
                    .hasSize(4);

            testbed.runCommand(2, 0, "renew", "--force");

            assertThat(tokens(testbed, "relayed"))
                    .as("tokens that the daemon of web2 has as files only")
                    .hasSize(6)
                    .containsAll(relayed);
            assertThat(tokens(testbed, "sent-to")).isEmpty();
        }
    }

    /** Returns the tokens that any daemon has answered in this way. */
    private static Set<String> tokens(Testbed testbed, String answer) throws Exception {
        List<LoggedChallenges.LoggedAnswer> answers = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            answers.addAll(
                    LoggedChallenges.answered(Files.readString(testbed.cluster().log(node))));
        }
        return answers.stream()
                .filter(each -> each.answer().equals(answer))
                .map(LoggedChallenges.LoggedAnswer::token)
                .collect(Collectors.toSet());
    }
}
