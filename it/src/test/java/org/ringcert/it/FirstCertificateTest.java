package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.pki.Pem;

class FirstCertificateTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int NODES = 3;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void everyNodeGetsItsOwnCertificate_forASiteThatOnlyOneOfThemHas(RealCa which) throws Exception {
        try (Lab lab = Lab.start(folder, which, UnaryOperator.identity(), NODES, "www.example.org example.org")) {
            lab.cluster().move(0, 1);
            // The one with the site first: a CA that finds nobody at the door says no, and is asked again a minute
            // later.
            lab.run(1);
            lab.run(0);
            lab.run(2);
            X509Certificate root = lab.ca().roots().getFirst();
            Set<Object> keys = new HashSet<>();
            for (int node = 0; node < NODES; node++) {
                Path chain = lab.cluster().store(node).resolve("certs/www.example.org/fullchain.pem");
                await().atMost(LONG).until(() -> Files.exists(chain) && signedBy(root, chain));
                keys.add(certificates(chain).getFirst().getPublicKey());
            }
            assertThat(keys).hasSize(NODES);
        }
    }

    private static boolean signedBy(X509Certificate root, Path chain) throws Exception {
        return certificates(chain).getLast().getIssuerX500Principal().equals(root.getSubjectX500Principal());
    }

    private static List<X509Certificate> certificates(Path chain) throws Exception {
        return Pem.certificates(Files.readString(chain));
    }
}
