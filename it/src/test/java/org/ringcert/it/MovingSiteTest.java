package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.demo.ChildProcess;

class MovingSiteTest {

    private static final int NODES = 3;

    @TempDir
    private Path folder;

    @Test
    void aSiteThatMovesBetweenTwoOrders_isRenewedWhereItWasAndWhereItNeverWas_withNothingConfigured() throws Exception {
        try (Lab lab = Lab.start(folder, RealCa.USUAL, UnaryOperator.identity(), NODES, "www.example.org")) {
            lab.runAll();
            X509Certificate[] before = new X509Certificate[NODES];
            for (int node = 0; node < NODES; node++) {
                before[node] = Certificates.await(lab, node, 0);
            }
            lab.cluster().move(0, 2);
            for (int node = 0; node < 2; node++) {
                lab.command(node, 0, "renew", "--force");
                assertThat(Certificates.verified(lab, node, 0)).isNotEqualTo(before[node]);
            }
        }
    }

    @Test
    void aSiteThatMovesInTheMiddleOfAnOrder_isValidatedWhereItIs() throws Exception {
        try (Lab lab = Lab.start(
                folder,
                RealCa.USUAL,
                options -> options.withValidationDelay(Duration.ofSeconds(4)),
                NODES,
                "www.example.org")) {
            for (ChildProcess daemon : lab.runAll()) {
                daemon.awaitLine(line -> line.contains(" answers for "), Lab.LONG);
            }
            lab.ca().pause();
            lab.cluster().move(0, 1);
            lab.ca().resume();
            for (int node = 0; node < NODES; node++) {
                Certificates.await(lab, node, 0);
            }
        }
    }
}
