package org.ringcert.demo;

import java.io.IOException;
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
 * The ports and files of one Pebble.
 *
 * @param file the configuration file that Pebble reads
 * @param caFile the certificate of Pebble's own https, in PEM
 * @param httpPort the port that it validates on
 * @param reservedPorts those of the ports that were chosen here
 */
record PebbleConfiguration(
        Path file,
        Path caFile,
        X509Certificate httpsCertificate,
        int directoryPort,
        int managementPort,
        int httpPort,
        List<ReservedPort> reservedPorts)
        implements AutoCloseable {

    /** Reserves free ports, and writes the configuration and a new https certificate into the folder. */
    static PebbleConfiguration write(Path folder, PebbleOptions options) throws IOException {
        Path caFile = folder.resolve("https.pem");
        Path keyFile = folder.resolve("https.key");
        X509Certificate certificate = writeCertificate(caFile, keyFile);
        List<ReservedPort> ports = new ArrayList<>();
        try {
            List<InetAddress> loopback = List.of(InetAddress.ofLiteral("127.0.0.1"));
            PebbleConfiguration configuration = new PebbleConfiguration(
                    folder.resolve("pebble.json"),
                    caFile,
                    certificate,
                    reserve(loopback, ports),
                    reserve(loopback, ports),
                    options.httpPort() != 0 ? options.httpPort() : reserve(options.addresses(), ports),
                    List.copyOf(ports));
            configuration.writeFile(keyFile, options);
            return configuration;
        } catch (IOException | RuntimeException e) {
            release(ports);
            throw e;
        }
    }

    private static int reserve(List<InetAddress> addresses, List<ReservedPort> ports) throws IOException {
        ReservedPort port = FreePorts.reserve(addresses);
        ports.add(port);
        return port.number();
    }

    private static void release(List<ReservedPort> ports) throws IOException {
        for (ReservedPort port : ports) {
            port.close();
        }
    }

    /** Releases the ports. */
    @Override
    public void close() throws IOException {
        release(reservedPorts);
    }

    URI directoryUri() {
        return URI.create("https://localhost:" + directoryPort + "/dir");
    }

    URI managementUri(String path) {
        return URI.create("https://localhost:" + managementPort + path);
    }

    private static X509Certificate writeCertificate(Path certificateFile, Path keyFile) throws IOException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate certificate = SelfSignedCertificate.create(
                key, List.of(new HostName("localhost")), now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(30)));
        Files.writeString(certificateFile, Pem.write(List.of(certificate)));
        Files.writeString(keyFile, Pem.write(key.getPrivate()));
        return certificate;
    }

    private void writeFile(Path keyFile, PebbleOptions options) throws IOException {
        Map<String, Object> pebble = new LinkedHashMap<>();
        pebble.put("listenAddress", "127.0.0.1:" + directoryPort);
        pebble.put("managementListenAddress", "127.0.0.1:" + managementPort);
        pebble.put("certificate", caFile.toString());
        pebble.put("privateKey", keyFile.toString());
        pebble.put("httpPort", httpPort);
        // Nothing listens on port 1: tlsPort is for tls-alpn-01, which is not used.
        pebble.put("tlsPort", 1);
        // Version 2.4.0 reads the first key. Versions that have profiles ignore it and read the second.
        pebble.put("certificateValidityPeriod", options.validity().toSeconds());
        pebble.put("profiles", profiles(options));
        options.retryAfter()
                .ifPresent(
                        wait -> pebble.put("retryAfter", Map.of("authz", wait.toSeconds(), "order", wait.toSeconds())));
        pebble.put(
                "externalAccountBindingRequired", !options.externalAccountKeys().isEmpty());
        pebble.put("externalAccountMACKeys", options.externalAccountKeys());
        Files.write(file, JsonMapper.shared().writeValueAsBytes(Map.of("pebble", pebble)));
    }

    private static Map<String, Object> profiles(PebbleOptions options) {
        Map<String, Object> profiles = new LinkedHashMap<>();
        profiles.put("default", profile(options.validity()));
        options.otherProfiles().forEach((name, validity) -> profiles.put(name, profile(validity)));
        return profiles;
    }

    private static Map<String, Object> profile(Duration validity) {
        return Map.of("description", "good for " + validity, "validityPeriod", validity.toSeconds());
    }
}
