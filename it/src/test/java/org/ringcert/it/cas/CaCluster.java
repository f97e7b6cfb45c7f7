package org.ringcert.it.cas;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionTimeoutException;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.it.CommandResult;
import org.ringcert.pki.Pem;

/**
 * Nodes at {@link CaNetwork#NODES} that order from a CA: {@code web0.example.net} and {@code web1.example.net}. They
 * have new stores. Closing it ends its processes.
 */
final class CaCluster implements AutoCloseable {

    /** Includes a second attempt after the first back-off, which is a minute. */
    static final Duration TIMEOUT = Duration.ofMinutes(3);

    /** A directory where nothing listens. */
    static final URI NO_CA = URI.create("http://127.0.0.9:1/directory");

    private final Path folder;
    private final RunningCa ca;
    private final String handoff;
    private final List<HostName> sites;
    private final List<ChildProcess> started = new ArrayList<>();

    /**
     * Writes the configuration.
     *
     * @param folder an empty folder for configuration, stores and logs
     * @param handoff the value in {@code [acme]}: {@code redirect} or {@code relay}
     */
    CaCluster(Path folder, RunningCa ca, String handoff, List<HostName> sites) throws IOException {
        this.folder = folder;
        this.ca = ca;
        this.handoff = handoff;
        this.sites = List.copyOf(sites);
        configure(ca.directory());
    }

    static HostName node(int index) {
        return new HostName("web" + index + ".example.net");
    }

    Path configuration() {
        return folder.resolve("ringcert.toml");
    }

    Path store(int node) {
        return folder.resolve("store-web" + node);
    }

    static List<String> jvmFlags() throws IOException {
        // Process numbers repeat in namespaces, so JVMs would fight for the same file of performance data.
        return List.of("@" + Path.of("..", "build", "jvm.args").toRealPath(), "-XX:-UsePerfData");
    }

    private void configure(URI directory) throws IOException {
        StringBuilder toml = new StringBuilder();
        for (int node = 0; node < CaNetwork.NODES.size(); node++) {
            String address = CaNetwork.NODES.get(node).getHostAddress();
            toml.append("""
                    [[node]]
                    name = "%s"
                    address = "%s"
                    listen = ["%s:80"]
                    admin = "%s:9402"

                    """.formatted(node(node), address, address, address));
        }
        sites.forEach(site -> toml.append("[[site]]\nnames = [\"%s\"]\n\n".formatted(site)));
        toml.append("""
                [acme]
                directory = "%s"
                ca-file = "%s"
                contact = "hostmaster@example.net"
                agree-to-terms = true
                handoff = "%s"
                """.formatted(directory, ca.caFile(), handoff));
        Files.writeString(configuration(), toml);
    }

    /**
     * Starts the daemons of both nodes and has them order. Both answer on port 80 before the first of them orders: they
     * start with a CA that does not exist, and change to the real one by SIGHUP.
     */
    List<ChildProcess> startDaemons() throws IOException {
        configure(NO_CA);
        List<ChildProcess> daemons = new ArrayList<>();
        for (int node = 0; node < CaNetwork.NODES.size(); node++) {
            daemons.add(start(node, folder.resolve("web" + node + ".log"), "run"));
        }
        for (ChildProcess daemon : daemons) {
            daemon.awaitLine(line -> line.contains(" answers on "), TIMEOUT);
        }
        configure(ca.directory());
        for (ChildProcess daemon : daemons) {
            daemon.signal("HUP");
        }
        return daemons;
    }

    /** Runs a command on a node to its end. */
    CommandResult run(int node, String... arguments) throws IOException {
        Path output = folder.resolve("command-" + started.size() + ".log");
        ChildProcess process = start(node, output, arguments);
        int status = process.awaitExit(TIMEOUT);
        return new CommandResult(status, process.output());
    }

    private ChildProcess start(int node, Path output, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", configuration().toString()));
        all.addAll(List.of("--node", node(node).value()));
        all.addAll(List.of("--store", store(node).toString()));
        ChildProcess process = NodeProcess.start(node(node) + " " + arguments[0], jvmFlags(), all, output);
        started.add(process);
        return process;
    }

    /**
     * Runs {@code ringcert renew} and checks that it succeeds.
     *
     * @throws IOException if it fails; the message has its output
     */
    void renew(int node, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = "renew";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        CommandResult result = run(node, command);
        if (result.status() != 0) {
            throw new IOException("%s ended with %d: %s"
                    .formatted(
                            String.join(" ", command),
                            result.status(),
                            result.output().strip()));
        }
    }

    /** Waits until the node has a certificate from the CA for the site. */
    X509Certificate awaitCertificate(int node, HostName site) throws IOException, GeneralSecurityException {
        try {
            await().atMost(TIMEOUT).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> isIssued(node, site));
        } catch (ConditionTimeoutException e) {
            Path log = folder.resolve("web" + node + ".log");
            throw new IOException(
                    "%s has no certificate for %s; its log: %s".formatted(node(node), site, Files.readString(log)), e);
        }
        return certificate(node, site);
    }

    /** Returns whether the node has a certificate that is not self-signed. */
    boolean isIssued(int node, HostName site) throws IOException, GeneralSecurityException {
        Path chain = version(node, site).resolve("fullchain.pem");
        if (Files.notExists(chain)) {
            return false;
        }
        X509Certificate leaf = Pem.certificates(Files.readString(chain)).getFirst();
        return !leaf.getIssuerX500Principal().equals(leaf.getSubjectX500Principal());
    }

    /**
     * Returns the current certificate, after checking that its chain leads to one of the CA's roots, that it has
     * exactly the site's name, and that its key is next to it.
     */
    X509Certificate certificate(int node, HostName site) throws IOException, GeneralSecurityException {
        Path version = version(node, site).toRealPath();
        List<X509Certificate> chain = Pem.certificates(Files.readString(version.resolve("fullchain.pem")));
        PKIXParameters parameters = new PKIXParameters(
                ca.roots().stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        // A path must not contain the root, which some CAs append.
        List<X509Certificate> path = chain.stream()
                .filter(certificate ->
                        !certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal()))
                .toList();
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        X509Certificate leaf = chain.getFirst();
        Set<String> names = leaf.getSubjectAlternativeNames().stream()
                .map(name -> String.valueOf(name.get(1)))
                .collect(Collectors.toSet());
        if (!names.equals(Set.of(site.value()))) {
            throw new IOException("the certificate for " + site + " is for " + names);
        }
        var _ = Pem.keyPair(Files.readString(version.resolve("privkey.pem")), leaf.getPublicKey());
        return leaf;
    }

    private Path version(int node, HostName site) {
        return store(node).resolve("certs").resolve(site.value());
    }

    @Override
    public void close() throws IOException {
        started.forEach(ChildProcess::terminate);
        for (ChildProcess process : started) {
            process.close();
        }
    }
}
