package org.ringcert.daemon.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Runs commands in this process, on a node whose configuration and store are in a directory of the test. */
abstract class CommandLineFixture {

    static final URI CA = URI.create("http://127.0.0.1:1/dir");
    static final HostName WWW = new HostName("www.example.org");
    static final HostName SHOP = new HostName("shop.example.org");

    @TempDir
    Path folder;

    @BeforeEach
    void configure() throws Exception {
        Files.writeString(folder.resolve("ringcert.toml"), """
                [[node]]
                name = "web0.example.org"
                listen = []
                [[node]]
                name = "web1.example.org"
                [[site]]
                names = ["www.example.org"]
                [[site]]
                names = ["shop.example.org"]
                [acme]
                directory = "%s"
                agree-to-terms = true
                """.formatted(CA));
    }

    static CommandRun run(String... arguments) {
        return CommandRun.of((Object[]) arguments);
    }

    /** Runs a command as {@link #run} does, on web0 and with a store in the test's directory. */
    CommandRun onNode(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--config", folder.resolve("ringcert.toml").toString(),
                "--node", "web0.example.org",
                "--store", folder.resolve("store").toString()));
        return run(all.toArray(String[]::new));
    }

    Store store() throws StoreException {
        return Store.open(folder.resolve("store"), Clock.systemUTC());
    }

    CertificateVersion install(Store store, HostName site, Instant notBefore, Duration lifetime) throws StoreException {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        return store.install(
                CertificateName.first(site),
                key,
                List.of(SelfSignedCertificate.create(key, List.of(site), notBefore, notBefore.plus(lifetime))),
                new Origin.IssuedByCa(CA, Optional.of(CA.resolve("/account/1")), Optional.empty()));
    }
}
