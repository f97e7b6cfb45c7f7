package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.CaaRecord;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.issue.Preflight.Result;
import org.ringcert.view.ca.CaaPolicy.Applicant;

/** A look before an order also reads the CAA records. */
class CaaBeforeOrderTest extends ViewpointPreflightTestBase {

    private static final Applicant APPLICANT = new Applicant(
            Set.of(new HostName("ca.example.net")), Optional.of(URI.create("https://ca.example.net/acct/1")));

    private static DnsResolver withCaa(Function<String, CaaLookup> caa) {
        return new DnsResolver() {
            @Override
            public HostAddresses addresses(HostName name) {
                return NO_RECORDS.addresses(name);
            }

            @Override
            public CaaLookup caa(String domain) {
                return caa.apply(domain);
            }
        };
    }

    private static CaaLookup records(String domain, String value) {
        return new CaaLookup.Found(
                domain.equals("example.org") ? List.of(new CaaRecord(0, "issue", value)) : List.of());
    }

    private Result lookAtCaa(DnsResolver dns, Optional<Applicant> applicant, BeforeOrder setting) throws Exception {
        return look(3, setting, views(dns, here(ViewpointPreflightTestBase::well)), applicant, Duration.ofMinutes(1));
    }

    @Test
    void postponesIfTheZoneExcludesTheCaOrTheAccount() throws Exception {
        for (String value : List.of("other.example", "ca.example.net; accounturi=https://ca.example.net/acct/2")) {
            assertThat(lookAtCaa(
                            withCaa(domain -> records(domain, value)), Optional.of(APPLICANT), BeforeOrder.POSTPONE))
                    .isInstanceOfSatisfying(
                            Result.Postpone.class,
                            postpone -> assertThat(postpone.reason())
                                    .startsWith("name0.example.org: the CAA records of example.org do not allow ")
                                    .contains(
                                            "The CA would say: CAA record for example.org prevents issuance.",
                                            "Add this"));
        }
        assertThat(lookAtCaa(withCaa(domain -> records(domain, ";")), Optional.of(APPLICANT), BeforeOrder.WARN))
                .isInstanceOf(Result.ProceedWithWarning.class);
    }

    @Test
    void ordersIfTheZoneAllowsTheAccountAndAsksForEachDomainOnce() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        DnsResolver dns = withCaa(domain -> {
            asked.add(domain);
            return records(domain, "ca.example.net; accounturi=https://ca.example.net/acct/1");
        });
        assertThat(lookAtCaa(dns, Optional.of(APPLICANT), BeforeOrder.POSTPONE)).isEqualTo(new Result.Proceed());
        assertThat(asked)
                .containsExactlyInAnyOrder(
                        "name0.example.org", "name1.example.org", "name2.example.org", "example.org");
    }

    @Test
    void asksForNoCaaRecordsIfTheNameOfTheCaInThemIsNotKnown() throws Exception {
        DnsResolver dns = withCaa(domain -> {
            throw new AssertionError(domain);
        });
        assertThat(lookAtCaa(dns, Optional.empty(), BeforeOrder.POSTPONE)).isEqualTo(new Result.Proceed());
        assertThat(lookAtCaa(dns, Optional.of(new Applicant(Set.of(), Optional.empty())), BeforeOrder.POSTPONE))
                .isEqualTo(new Result.Proceed());
    }

    @Test
    void bothReasonsAreNamedIfValidationFailsAsWell() throws Exception {
        PreflightViews views = views(withCaa(domain -> records(domain, ";")), here(ViewpointPreflightTestBase::dead));
        assertThat(look(1, BeforeOrder.POSTPONE, views, Optional.of(APPLICANT), Duration.ofMinutes(1)))
                .isInstanceOfSatisfying(
                        Result.Postpone.class,
                        postpone -> assertThat(postpone.reason())
                                .contains("nothing answers", "the CAA records of example.org"));
    }

    @Test
    void doesNotWaitForCaaRecordsLongerThanTheLookMayTake() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        DnsResolver silent = withCaa(_ -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return new CaaLookup.Failed("the lookup was interrupted");
        });
        PreflightViews views = views(silent, here(ViewpointPreflightTestBase::well));
        assertThat(look(1, BeforeOrder.POSTPONE, views, Optional.of(APPLICANT), Duration.ofMillis(10)))
                .isEqualTo(new Result.Proceed());
        interrupted.await();
    }
}
