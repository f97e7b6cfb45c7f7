package org.ringcert.it.cas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ringcert.demo.Programs;
import org.ringcert.pki.Pem;

/**
 * A root and an intermediate certificate with their keys, for CAs that do not make their own. OpenSSL writes them, with
 * P-256 keys in PKCS #8.
 */
record CaKeys(Path root, Path rootKey, Path intermediate, Path intermediateKey) {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final List<String> NEW_KEY =
            List.of("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes");

    /** Writes the four files. */
    static CaKeys write(Path folder) throws IOException {
        CaKeys keys = new CaKeys(
                folder.resolve("root.pem"),
                folder.resolve("root.key"),
                folder.resolve("intermediate.pem"),
                folder.resolve("intermediate.key"));
        Path request = folder.resolve("intermediate.csr");
        Path extensions = Files.writeString(folder.resolve("intermediate.cnf"), """
                basicConstraints=critical,CA:true,pathlen:0
                keyUsage=critical,keyCertSign,cRLSign
                subjectKeyIdentifier=hash
                authorityKeyIdentifier=keyid
                """);
        List<String> root = new ArrayList<>(List.of("req", "-x509", "-days", "3650", "-subj", "/CN=Root of the tests"));
        root.addAll(NEW_KEY);
        root.addAll(List.of("-keyout", keys.rootKey.toString(), "-out", keys.root.toString()));
        root.addAll(List.of("-addext", "keyUsage=critical,keyCertSign,cRLSign"));
        openssl(folder, root);
        List<String> csr = new ArrayList<>(List.of("req", "-new", "-subj", "/CN=Intermediate of the tests"));
        csr.addAll(NEW_KEY);
        csr.addAll(List.of("-keyout", keys.intermediateKey.toString(), "-out", request.toString()));
        openssl(folder, csr);
        openssl(
                folder,
                List.of(
                        "x509",
                        "-req",
                        "-days",
                        "3650",
                        "-in",
                        request.toString(),
                        "-CA",
                        keys.root.toString(),
                        "-CAkey",
                        keys.rootKey.toString(),
                        "-CAcreateserial",
                        "-extfile",
                        extensions.toString(),
                        "-out",
                        keys.intermediate.toString()));
        return keys;
    }

    private static void openssl(Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        Programs.run(command, Map.of(), folder, TIMEOUT);
    }

    /** Returns the root certificate. */
    List<X509Certificate> roots() throws IOException {
        return Pem.certificates(Files.readString(root));
    }
}
