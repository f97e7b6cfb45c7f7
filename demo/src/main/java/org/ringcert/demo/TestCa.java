package org.ringcert.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real ACME CA on this machine: Pebble, and the DNS server that it asks, as processes on ports of the loopback
 * address. Both end with {@link #close}, and with this process however it ends. No name has an address before
 * {@link #setAddress}. All methods may be called from any thread and wait some seconds at most.
 */
public final class TestCa implements AutoCloseable {

    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final int TRIES = 3;
    private static final Duration TO_START = Duration.ofSeconds(30);
    private static final Duration TO_HELP = Duration.ofSeconds(10);

    private final PebbleBinaries binaries;
    private final PebbleOptions options;
    private final Path folder;
    private final int httpPort;
    private final Ports ports;
    private final Management management;
    private final ChildProcess names;
    private final List<LoopbackRelay> relays = new ArrayList<>();
    private ChildProcess pebble;

    private TestCa(
            PebbleBinaries binaries,
            PebbleOptions options,
            Path folder,
            int httpPort,
            Ports ports,
            Management management,
            ChildProcess names)
            throws IOException {
        this.binaries = binaries;
        this.options = options;
        this.folder = folder;
        this.httpPort = httpPort;
        this.ports = ports;
        this.management = management;
        this.names = names;
        try {
            if (LoopbackRelay.isNeeded()) {
                relays.add(LoopbackRelay.open(ports.directory()));
                relays.add(LoopbackRelay.open(ports.management()));
            }
            this.pebble = startPebble();
        } catch (IOException | RuntimeException e) {
            closeRelays();
            throw e;
        }
    }

    /**
     * Starts one and waits until it answers.
     *
     * @throws IOException if it does not; the message has the last words of the program that failed
     */
    public static TestCa start(PebbleBinaries binaries, PebbleOptions options) throws IOException {
        for (int tries = 1; ; tries++) {
            Path folder = Files.createTempDirectory("ringcert-ca-");
            try {
                return start(binaries, options, folder);
            } catch (IOException e) {
                Folders.delete(folder);
                // Another process may have taken a port in between.
                if (tries == TRIES || !isTaken(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isTaken(IOException e) {
        return e instanceof BindException || String.valueOf(e.getMessage()).contains("address already in use");
    }

    private static TestCa start(PebbleBinaries binaries, PebbleOptions options, Path folder) throws IOException {
        int httpPort = options.httpPort() != 0 ? options.httpPort() : FreePorts.on(options.addresses());
        Ports ports = Ports.free();
        X509Certificate certificate = writeCertificate(folder);
        writeConfiguration(folder, options, ports, httpPort);
        ChildProcess names = startNames(binaries, folder, ports);
        Management management = new Management(certificate);
        try {
            management.awaitAnswer(ports.namesManagementUri("/"), names, TO_START);
            return new TestCa(binaries, options, folder, httpPort, ports, management, names);
        } catch (IOException | RuntimeException e) {
            management.close();
            names.close();
            throw e;
        }
    }

    /** The URL of its directory (RFC 8555, section 7.1.1). */
    public URI directory() {
        return ports.directoryUri();
    }

    /** The certificate, in PEM, that its own https is to be trusted by. */
    public Path caFile() {
        return folder.resolve("https.pem");
    }

    /** The port that its validation requests go to. */
    public int httpPort() {
        return httpPort;
    }

    /** Where its DNS server answers, over UDP and TCP, on 127.0.0.1. */
    public int dnsPort() {
        return ports.names();
    }

    /** From now on the name leads to that address, IPv4 or IPv6, and to no other. */
    public void setAddress(HostName name, InetAddress address) throws IOException {
        clearAddress(name);
        String kind = address.getAddress().length == 4 ? "/add-a" : "/add-aaaa";
        management.post(
                ports.namesManagementUri(kind),
                Map.of("host", name.value(), "addresses", List.of(address.getHostAddress())));
    }

    /** From now on the name leads nowhere. */
    public void clearAddress(HostName name) throws IOException {
        management.post(ports.namesManagementUri("/clear-a"), Map.of("host", name.value()));
        management.post(ports.namesManagementUri("/clear-aaaa"), Map.of("host", name.value()));
    }

    /**
     * Its root certificates: the first chain's, then those of the alternate ones. New ones after each {@link #restart}.
     */
    public List<X509Certificate> roots() throws IOException {
        List<X509Certificate> roots = new ArrayList<>();
        for (int chain = 0; chain <= options.alternateRoots(); chain++) {
            String pem = management.get(ports.managementUri("/roots/" + chain));
            try {
                roots.addAll(Pem.certificates(pem));
            } catch (IllegalArgumentException e) {
                throw new IOException("the test CA's root certificate cannot be read: " + e.getMessage(), e);
            }
        }
        return List.copyOf(roots);
    }

    /** What it has said so far. */
    public synchronized String log() throws IOException {
        return pebble.output();
    }

    /** Stops it, as a CA that is down; names keep their addresses. */
    public synchronized void stop() throws IOException {
        pebble.kill();
    }

    /**
     * It falls silent, as a CA that is slow: connections are taken, nothing is answered until {@link #resume}. Nothing
     * happens where it is stopped.
     */
    public synchronized void pause() throws IOException {
        signal("STOP");
    }

    /** It answers again, also what it was asked meanwhile. */
    public synchronized void resume() throws IOException {
        signal("CONT");
    }

    private void signal(String signal) throws IOException {
        if (pebble.isAlive()) {
            pebble.signal(signal);
        }
    }

    /**
     * Stops it and starts it at the same URL: it knows no account, order or certificate any more. Names keep their
     * addresses.
     */
    public synchronized void restart() throws IOException {
        pebble.kill();
        pebble = startPebble();
    }

    /** Ends it and its DNS server, and deletes their files. */
    @Override
    public synchronized void close() throws IOException {
        try (management;
                names;
                ChildProcess last = pebble) {
            last.terminate();
            closeRelays();
        }
        Folders.delete(folder);
    }

    private void closeRelays() throws IOException {
        for (LoopbackRelay relay : relays) {
            relay.close();
        }
    }

    private ChildProcess startPebble() throws IOException {
        ChildProcess started = ChildProcess.start(
                "pebble",
                List.of(
                        binaries.pebble().toString(),
                        "-config",
                        folder.resolve("pebble.json").toString(),
                        "-dnsserver",
                        "127.0.0.1:" + ports.names()),
                options.environment(),
                folder.resolve("pebble.log"));
        try {
            management.awaitAnswer(ports.directoryUri(), started, TO_START);
            management.awaitAnswer(ports.managementUri("/roots/0"), started, TO_START);
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }

    private static ChildProcess startNames(PebbleBinaries binaries, Path folder, Ports ports) throws IOException {
        String program = binaries.challtestsrv().toString();
        String help = Programs.runAnyway(List.of(program, "-help"), Map.of(), folder, TO_HELP)
                .said();
        List<String> command = new ArrayList<>(List.of(
                program,
                "-management",
                "127.0.0.1:" + ports.namesManagement(),
                // Names that nobody has set lead nowhere; its own answers to challenges are not wanted.
                "-defaultIPv4",
                "",
                "-defaultIPv6",
                "",
                "-http01",
                "",
                "-https01",
                "",
                "-tlsalpn01",
                ""));
        // 2.4.0 knows only -dns01, the newest only -dnsserver.
        command.addAll(List.of(help.contains("-dnsserver ") ? "-dnsserver" : "-dns01", "127.0.0.1:" + ports.names()));
        if (help.contains("-doh ")) {
            command.addAll(List.of("-doh", ""));
        }
        return ChildProcess.start("pebble-challtestsrv", command, Map.of(), folder.resolve("challtestsrv.log"));
    }

    private static X509Certificate writeCertificate(Path folder) throws IOException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate certificate = SelfSignedCertificate.of(
                key, List.of(new HostName("localhost")), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(30)));
        Files.writeString(folder.resolve("https.pem"), Pem.write(List.of(certificate)));
        Files.writeString(folder.resolve("https.key"), Pem.write(key.getPrivate()));
        return certificate;
    }

    private static void writeConfiguration(Path folder, PebbleOptions options, Ports ports, int httpPort)
            throws IOException {
        long validity = options.validity().toSeconds();
        Map<String, Object> pebble = new LinkedHashMap<>();
        pebble.put("listenAddress", "127.0.0.1:" + ports.directory());
        pebble.put("managementListenAddress", "127.0.0.1:" + ports.management());
        pebble.put("certificate", folder.resolve("https.pem").toString());
        pebble.put("privateKey", folder.resolve("https.key").toString());
        pebble.put("httpPort", httpPort);
        // No tls-alpn-01: nothing listens there.
        pebble.put("tlsPort", 1);
        // The first is for 2.4.0, the second for versions that know profiles and take no notice of the first.
        pebble.put("certificateValidityPeriod", validity);
        pebble.put("profiles", Map.of("default", Map.of("description", "the only one", "validityPeriod", validity)));
        Files.write(folder.resolve("pebble.json"), JsonMapper.shared().writeValueAsBytes(Map.of("pebble", pebble)));
    }

    private record Ports(int directory, int management, int names, int namesManagement) {

        static Ports free() throws IOException {
            List<InetAddress> here = List.of(HERE);
            return new Ports(FreePorts.on(here), FreePorts.on(here), FreePorts.on(here), FreePorts.on(here));
        }

        URI directoryUri() {
            return URI.create("https://localhost:" + directory + "/dir");
        }

        URI managementUri(String path) {
            return URI.create("https://localhost:" + management + path);
        }

        URI namesManagementUri(String path) {
            return URI.create("http://127.0.0.1:" + namesManagement + path);
        }
    }
}
