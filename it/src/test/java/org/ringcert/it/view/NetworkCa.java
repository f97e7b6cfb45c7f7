package org.ringcert.it.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.it.CaLog;

/**
 * A Pebble on the router of a {@link TestNetwork}, which validates on port 80 and asks the network's DNS server. It
 * ends with the network.
 */
public final class NetworkCa {

    private static final String NAME = "ca.example.net";

    private final TestNetwork network;
    private final Path caFile;
    private final ChildProcess pebble;

    private NetworkCa(TestNetwork network, Path caFile, ChildProcess pebble) {
        this.network = network;
        this.caFile = caFile;
        this.pebble = pebble;
    }

    /**
     * Starts a CA in the network.
     *
     * @param folder an empty directory for its files
     */
    public static NetworkCa start(TestNetwork network, Path folder) throws IOException {
        TestCertificate https = TestCertificate.write(folder, NAME);
        Path configuration =
                Files.writeString(folder.resolve("pebble.json"), """
                {"pebble": {"listenAddress": "0.0.0.0:14000", "managementListenAddress": "127.0.0.1:15000",
                 "certificate": "%s", "privateKey": "%s", "httpPort": 80, "tlsPort": 1}}
                """.formatted(https.certificate(), https.key()));
        network.dns().addresses(NAME, TestNetwork.DNS_ADDRESS);
        ChildProcess pebble = network.startOnRouter(
                "pebble",
                List.of(
                        "env",
                        "PEBBLE_VA_NOSLEEP=1",
                        "PEBBLE_WFE_NONCEREJECT=0",
                        "PEBBLE_AUTHZREUSE=0",
                        PebbleBinaries.find(System.err::println).pebble().toString(),
                        "-config",
                        configuration.toString(),
                        "-dnsserver",
                        TestNetwork.DNS_ADDRESS + ":53"),
                folder.resolve("pebble.log"));
        pebble.awaitLine(line -> line.contains("istening on") && line.contains("14000"), TestNetwork.TIMEOUT);
        return new NetworkCa(network, https.certificate(), pebble);
    }

    /** Returns the lines of {@code [acme]} that choose this CA. */
    public String configuration() {
        return "directory = \"https://%s:14000/dir\"\nca-file = \"%s\"\n".formatted(NAME, caFile);
    }

    /** Returns its root certificate, in PEM. */
    public String root() throws IOException {
        return network.runOnRouter(List.of(
                        "curl", "-sS", "--fail", "--insecure", "--noproxy", "*", "https://127.0.0.1:15000/roots/0"))
                .output();
    }

    /** Returns what it has done so far. */
    public CaLog log() throws IOException {
        return new CaLog(pebble.output());
    }
}
