package org.ringcert.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.Pem;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real ACME CA on this machine: Pebble and its DNS server, as processes on ports of the loopback address. Both end
 * with {@link #close}, and also when this process ends in any other way. Their files are deleted unless this process is
 * killed. A name has no address until {@link #setAddress} gives it one. Thread-safe. No method takes longer than some
 * seconds.
 */
public final class TestCa implements AutoCloseable {

    private static final int MAX_ATTEMPTS = 3;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final PebbleBinaries binaries;
    private final PebbleOptions options;
    private final TemporaryFolder folder;
    private final PebbleConfiguration configuration;
    private final ManagementClient management;
    private final TestDns dns;
    private final List<LoopbackRelay> relays = new ArrayList<>();
    private ChildProcess pebble;

    private TestCa(
            PebbleBinaries binaries,
            PebbleOptions options,
            TemporaryFolder folder,
            PebbleConfiguration configuration,
            ManagementClient management,
            TestDns dns)
            throws IOException {
        this.binaries = binaries;
        this.options = options;
        this.folder = folder;
        this.configuration = configuration;
        this.management = management;
        this.dns = dns;
        try {
            if (LoopbackRelay.isNeeded()) {
                relays.add(LoopbackRelay.open(configuration.directoryPort()));
                relays.add(LoopbackRelay.open(configuration.managementPort()));
            }
            this.pebble = startPebble();
        } catch (IOException | RuntimeException e) {
            closeRelays();
            throw e;
        }
    }

    /**
     * Starts a CA and waits until it answers.
     *
     * @throws IOException if it does not answer; the message has the last lines of output of the program that failed
     */
    public static TestCa start(PebbleBinaries binaries, PebbleOptions options) throws IOException {
        for (int attempt = 1; ; attempt++) {
            TemporaryFolder folder = TemporaryFolder.create("ringcert-ca-");
            try {
                return start(binaries, options, folder);
            } catch (IOException e) {
                folder.close();
                // Another process may have taken one of the ports since they were chosen.
                if (attempt == MAX_ATTEMPTS || !isPortInUse(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isPortInUse(IOException e) {
        return e instanceof BindException || String.valueOf(e.getMessage()).contains("address already in use");
    }

    private static TestCa start(PebbleBinaries binaries, PebbleOptions options, TemporaryFolder folder)
            throws IOException {
        PebbleConfiguration configuration = PebbleConfiguration.write(folder.path(), options);
        try {
            return start(binaries, options, folder, configuration);
        } catch (IOException | RuntimeException e) {
            configuration.close();
            throw e;
        }
    }

    private static TestCa start(
            PebbleBinaries binaries, PebbleOptions options, TemporaryFolder folder, PebbleConfiguration configuration)
            throws IOException {
        ManagementClient management = new ManagementClient(configuration.httpsCertificate());
        try {
            TestDns dns = TestDns.start(binaries, folder.path(), management);
            try {
                return new TestCa(binaries, options, folder, configuration, management, dns);
            } catch (IOException | RuntimeException e) {
                dns.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            management.close();
            throw e;
        }
    }

    /** Returns the URL of the CA's directory (RFC 8555, section 7.1.1). */
    public URI directory() {
        return configuration.directoryUri();
    }

    /** Returns the certificate, in PEM, that clients have to trust to reach the CA by https. */
    public Path caFile() {
        return configuration.caFile();
    }

    /**
     * Returns the port that the CA sends its validation requests to. Unless the options have named it, it is reserved
     * until the CA is closed: nodes may start and end, and nobody else gets their port.
     */
    public int httpPort() {
        return configuration.httpPort();
    }

    /** Returns the port of 127.0.0.1 where the DNS server answers over UDP and TCP. */
    public int dnsPort() {
        return dns.port();
    }

    /** Makes the address, IPv4 or IPv6, the only one that the name resolves to. */
    public void setAddress(HostName name, InetAddress address) throws IOException {
        dns.setAddress(name, address);
    }

    /** Removes all addresses of the name. */
    public void clearAddress(HostName name) throws IOException {
        dns.clearAddress(name);
    }

    /**
     * Returns the root certificates: that of the first chain, then those of the alternate chains. They change with each
     * {@link #restart}.
     */
    public List<X509Certificate> roots() throws IOException {
        List<X509Certificate> roots = new ArrayList<>();
        for (int chain = 0; chain <= options.alternateRoots(); chain++) {
            String pem = management.get(configuration.managementUri("/roots/" + chain));
            try {
                roots.addAll(Pem.certificates(pem));
            } catch (IllegalArgumentException e) {
                throw new IOException("the test CA's root certificate cannot be read: " + e.getMessage(), e);
            }
        }
        return List.copyOf(roots);
    }

    /** Returns whether the CA offers renewal information (RFC 9773), as Pebble does from 2.6.0 on. */
    public boolean offersRenewalInformation() throws IOException {
        return management.get(directory()).contains("\"renewalInfo\"");
    }

    /**
     * Changes when the CA suggests to renew a certificate (RFC 9773, section 4.2). Needs Pebble 2.8.0 or newer.
     *
     * @param explanation the page that the CA names as an explanation
     * @throws IOException if the CA did not issue the certificate, or cannot do this
     */
    public void setRenewalWindow(X509Certificate certificate, Instant start, Instant end, Optional<URI> explanation)
            throws IOException {
        Map<String, Object> information = new LinkedHashMap<>();
        information.put("suggestedWindow", Map.of("start", start.toString(), "end", end.toString()));
        explanation.ifPresent(page -> information.put("explanationURL", page.toString()));
        setRenewalInformation(certificate, JsonMapper.shared().writeValueAsString(information));
    }

    /**
     * Changes the CA's answer to questions about a certificate's renewal. Needs Pebble 2.8.0 or newer.
     *
     * @param answer sent as it is, with status 200 and a Retry-After of six hours
     * @throws IOException if the CA did not issue the certificate, or cannot do this
     */
    public void setRenewalInformation(X509Certificate certificate, String answer) throws IOException {
        management.post(
                configuration.managementUri("/set-renewal-info/"),
                Map.of("certificate", Pem.write(List.of(certificate)), "ariResponse", answer));
    }

    /**
     * Returns the CA's answer to the question about a certificate's renewal (RFC 9773, section 4).
     *
     * @throws IOException if the CA did not issue the certificate, or offers no renewal information
     */
    public String renewalInformation(X509Certificate certificate) throws IOException {
        JsonNode resources = JsonMapper.shared().readTree(management.get(directory()));
        JsonNode resource = resources.get("renewalInfo");
        if (resource == null) {
            throw new IOException("the test CA offers no renewal information");
        }
        return management.get(URI.create(resource.stringValue() + "/" + certificateId(certificate)));
    }

    /** Returns the id of a certificate from Pebble, whose key identifiers have 20 bytes (RFC 9773, section 4.1). */
    private static String certificateId(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue("2.5.29.35");
        byte[] keyIdentifier = Arrays.copyOfRange(extension, extension.length - 20, extension.length);
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        return base64.encodeToString(keyIdentifier) + "."
                + base64.encodeToString(certificate.getSerialNumber().toByteArray());
    }

    /**
     * Revokes a certificate. Pebble then suggests to renew it at once, unless {@link #setRenewalWindow} was called.
     *
     * @param key the certificate's own key, of type EC P-256
     * @throws IOException if the CA refuses
     */
    public void revoke(X509Certificate certificate, KeyPair key) throws IOException {
        new RevocationRequest(management, directory()).revoke(certificate, key);
    }

    /**
     * Returns the CA's record of a certificate, in JSON: {@code "Status"} is {@code Valid} or {@code Revoked}, and
     * {@code "Reason"} the reason code.
     *
     * @throws IOException if the CA did not issue the certificate
     */
    public String record(X509Certificate certificate) throws IOException {
        return management.get(configuration.managementUri(
                "/cert-status-by-serial/" + certificate.getSerialNumber().toString(16)));
    }

    /** Returns the CA's log so far. */
    public synchronized String log() throws IOException {
        return pebble.output();
    }

    /** Stops the CA, so that it cannot be reached. Names keep their addresses. */
    public synchronized void stop() throws IOException {
        pebble.kill();
    }

    /**
     * Makes the CA hang: it accepts connections but answers nothing until {@link #resume}. Does nothing if the CA is
     * stopped.
     */
    public synchronized void pause() throws IOException {
        sendSignal("STOP");
    }

    /** Ends a {@link #pause}. The CA also answers the requests that arrived meanwhile. */
    public synchronized void resume() throws IOException {
        sendSignal("CONT");
    }

    private void sendSignal(String signal) throws IOException {
        if (pebble.isAlive()) {
            pebble.signal(signal);
        }
    }

    /**
     * Stops the CA and starts it again at the same URL. It then knows no earlier account, order or certificate. Names
     * keep their addresses.
     */
    public synchronized void restart() throws IOException {
        pebble.kill();
        pebble = startPebble();
    }

    /** Ends the CA and its DNS server, and deletes their files. */
    @Override
    public synchronized void close() throws IOException {
        try (configuration;
                management;
                dns;
                ChildProcess last = pebble) {
            last.terminate();
            closeRelays();
        }
        folder.close();
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
                        configuration.file().toString(),
                        "-dnsserver",
                        "127.0.0.1:" + dns.port()),
                options.environment(),
                folder.path().resolve("pebble.log"));
        try {
            management.awaitAnswer(configuration.directoryUri(), started, START_TIMEOUT);
            management.awaitAnswer(configuration.managementUri("/roots/0"), started, START_TIMEOUT);
            return started;
        } catch (IOException | RuntimeException e) {
            started.close();
            throw e;
        }
    }
}
