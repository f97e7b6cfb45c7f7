package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.ringcert.cluster.HostName;

/**
 * What tests of misbehaving CAs share: a client, a scripted CA that behaves until it is told otherwise, and calls that
 * must fail.
 */
abstract class MisbehavingCa {

    static final NewOrder WANTED = new NewOrder(List.of(HostName.of("www.example.org")), Optional.empty());
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    final KeyPair key = Clients.key();
    ScriptedCa ca;
    AcmeClient client;
    Account account;

    @BeforeEach
    void start() throws IOException {
        ca = new ScriptedCa();
        client = Clients.of(ca.directory(), Clients.LONG);
        account = new Account(ca.url(ScriptedCa.ACCOUNT), key);
    }

    @AfterEach
    void stop() {
        client.close();
        ca.close();
    }

    static AcmeException failing(ThrowingCallable call) {
        AcmeException failure = catchThrowableOfType(AcmeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage())
                .doesNotContain("null", "Exception", "\n")
                .contains("127.0.0.1");
        return failure;
    }

    AcmeException failingOrder() throws AcmeException {
        account = client.register(key, Optional.empty());
        return failing(() -> client.newOrder(account, WANTED));
    }

    Account account() throws AcmeException {
        account = client.register(key, Optional.empty());
        return account;
    }
}
