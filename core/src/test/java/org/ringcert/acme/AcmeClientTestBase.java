package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.security.KeyPair;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.ringcert.cluster.HostName;

/** What the tests of the client share: a client, a {@link ScriptedCa} that behaves by default, and calls that fail. */
abstract class AcmeClientTestBase {

    static final HostName NAME = HostName.of("www.example.org");
    static final NewOrder NEW_ORDER = new NewOrder(List.of(NAME), Optional.empty(), Optional.empty());

    /** Status line and first header of a raw response. */
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    final KeyPair key = Clients.key();
    ScriptedCa ca;
    AcmeClient client;

    /** Not known to the CA until {@link #register}. */
    Account account;

    @BeforeEach
    void start() throws IOException {
        ca = new ScriptedCa();
        client = Clients.create(ca.directory(), Clients.LONG);
        account = new Account(ca.url(ScriptedCa.ACCOUNT), key);
    }

    @AfterEach
    void stop() {
        client.close();
        ca.close();
    }

    Account register() throws AcmeException {
        account = client.register(key, new NewAccount(Optional.empty(), Optional.empty()))
                .account();
        return account;
    }

    /** An order with a finalize URL, as if the CA had returned it. */
    Order order(String status) {
        return new Order(
                ca.url(ScriptedCa.ORDER),
                Order.Status.valueOf(status.toUpperCase(Locale.ROOT)),
                List.of(NAME),
                List.of(),
                Optional.of(ca.url(ScriptedCa.FINALIZE)),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** Returns the exception of a call that must fail, after checking that its message suits an administrator. */
    static AcmeException failureOf(ThrowingCallable call) {
        AcmeException failure = catchThrowableOfType(AcmeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(failure.getMessage())
                .doesNotContain("null", "Exception", "\n")
                .contains("127.0.0.1");
        return failure;
    }

    AcmeException failureOfNewOrder() throws AcmeException {
        register();
        return failureOf(() -> client.newOrder(account, NEW_ORDER));
    }
}
