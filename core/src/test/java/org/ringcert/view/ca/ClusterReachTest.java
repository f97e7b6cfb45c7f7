package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.Walk.Verdict;

/** Where a server does not go for others, although a private CA might. */
class ClusterReachTest {

    private static final HostName INTERNAL = new HostName("internal.example.org");
    private static final int FRONT_PORT = 5002;

    private static ClusterReach reach(String... servers) {
        return new ClusterReach(
                Set.of(FRONT_PORT),
                () -> Set.of(servers).stream().map(InetAddress::ofLiteral).collect(Collectors.toSet()));
    }

    private static boolean reaches(ClusterReach reach, String address, int port) {
        return reach.refusal(InetAddress.ofLiteral(address), port).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.1.2.3",
                "::1",
                "169.254.169.254",
                "fe80::1",
                "0.0.0.0",
                "0.0.0.1",
                "::",
                "224.0.0.1",
                "255.255.255.255",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "2002:7f00:1::1"
            })
    void doesNotReachTheMachineItselfOrItsLink(String address) {
        assertThat(reaches(reach("192.0.2.10"), address, 80)).isFalse();
        assertThat(reaches(reach("192.0.2.10"), address, 443)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "192.168.1.1", "fd00::1", "192.0.2.1", "2001:db8::1"})
    void reachesPrivateAndPublicWebServers(String address) {
        assertThat(reaches(reach(), address, 80)).isTrue();
        assertThat(reaches(reach(), address, 443)).isTrue();
        assertThat(reaches(reach(), address, FRONT_PORT)).isTrue();
        assertThat(reaches(reach(), address, 9999)).isFalse();
    }

    @Test
    void reachesAServerOfTheClusterWhereverItIs() {
        assertThat(reaches(reach("127.0.0.3", "fe80::3"), "127.0.0.3", FRONT_PORT))
                .isTrue();
        assertThat(reaches(reach("127.0.0.3", "fe80::3"), "fe80::3", 80)).isTrue();
        assertThat(reaches(reach("127.0.0.3"), "127.0.0.4", 80)).isFalse();
        assertThat(reaches(reach("0.0.0.0", "::"), "0.0.0.0", 80)).isFalse();
        assertThat(reaches(reach("127.0.0.3"), "127.0.0.3", 9999)).isFalse();
    }

    @Test
    void connectsToNothingThatIsOutOfReach() throws IOException {
        try (WalkLab lab = new WalkLab();
                RawServer secret = RawServer.start(WalkLab.LOOPBACK, 0)) {
            lab.strictness = ValidationRules.Strictness.PRIVATE_CA;
            lab.publish(INTERNAL, WalkLab.LOOPBACK);
            lab.server.respond(_ -> WalkLab.redirect("http://internal.example.org:" + secret.port() + "/"));
            NameView redirected = look(lab, new ClusterReach(Set.of(lab.port()), () -> Set.of(WalkLab.LOOPBACK)));
            assertOutOfReach(redirected);
            assertThat(secret.requests()).isEmpty();
            assertThat(lab.server.requests()).hasSize(1);

            lab.httpsPort = secret.port();
            NameView atOnce = look(lab, new ClusterReach(Set.of(lab.port(), secret.port()), Set::of));
            assertOutOfReach(atOnce);
            assertThat(atOnce.views().getFirst().https()).isEqualTo(new HttpsView.NotSeen());
            assertThat(lab.server.requests()).hasSize(1);
            assertThat(secret.requests()).isEmpty();
        }
    }

    private static NameView look(WalkLab lab, Reach reach) {
        return new CaView(lab.dns(), lab.rules(), reach, WalkLab.internet())
                .look(WalkLab.SITE, WalkLab.ANSWER, Entry.ANY_NODE, Duration.ofSeconds(60));
    }

    private static void assertOutOfReach(NameView view) {
        assertThat(view.views())
                .singleElement()
                .satisfies(each -> assertThat(each.walk().verdict())
                        .isInstanceOfSatisfying(
                                Verdict.Undecided.class,
                                undecided -> assertThat(undecided.reason()).startsWith("looks for other servers ")));
    }
}
