package org.ringcert.renew;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateId;
import org.ringcert.issue.CaFaults;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.CertificateSpec.Source;
import org.ringcert.issue.FakeCa;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.issue.IssuerFixture;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Store;

/** A site with an EC and an RSA certificate. */
class TwoKindsOfKeysTest {

    private static final CertificateSpec EC = IssuerFixture.SPEC;
    private static final CertificateSpec RSA = new CertificateSpec(
            EC.site(),
            CertificateName.second(IssuerFixture.WWW, KeyAlgorithm.RSA),
            List.of(new Source(FakeCa.DIRECTORY, KeyType.RSA2048, Optional.empty())));

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private Renewals renewals;
    private final List<List<CertificateVersion>> deployments = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        fixture = new IssuerFixture(directory);
        renewals = new Renewals(
                fixture.store,
                List.of(fixture.issuer),
                IssuanceListener.NONE,
                CanaryView.NONE,
                OrderTurns.AT_ONCE,
                versions -> {
                    deployments.add(versions);
                    return Map.of();
                },
                _ -> Optional.empty(),
                fixture.clock,
                new SecureRandom());
    }

    private List<RenewalResult> pass(RenewalMode mode) {
        return renewals.pass(List.of(EC, RSA), mode);
    }

    private CertificateVersion current(CertificateSpec spec) throws Exception {
        return fixture.store.current(spec.name()).orElseThrow();
    }

    @Test
    void areOrderedOneAfterTheOtherAndDeployedTogether() throws Exception {
        assertThat(pass(RenewalMode.DUE_ONLY))
                .hasOnlyElementsOfType(RenewalResult.Renewed.class)
                .extracting(RenewalResult::name)
                .containsExactly(EC.name(), RSA.name());

        assertThat(current(EC).keyType()).contains(KeyType.EC256);
        assertThat(current(RSA).keyType()).contains(KeyType.RSA2048);
        assertThat(fixture.ca.calls.stream().map(FakeCa::method).filter(List.of("newOrder", "finalize")::contains))
                .containsExactly("newOrder", "finalize", "newOrder", "finalize");
        assertThat(deployments).hasSize(1);
        assertThat(deployments.getFirst()).containsExactlyInAnyOrder(current(EC), current(RSA));
        assertThat(pass(RenewalMode.DUE_ONLY)).hasOnlyElementsOfType(RenewalResult.NotDue.class);
    }

    @Test
    void eachReplacesItsOwnPredecessor() throws Exception {
        pass(RenewalMode.DUE_ONLY);
        fixture.ca.renewalInfo = Optional.of(_ -> {
            throw CaFaults.failure(Kind.UNREACHABLE, "no route");
        });
        for (CertificateSpec spec : List.of(RSA, EC)) {
            Optional<CertificateId> previous = CertificateId.of(current(spec).leaf());

            assertThat(renewals.pass(List.of(spec), RenewalMode.FORCE))
                    .hasOnlyElementsOfType(RenewalResult.Renewed.class);

            assertThat(fixture.ca.lastReplaced()).isEqualTo(previous);
        }
    }

    @Test
    void oneIsRenewedWithoutTheOther() throws Exception {
        pass(RenewalMode.DUE_ONLY);
        CertificateVersion ec = current(EC);
        CertificateVersion rsa = current(RSA);

        renewals.pass(List.of(RSA), RenewalMode.FORCE);

        assertThat(current(EC)).isEqualTo(ec);
        assertThat(current(RSA)).isNotEqualTo(rsa);
        assertThat(deployments.getLast()).containsExactly(current(RSA));
    }

    @Test
    void anOpenOrderOfOneIsTakenOverByTheOther() throws Exception {
        fixture.ca.faults.reusesOrders = true;
        fixture.ca.beforeCall = call -> {
            if (FakeCa.method(call).equals("finalize")) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no route");
            }
        };
        assertThat(pass(RenewalMode.DUE_ONLY)).hasOnlyElementsOfType(RenewalResult.Failed.class);
        assertThat(fixture.ca.orders()).hasSize(1);
        fixture.ca.beforeCall = _ -> {};
        fixture.clock.move(Duration.ofHours(2));

        assertThat(pass(RenewalMode.DUE_ONLY)).hasOnlyElementsOfType(RenewalResult.Renewed.class);

        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(current(EC).keyType()).contains(KeyType.EC256);
        assertThat(current(RSA).keyType()).contains(KeyType.RSA2048);
    }

    @Test
    void theirFailedOrdersCountTogether() {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;
        for (int i = 0; i < 4; i++) {
            assertThat(pass(RenewalMode.FORCE)).noneMatch(RenewalResult.Renewed.class::isInstance);
            fixture.clock.move(Duration.ofMinutes(1));
        }

        assertThat(fixture.ca.orders()).hasSize(4);
    }

    @Test
    void waitTogetherWhileTheSiteIsLocked() throws Exception {
        try (Store.Lock _ = fixture.store.tryLock(IssuerFixture.WWW).orElseThrow()) {
            assertThat(pass(RenewalMode.DUE_ONLY)).hasOnlyElementsOfType(RenewalResult.Busy.class);
        }
        assertThat(fixture.ca.orders()).isEmpty();
    }

    @Test
    void haveASelfSignedCertificateEachBeforeTheFirstOrder() throws Exception {
        assertThat(renewals.prepare(EC)).isPresent();
        assertThat(renewals.prepare(RSA)).isPresent();

        assertThat(current(RSA).keyType()).contains(KeyType.RSA2048);
        assertThat(fixture.store.storedCertificates()).containsExactly(EC.name(), RSA.name());
    }
}
