package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.ChildProcess;
import org.ringcert.pki.Pem;

/** Visitors of https sites that accept only some signatures, as OpenSSL plays them. */
enum OpenSslClient {
    /** An old client that accepts only RSA. */
    OLD_RSA("-tls1_2", "-cipher", "ECDHE+aRSA:!eNULL", "-sigalgs", "rsa_pkcs1_sha256"),
    /** A client that speaks TLS 1.3 if the server does, and accepts only RSA. */
    NEW_RSA("-cipher", "ECDHE+aRSA:!eNULL", "-sigalgs", "rsa_pss_rsae_sha256:rsa_pkcs1_sha256"),
    /** A client that speaks TLS 1.3 if the server does, and accepts only ECDSA, except in chains. */
    NEW_EC("-cipher", "ECDHE+aECDSA:!eNULL", "-sigalgs", "ecdsa_secp256r1_sha256:rsa_pkcs1_sha256"),
    /** A client with the usual preferences, which accepts both. */
    USUAL();

    private static final Path PROGRAM = Path.of("/usr/bin/openssl");
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> options;

    OpenSslClient(String... options) {
        this.options = List.of(options);
    }

    /** Returns whether the client gets a certificate with an RSA key from a server that has both kinds. */
    boolean getsRsa() {
        return this == OLD_RSA || this == NEW_RSA;
    }

    /** Returns the chain that a server presents; empty if it presents none. */
    List<X509Certificate> chain(Path folder, InetAddress address, int port, HostName name) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not installed (Debian: openssl)");
        // It would wait for input if it had any.
        List<String> command = new ArrayList<>(List.of(
                "sh",
                "-c",
                "exec \"$0\" \"$@\" </dev/null",
                PROGRAM.toString(),
                "s_client",
                "-connect",
                address.getHostAddress() + ":" + port,
                "-servername",
                name.value(),
                "-showcerts"));
        command.addAll(options);
        ChildProcess client =
                ChildProcess.start("openssl", command, Map.of(), Files.createTempFile(folder, "openssl", ".txt"));
        client.awaitExit(TIMEOUT);
        String output = client.output();
        assertThat(output).contains("CONNECTED");
        return output.contains("-----BEGIN CERTIFICATE-----") ? Pem.certificates(pemOf(output)) : List.of();
    }

    /** Returns the PEM blocks, without the text between them. */
    private static String pemOf(String output) {
        StringBuilder pem = new StringBuilder();
        boolean inBlock = false;
        String chain = output.substring(0, output.indexOf("Server certificate"));
        for (String line : chain.lines().toList()) {
            inBlock |= line.startsWith("-----BEGIN CERTIFICATE");
            if (inBlock) {
                pem.append(line).append('\n');
            }
            inBlock &= !line.startsWith("-----END CERTIFICATE");
        }
        return pem.toString();
    }
}
