package org.ringcert.it.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network that these tests use is as it says, also for another program. */
class TestNetworkTest {

    // The exit statuses of curl.
    private static final int ANSWERED = 0;
    private static final int NO_SUCH_HOST = 6;
    private static final int NOT_CONNECTED = 7;
    private static final int TIMED_OUT = 28;

    private static final String OTHER_ADDRESS = "192.0.1.80";

    @TempDir
    private static Path folder;

    private static TestNetwork network;

    @BeforeAll
    static void start() throws IOException {
        network = TestNetwork.start(folder, "web0", "web1", "web2:ipv4");
        NetworkCluster cluster = new NetworkCluster(
                network,
                Files.createDirectory(folder.resolve("cluster")),
                List.of("web0", "web1", "web2"),
                "www.example.org");
        network.relay(OTHER_ADDRESS, 80, "web1");
        cluster.startDaemons("web1");
    }

    @AfterAll
    static void stop() throws IOException {
        if (network != null) {
            network.close();
        }
    }

    @Test
    void hostsReachEachOtherByNameAndBothFamilies() throws IOException {
        assertThat(curl("web0", "web1.example.org")).isEqualTo(ANSWERED);
        assertThat(curl("web0", network.ipv4("web1"))).isEqualTo(ANSWERED);
        assertThat(curl("web0", "[" + network.ipv6("web1") + "]")).isEqualTo(ANSWERED);
        assertThat(curl("web0", "nobody.example.org")).isEqualTo(NO_SUCH_HOST);
    }

    @Test
    void deadAddressesSwallowPacketsAndOthersRefuse() throws IOException {
        assertThat(curl("web0", TestNetwork.DEAD_IPV4)).isEqualTo(TIMED_OUT);
        assertThat(curl("web0", "[" + TestNetwork.DEAD_IPV6 + "]")).isEqualTo(TIMED_OUT);
        assertThat(curl("web0", TestNetwork.REFUSING_IPV4)).isEqualTo(NOT_CONNECTED);
        assertThat(curl("web0", "[" + TestNetwork.REFUSING_IPV6 + "]")).isEqualTo(NOT_CONNECTED);
    }

    @Test
    void hostWithoutIpv6HasNoRouteForIt() throws IOException {
        assertThat(curl("web2", network.ipv4("web1"))).isEqualTo(ANSWERED);
        assertThat(curl("web2", "[" + network.ipv6("web1") + "]")).isEqualTo(NOT_CONNECTED);
        assertThat(curl("web2", "[" + TestNetwork.DEAD_IPV6 + "]")).isEqualTo(NOT_CONNECTED);
    }

    @Test
    void oneHostCannotReachAnAddressThatOthersReach() throws IOException {
        network.swallow("web1", OTHER_ADDRESS);
        assertThat(curl("web1", OTHER_ADDRESS)).isEqualTo(TIMED_OUT);
        assertThat(curl("web0", OTHER_ADDRESS)).isEqualTo(ANSWERED);
        network.deliver("web1", OTHER_ADDRESS);
        assertThat(curl("web1", OTHER_ADDRESS)).isEqualTo(ANSWERED);
    }

    private static int curl(String host, String address) throws IOException {
        return network.run(
                        host,
                        List.of("curl", "-sS", "-g", "--noproxy", "*", "--max-time", "1", "http://" + address + "/"))
                .status();
    }
}
