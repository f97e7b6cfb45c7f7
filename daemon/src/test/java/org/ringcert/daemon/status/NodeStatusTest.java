package org.ringcert.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;

class NodeStatusTest {

    private static NodeStatus withoutAccounts(String... cas) {
        return new NodeStatus(
                new HostName("web0.example.org"),
                List.of(cas),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void aUserWhoMayNotSeeTheAccountsIsShownTheCasToo() {
        assertThat(withoutAccounts("letsencrypt", "google").hasSeveralCas()).isTrue();
        assertThat(withoutAccounts("letsencrypt").hasSeveralCas()).isFalse();
    }
}
