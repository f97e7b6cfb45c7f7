package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.issue.FakeCa;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Progress;
import org.ringcert.store.StoreException;

/** Orders at two CAs that are cut off at any step, as by the end of the process. */
class TwoCasCrashTest {

    @TempDir
    private Path directory;

    private TwoCas cas;

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
    }

    /** Ends the work on a site at once: nothing of Ringcert handles it. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private static Stream<String> calls() {
        return Stream.of(
                "register",
                "newOrder",
                "authorization",
                "respond",
                "awaitValidation",
                "finalize",
                "certificate",
                "renewalInfo");
    }

    private static FakeCa.CallHook crashAt(String method) {
        return call -> {
            if (FakeCa.method(call).equals(method)) {
                throw new Crash();
            }
        };
    }

    private void crash(FakeCa ca, String method) {
        FakeCa.CallHook hook = ca.beforeCall;
        ca.beforeCall = crashAt(method);
        try {
            RenewalResult _ = cas.renewer().renew(TwoCas.SPEC, RenewalMode.DUE_ONLY);
        } catch (Crash e) {
            // The process is gone.
        }
        ca.beforeCall = hook;
        cas.restart();
    }

    private Optional<Progress.PendingOrder> order(URI ca) throws StoreException {
        return cas.progress(ca).order();
    }

    private void letTheFirstCaBeDown() {
        cas.first.beforeCall = TwoCas.failing(Kind.RATE_LIMITED, Optional.of(Duration.ofHours(34)));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void anOrderAtTheSecondCaIsResumedAfterACrash(String call) throws Exception {
        letTheFirstCaBeDown();
        crash(cas.second, call);
        assertThat(cas.currentCa().isPresent()).isEqualTo(call.equals("renewalInfo"));

        RenewalResult result = cas.pass();

        assertThat(result).isInstanceOfAny(RenewalResult.Renewed.class, RenewalResult.NotDue.class);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(cas.second.orders()).as("none was made twice").hasSize(1);
        assertThat(cas.deployed).hasSize(1);
        assertThat(cas.pass()).isInstanceOf(RenewalResult.NotDue.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorization", "respond", "finalize", "certificate"})
    void anOrderAtTheFirstCaIsResumedWhenThatComesBack(String call) throws Exception {
        crash(cas.first, call);
        assertThat(order(TwoCas.FIRST)).isPresent();
        letTheFirstCaBeDown();
        crash(cas.second, call);
        assertThat(order(TwoCas.FIRST)).isPresent();
        assertThat(order(TwoCas.SECOND)).isPresent();
        cas.first.beforeCall = _ -> {};
        cas.clock.move(Duration.ofHours(34));

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.FIRST);
        assertThat(cas.first.orders()).hasSize(1);
        assertThat(cas.fixture.store.progress(CertificateName.first(TwoCas.SITE.name())))
                .isEqualTo(Progress.NONE);
    }

    @Test
    void theKeysOfBothPendingOrdersAreKept() throws Exception {
        crash(cas.first, "certificate");
        letTheFirstCaBeDown();
        crash(cas.second, "certificate");

        assertThat(List.of(TwoCas.FIRST, TwoCas.SECOND))
                .allSatisfy(ca -> assertThat(order(ca).orElseThrow().key()).isPresent());
        assertThat(order(TwoCas.FIRST).orElseThrow().key())
                .isNotEqualTo(order(TwoCas.SECOND).orElseThrow().key());
        assertThat(order(TwoCas.FIRST).orElseThrow().account().getHost()).isEqualTo("ca.example.net");
        assertThat(order(TwoCas.SECOND).orElseThrow().account().getHost()).isEqualTo("second.example.net");
    }

    /** A certificate that is installed needs no other; what is pending elsewhere is no longer of use. */
    @Test
    void anOrderAtTheOtherCaIsForgottenWhenACertificateIsInstalled() throws Exception {
        crash(cas.first, "finalize");
        letTheFirstCaBeDown();

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
        assertThat(order(TwoCas.FIRST)).isEmpty();
    }

    @Test
    void aCrashAfterTheFirstCaFailedDoesNotForgetIt() throws Exception {
        letTheFirstCaBeDown();
        crash(cas.second, "newOrder");
        long asked = cas.first.calls.size();

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.first.calls).as("it asked to wait").hasSize((int) asked);
        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }

    @Test
    void aResumedOrderThatTheCaHasForgottenIsMadeAgainAtThatCa() throws Exception {
        letTheFirstCaBeDown();
        crash(cas.second, "finalize");
        cas.second.forget(cas.second.lastOrder());

        assertThat(cas.pass()).isInstanceOf(RenewalResult.Renewed.class);

        assertThat(cas.currentCa()).contains(TwoCas.SECOND);
    }
}
