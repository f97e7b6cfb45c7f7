package org.ringcert.issue;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.CertificateId;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.StoreException;

/** A name that a site's certificate has on one node alone. */
class UniqueNameTest {

    private static final HostName UNIQUE = new HostName("web0.www.example.org");
    private static final CertificateSpec PLAIN = IssuerFixture.SPEC;
    private static final CertificateSpec WITH_UNIQUE_NAME =
            new CertificateSpec(PLAIN.site(), PLAIN.name(), PLAIN.sources(), Optional.of(UNIQUE));

    /** Says why the unique name cannot be validated, and records what is looked at. */
    private static final class Looks implements Preflight {

        private Optional<String> problem = Optional.empty();
        private final List<List<HostName>> looks = new ArrayList<>();

        @Override
        public Result look(CertificateSpec spec, CertificateSpec.Source source) {
            looks.add(spec.names());
            return new Result.Proceed();
        }

        @Override
        public Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
            assertThat(spec.uniqueName()).contains(UNIQUE);
            return problem;
        }
    }

    @TempDir
    private Path directory;

    private IssuerFixture fixture;
    private final Looks looks = new Looks();

    @BeforeEach
    void start() throws StoreException {
        fixture = new IssuerFixture(directory);
        fixture.preflight = looks;
    }

    private static List<HostName> allNames() {
        return Stream.concat(PLAIN.site().names().stream(), Stream.of(UNIQUE)).toList();
    }

    private static Origin.IssuedByCa origin(CertificateVersion version) {
        return (Origin.IssuedByCa) version.origin();
    }

    private List<IssuanceEvent.UniqueNameLeftOut> leftOut() {
        return fixture.events.stream()
                .filter(IssuanceEvent.UniqueNameLeftOut.class::isInstance)
                .map(IssuanceEvent.UniqueNameLeftOut.class::cast)
                .toList();
    }

    @Test
    void isOrderedWithTheNamesOfTheSite() {
        CertificateVersion version = fixture.issue(WITH_UNIQUE_NAME);

        assertThat(version.names()).containsExactlyInAnyOrderElementsOf(allNames());
        assertThat(looks.looks).containsExactly(allNames());
        assertThat(origin(version).orderedNames()).isEqualTo(PLAIN.site().names());
        assertThat(origin(version).uniqueName()).contains(UNIQUE);
        assertThat(leftOut()).isEmpty();
    }

    @Test
    void isLeftOutIfItCannotBeValidated() {
        looks.problem = Optional.of("It has no address.");

        CertificateVersion version = fixture.issue(WITH_UNIQUE_NAME);

        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(PLAIN.site().names());
        assertThat(looks.looks).containsExactly(PLAIN.site().names());
        assertThat(origin(version).uniqueName()).isEmpty();
        assertThat(leftOut()).containsExactly(new IssuanceEvent.UniqueNameLeftOut(UNIQUE, "It has no address."));
        assertThat(fixture.issuer.orderable(WITH_UNIQUE_NAME, PLAIN.preferredSource()))
                .isEqualTo(PLAIN);
    }

    @Test
    void aBugInTheLookAtItLeavesItOut() {
        fixture.preflight = new Preflight() {
            @Override
            public Result look(CertificateSpec spec, CertificateSpec.Source source) {
                return new Result.Proceed();
            }

            @Override
            public Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
                throw new IllegalStateException("a bug");
            }
        };

        assertThat(fixture.issue(WITH_UNIQUE_NAME).names()).doesNotContain(UNIQUE);
        assertThat(leftOut())
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).contains("a bug"));
    }

    @Test
    void ifTheCaRefusesItAloneTheSiteGetsItsCertificateAllTheSame() {
        fixture.ca.validationResult =
                host -> host.equals(UNIQUE) ? Authorization.Status.INVALID : Authorization.Status.VALID;

        CertificateVersion version = fixture.issue(WITH_UNIQUE_NAME);

        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(PLAIN.site().names());
        assertThat(fixture.ca.orders()).hasSize(2);
        assertThat(leftOut())
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).contains("could not validate " + UNIQUE));
    }

    @Test
    void ifAnotherNameFailsThereIsNoSecondOrder() {
        fixture.ca.validationResult = _ -> Authorization.Status.INVALID;

        assertThat(fixture.failToIssue(WITH_UNIQUE_NAME).reason())
                .contains(UNIQUE.value(), PLAIN.site().name().value());
        assertThat(fixture.ca.orders()).hasSize(1);
    }

    @Test
    void anOrderIsContinuedWithTheNamesThatItWasMadeFor() {
        looks.problem = Optional.of("It has no address.");
        URI order = leaveOrder("certificate");
        looks.problem = Optional.empty();

        CertificateVersion version = fixture.issue(WITH_UNIQUE_NAME);

        assertThat(fixture.ca.orders()).containsExactly(order);
        assertThat(version.names())
                .containsExactlyInAnyOrderElementsOf(PLAIN.site().names());
    }

    @Test
    void anOrderWithAnotherUniqueNameIsNotContinued() {
        URI order = leaveOrder("respond");
        CertificateSpec other = new CertificateSpec(
                PLAIN.site(), PLAIN.name(), PLAIN.sources(), Optional.of(new HostName("a.www.example.org")));
        fixture.preflight = Preflight.NONE;

        CertificateVersion version = fixture.issue(other);

        assertThat(fixture.ca.orders()).hasSize(2).startsWith(order);
        assertThat(version.names()).contains(new HostName("a.www.example.org")).doesNotContain(UNIQUE);
    }

    private URI leaveOrder(String failingCall) {
        fixture.ca.beforeCall = call -> {
            if (call.startsWith(failingCall)) {
                throw CaFaults.failure(Kind.UNREACHABLE, "no answer");
            }
        };
        fixture.failToIssue(WITH_UNIQUE_NAME);
        fixture.ca.beforeCall = _ -> {};
        return fixture.ca.lastOrder();
    }

    @Test
    void comesAndGoesWithRenewalsOfTheSameCertificate() {
        Optional<CertificateId> first = id(fixture.issue(PLAIN));
        Optional<CertificateId> second = id(fixture.issue(WITH_UNIQUE_NAME));
        assertThat(fixture.ca.lastReplaced()).isPresent().isEqualTo(first);

        CertificateVersion third = fixture.issue(PLAIN);

        assertThat(fixture.ca.lastReplaced()).isEqualTo(second);
        assertThat(third.names()).doesNotContain(UNIQUE);
    }

    private static Optional<CertificateId> id(CertificateVersion version) {
        return CertificateId.of(version.leaf());
    }
}
