package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.acme.CaInformation;
import org.ringcert.cluster.Node;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.plan.RenewalLimit;

class ClockCheckTest extends CheckFixture {

    private static final Optional<Duration> NONE = Optional.empty();

    @Test
    void aClockThatAgreesWithTheCaIsRight() throws Exception {
        CheckFinding finding = only(look(seconds(5), NONE), "clock");

        assertThat(finding.level()).isEqualTo(Level.OK);
        assertThat(finding.text()).isEqualTo("agrees with that of letsencrypt");
    }

    @Test
    void moreThanAMinuteIsAWarningAndMoreThanAnHourAFailure() throws Exception {
        CheckFinding minutes = only(look(seconds(-300), NONE), "clock");
        assertThat(minutes.level()).isEqualTo(Level.WARNING);
        assertThat(minutes.text())
                .isEqualTo("this server's clock is 5 minutes ahead, compared with that of letsencrypt");

        CheckFinding hours = only(look(seconds(3 * 3600), NONE), "clock");
        assertThat(hours.level()).isEqualTo(Level.FAILURE);
        assertThat(hours.text()).startsWith("this server's clock is 3 hours behind");
        assertThat(hours.remedy().orElseThrow()).contains("timedatectl");
    }

    @Test
    void withoutACaTheNearestPeerDecides() throws Exception {
        assertThat(only(look(NONE, seconds(2)), "clock").text()).isEqualTo("agrees with that of web1.example.org");
        assertThat(only(look(NONE, seconds(7200)), "clock").level()).isEqualTo(Level.FAILURE);
    }

    @Test
    void withoutAnySourceNothingIsKnown() throws Exception {
        CheckFinding finding = only(look(NONE, NONE), "clock");

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).contains("nothing to compare the clock with");
    }

    @Test
    void aPeersWrongClockIsAWarningAboutThatPeer() throws Exception {
        CheckFinding finding = only(look(seconds(0), seconds(-600)), WEB1);

        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).isEqualTo("its clock is 10 minutes behind");
    }

    private static Optional<Duration> seconds(long seconds) {
        return Optional.of(Duration.ofSeconds(seconds));
    }

    private List<CheckFinding> look(Optional<Duration> ca, Optional<Duration> web1) throws Exception {
        CheckScope scope = scope("");
        AcmeSettings settings = scope.configuration().authorities().getFirst();
        DirectoryState state = new DirectoryState.Reached(
                settings, new CaInformation(List.of(), Optional.empty(), ca), RenewalLimit.EXEMPT);
        Map<Node, PeerState> peers = new LinkedHashMap<>();
        peers.put(scope.cluster().find(WEB1).orElseThrow(), new PeerState.Up(web1));
        peers.put(scope.cluster().find(WEB2).orElseThrow(), new PeerState.Down("no answer"));
        try (PendingResult<List<DirectoryState>> cas = PendingResult.start(() -> List.of(state));
                PendingResult<Map<Node, PeerState>> states = PendingResult.start(() -> peers)) {
            return new ClockCheck(cas, states).look();
        }
    }

    @Test
    void almostThreeHoursAreThreeHours() throws Exception {
        assertThat(only(look(seconds(3 * 3600 - 2), NONE), "clock").text())
                .startsWith("this server's clock is 3 hours behind");
        assertThat(only(look(seconds(-2 * 86_400 + 1), NONE), "clock").text()).contains("2 days ahead");
    }
}
