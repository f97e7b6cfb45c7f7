package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.front.ListeningProcess;

class FrontCheckTest extends CheckFixture {

    private static final Optional<ListeningProcess> NGINX = Optional.of(new ListeningProcess("nginx", 7));
    private static final Optional<ListeningProcess> UNSEEN = Optional.empty();
    private static final String BEHIND_A_WEB_SERVER = "listen = [\"127.0.0.1:8402\"]";

    @Test
    void theDaemonMayHaveThePortItselfOrBehindAWebServer() throws Exception {
        assertFinding("", new FrontState.Daemon(), true, UNSEEN, Level.OK, "the daemon answers at [::]:80");
        assertFinding(
                BEHIND_A_WEB_SERVER,
                new FrontState.Daemon(),
                true,
                NGINX,
                Level.OK,
                "nginx (pid 7) has it, and the daemon answers at 127.0.0.1:8402");
    }

    @Test
    void withoutTheWebServerNothingListens() throws Exception {
        assertFinding(
                BEHIND_A_WEB_SERVER, new FrontState.Daemon(), false, UNSEEN, Level.FAILURE, "nothing listens there");
        assertFinding("listen = []", new FrontState.FromFiles(), false, UNSEEN, Level.FAILURE, "nothing listens there");
        assertFinding(
                "listen = []",
                new FrontState.FromFiles(),
                true,
                NGINX,
                Level.OK,
                "nginx (pid 7) has it and answers from files (`listen = []`)");
    }

    @Test
    void aCommandThatHasAnsweredItselfSaysThatNoDaemonRuns() throws Exception {
        assertFinding(
                "",
                new FrontState.ThisCommand(),
                true,
                UNSEEN,
                Level.WARNING,
                "no daemon runs on this server; this command has answered while it looked");
    }

    @Test
    void anotherProgramOrAnotherStoreIsAFailure() throws Exception {
        assertFinding(
                "",
                new FrontState.Taken(NGINX),
                true,
                NGINX,
                Level.FAILURE,
                "nginx (pid 7) listens on [::]:80, where Ringcert should answer");
        assertFinding(
                "",
                new FrontState.OtherStore(),
                true,
                UNSEEN,
                Level.FAILURE,
                "the daemon at [::]:80 does not find what this command publishes in " + folder.resolve("store"));
    }

    private void assertFinding(
            String front, FrontState state, boolean isTaken, Optional<ListeningProcess> owner, Level level, String text)
            throws Exception {
        assertThat(new FrontCheck(scope(front), state, isTaken, owner).look())
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.subject()).isEqualTo("port 80");
                    assertThat(finding.level()).isEqualTo(level);
                    assertThat(finding.text()).isEqualTo(text);
                });
    }
}
