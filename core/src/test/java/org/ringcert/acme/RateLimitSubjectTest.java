package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

/** Tests what is read from a CA's explanation that a limit was exceeded. */
class RateLimitSubjectTest {

    private static RateLimitSubject of(String detail) {
        return RateLimitSubject.of(Optional.of(new ProblemDocument(
                ProblemDocument.NAMESPACE + "rateLimited", detail, 429, List.of(), Optional.empty())));
    }

    @Test
    void knowsTheLimitOfARegisteredDomain() {
        assertThat(of("too many certificates (50) already issued for \"example.org\" in the last 168h0m0s, retry"
                        + " after 2026-11-28 10:00:00 UTC: see https://letsencrypt.org/docs/rate-limits/"))
                .isEqualTo(new RateLimitSubject.RegisteredDomain(new HostName("example.org")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s",
                "too many certificates (50) already issued for \"..\" in the last 168h0m0s",
                "come again later",
                ""
            })
    void takesEverythingUnknownForTheNamesOfTheOrder(String detail) {
        assertThat(of(detail)).isEqualTo(new RateLimitSubject.ExactNames());
    }

    @Test
    void anUnexplainedRefusalIsAboutTheNamesOfTheOrder() {
        assertThat(RateLimitSubject.of(Optional.empty())).isEqualTo(new RateLimitSubject.ExactNames());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "too many new orders (300) from this account in the last 3h0m0s, retry after 2026-11-28 10:00:00 UTC",
                "too many failed authorizations (5) for \"www.example.org\" in the last 1h0m0s, retry after",
                "too many new registrations (10) from this IP address in the last 3h0m0s",
                "Service busy; retry later."
            })
    void knowsWhatIsNotCountedByNames(String detail) {
        assertThat(of(detail)).isEqualTo(new RateLimitSubject.Other());
    }
}
