package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.store.Store;
import org.ringcert.store.StoredAccount;

/** A roll-over is killed at each of its steps, and whatever uses the account next ends it. */
@UsesPebble
class RollOverCrashTest {

    /**
     * Whether the CA has changed the key when the process is killed. The first question is about a key of no account.
     */
    private static final Map<String, Boolean> CRASH_POINTS = new LinkedHashMap<>();

    static {
        CRASH_POINTS.put("before lookUp 1", false);
        CRASH_POINTS.put("after lookUp 1", false);
        CRASH_POINTS.put("before changeKey 1", false);
        CRASH_POINTS.put("after changeKey 1", true);
        CRASH_POINTS.put("before lookUp 2", true);
        CRASH_POINTS.put("after lookUp 2", true);
    }

    @TempDir
    private Path folder;

    /** Set by each test. */
    @SuppressWarnings("NullAway.Init")
    private Testbed testbed;

    @Test
    void whateverUsesTheAccountNextCompletesIt() throws Exception {
        int nodes = CRASH_POINTS.size();
        String[] sites =
                IntStream.range(0, nodes).mapToObj("a%d.example.org"::formatted).toArray(String[]::new);
        try (Testbed started = Testbed.start(folder, nodes, sites)) {
            testbed = started;
            List<StoredAccount> before = new ArrayList<>();
            List<ChildProcess> crashing = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                testbed.runCommand(i, 0, "renew", "--prepare");
                before.add(account(i));
            }
            for (int i = 0; i < nodes; i++) {
                crashing.add(CrashingRollOver.start(
                        testbed, folder, i, List.copyOf(CRASH_POINTS.keySet()).get(i)));
            }
            for (ChildProcess process : crashing) {
                CrashingRenewal.awaitCrash(process);
            }
            for (int i = 0; i < nodes; i++) {
                useAccount(i);
                boolean isChanged = List.copyOf(CRASH_POINTS.values()).get(i);
                StoredAccount after = account(i);
                assertThat(after.nextKey()).isEmpty();
                assertThat(after.url()).isEqualTo(before.get(i).url());
                assertThat(after.key().getPublic().equals(before.get(i).key().getPublic()))
                        .as("node " + i + " has its old key")
                        .isEqualTo(!isChanged);
                assertThat(testbed.runCommand(i, 0, "account", "show")).contains("valid");
            }
            assertThat(CaLog.of(testbed.ca()).accounts()).isEqualTo(nodes);
        }
    }

    private void useAccount(int node) throws Exception {
        switch (node % 3) {
            case 0 -> testbed.runCommand(node, 0, "account", "show");
            case 1 -> {
                testbed.runCommand(
                        node, 0, "renew", testbed.cluster().sites().get(node).toString());
                StoredVersion.verified(testbed, node, node);
            }
            default -> {
                testbed.startDaemon(node);
                Certificates.await(testbed, node, node);
            }
        }
    }

    private StoredAccount account(int node) throws Exception {
        return Store.inspect(testbed.cluster().store(node), Clock.systemUTC())
                .accounts()
                .find(testbed.ca().directory())
                .orElseThrow();
    }
}
