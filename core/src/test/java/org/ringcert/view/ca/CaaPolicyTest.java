package org.ringcert.view.ca;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.CaaRecord;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.CaaPolicy.Basis;
import org.ringcert.view.ca.CaaPolicy.Decision;

/** Rule CAA. */
class CaaPolicyTest {

    private static final HostName WWW = new HostName("www.example.com");
    private static final HostName DOMAIN = new HostName("example.com");
    private static final String ACCOUNT = "https://acme-v02.api.letsencrypt.org/acme/acct/123";
    private static final Applicant APPLICANT =
            new Applicant(Set.of(new HostName("letsencrypt.org")), Optional.of(URI.create(ACCOUNT)));

    private final Zones dns = new Zones();
    private final CaaPolicy policy = new CaaPolicy(dns);

    /** Answers by name, and remembers the names. */
    private static final class Zones implements DnsResolver {
        private final Map<String, CaaLookup> zones = new HashMap<>();
        private final List<String> asked = new ArrayList<>();

        @Override
        public HostAddresses addresses(HostName name) {
            return new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        }

        @Override
        public CaaLookup caa(String domain) {
            asked.add(domain);
            return zones.getOrDefault(domain, new CaaLookup.Found(List.of()));
        }

        void put(String domain, CaaRecord... records) {
            zones.put(domain, new CaaLookup.Found(List.of(records)));
        }
    }

    @Test
    void withoutRecordsEveryCaIsAllowed() {
        assertThat(decide()).isEqualTo(new Decision.Allowed(Basis.NO_RECORDS, Optional.empty()));
        assertThat(dns.asked).containsExactly("www.example.com", "example.com", "com");
    }

    @Test
    void theClosestRecordsCountAlone() {
        dns.put("www.example.com", issue("letsencrypt.org"));
        dns.put("example.com", issue("digicert.com"));
        assertThat(decide()).isEqualTo(new Decision.Allowed(Basis.ANY_ACCOUNT, Optional.of(WWW)));
        assertThat(dns.asked).containsExactly("www.example.com");
    }

    @Test
    void climbsToTheTopLevelDomain() {
        dns.put("com", issue(";"));
        assertThat(refusal().what()).isEqualTo("the CAA records of com do not allow letsencrypt.org: \";\"");
    }

    @Test
    void recordsWithoutIssueAllowEveryCa() {
        dns.put("example.com", new CaaRecord(128, "iodef", "mailto:a@example.com"), new CaaRecord(0, "issuewild", ";"));
        assertThat(decide()).isEqualTo(new Decision.Allowed(Basis.NO_ISSUE_RECORDS, Optional.of(DOMAIN)));
    }

    @Test
    void aFailedLookupIsARefusalEvenIfTheNameAboveAllows() {
        dns.zones.put("www.example.com", new CaaLookup.Failed("DNS server 192.0.2.53 answered SERVFAIL: bogus"));
        dns.put("example.com", issue("letsencrypt.org"));
        assertThat(refusal())
                .isEqualTo(new Problem(
                        Rule.CAA,
                        "the CAA records of www.example.com could not be looked up: DNS server 192.0.2.53 answered"
                                + " SERVFAIL: bogus",
                        "DNS problem: SERVFAIL looking up CAA for www.example.com - the domain's nameservers may be"
                                + " malfunctioning",
                        "A CA issues nothing until its lookup succeeds. A domain needs no CAA records, but its name"
                                + " servers have to answer: an empty answer will do. See what they answer with: dig CAA"
                                + " www.example.com"));
    }

    @Test
    void cnameRecordsThatFormALoopHaveARemedyOfTheirOwn() {
        dns.zones.put("www.example.com", new CaaLookup.Failed("its CNAME records form a loop"));
        assertThat(refusal().caSays()).startsWith("DNS problem: SERVFAIL looking up CAA for www.example.com");
        assertThat(refusal().remedy()).contains("Correct the CNAME records");
    }

    @Test
    void aFailedLookupAboveIsARefusalIfTheNameHasNoRecords() {
        dns.zones.put("com", new CaaLookup.Failed("DNS server 192.0.2.53 did not respond"));
        assertThat(refusal().caSays()).isEqualTo("DNS problem: query timed out looking up CAA for com");
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 1, 129})
    void anUnknownCriticalPropertyIsARefusal(int flags) {
        dns.put("example.com", issue("letsencrypt.org"), new CaaRecord(flags, "tbs\u0007", "x"));
        assertThat(refusal().what())
                .isEqualTo("example.com has a CAA record with the property \"tbs?\", which is marked as critical and"
                        + " which CAs do not know");
    }

    @Test
    void anUnknownPropertyThatIsNotCriticalDoesNotMatter() {
        dns.put("example.com", issue("letsencrypt.org"), new CaaRecord(64, "tbs", "x"));
        assertThat(decide()).isInstanceOf(Decision.Allowed.class);
    }

    @Test
    void aCriticalPropertyThatIsKnownDoesNotMatter() {
        dns.put("example.com", new CaaRecord(128, "issue", "letsencrypt.org"), new CaaRecord(128, "issuemail", ";"));
        assertThat(decide()).isInstanceOf(Decision.Allowed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "letsencrypt.org",
                "letsencrypt.org;",
                " \tletsencrypt.org ;\t ",
                "letsencrypt.org; validationmethods=http-01",
                "letsencrypt.org;validationmethods=dns-01,http-01",
                "letsencrypt.org; policy=a=b; validationmethods = http-01",
            })
    void allowsAnyAccount(String value) {
        dns.put("example.com", issue(value));
        assertThat(decide()).isEqualTo(new Decision.Allowed(Basis.ANY_ACCOUNT, Optional.of(DOMAIN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "letsencrypt.org; accounturi=" + ACCOUNT,
                "letsencrypt.org; validationmethods=http-01; accounturi=" + ACCOUNT,
                "letsencrypt.org; AccountURI=" + ACCOUNT,
            })
    void allowsThisAccountBesideOthers(String value) {
        dns.put("example.com", issue("letsencrypt.org; accounturi=https://acme.example/1"), issue(value));
        assertThat(decide()).isEqualTo(new Decision.Allowed(Basis.THIS_ACCOUNT, Optional.of(DOMAIN)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "digicert.com",
                "Letsencrypt.org",
                "letsencrypt.org.",
                "letsencrypt.org accounturi=" + ACCOUNT,
                "letsencrypt.org; accounturi",
                "letsencrypt.org; accounturi=" + ACCOUNT + ";",
                "letsencrypt.org; account-uri=" + ACCOUNT,
                "letsencrypt.org; =x",
                "letsencrypt.org; policy=a b",
                "letsencrypt.org; policy=\u00e4",
            })
    void recordsThatAreMalformedOrForOthersAllowNothing(String value) {
        dns.put("example.com", issue(value));
        assertThat(refusal().what()).startsWith("the CAA records of example.com do not allow letsencrypt.org: \"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1234",
                "letsencrypt.org; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/12",
                "letsencrypt.org; accounturi=HTTPS://acme-v02.api.letsencrypt.org/acme/acct/123",
                "letsencrypt.org; accounturi=" + ACCOUNT + "/",
                "letsencrypt.org; accounturi=",
                "letsencrypt.org; accounturi=" + ACCOUNT + "; accounturi=" + ACCOUNT,
            })
    void namesTheAccountThatIsExcludedAndTheRecordToAdd(String value) {
        dns.put("example.com", issue(value));
        Problem refusal = refusal();
        assertThat(refusal.what())
                .startsWith(
                        "the CAA records of example.com do not allow this server's account, " + ACCOUNT + ": \"lets");
        assertThat(refusal.caSays()).isEqualTo("CAA record for example.com prevents issuance");
        assertThat(refusal.remedy())
                .isEqualTo("Add this record, and keep those of the other servers: example.com. IN CAA 0 issue"
                        + " \"letsencrypt.org; accounturi=" + ACCOUNT
                        + "; validationmethods=http-01\" (`ringcert account"
                        + " caa` prints the records of this server). If example.com is a CNAME, the record belongs to its"
                        + " target.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "letsencrypt.org; validationmethods=dns-01",
                "letsencrypt.org; validationmethods=",
                "letsencrypt.org; validationmethods=HTTP-01",
                "letsencrypt.org; validationmethods=http-01,",
                "letsencrypt.org; validationmethods=http-01,dns_01",
                "letsencrypt.org; validationmethods=http-01; validationmethods=http-01",
            })
    void refusesOtherMethods(String value) {
        dns.put("example.com", issue(value));
        assertThat(refusal().what())
                .startsWith("the CAA records of example.com do not allow validation by http-01: \"letsencrypt.org");
    }

    @Test
    void anyOfTheNamesOfACaWillDo() {
        dns.put("example.com", issue("second.example"));
        Applicant applicant =
                new Applicant(Set.of(new HostName("first.example"), new HostName("second.example")), Optional.empty());
        assertThat(policy.decide(WWW, applicant)).isInstanceOf(Decision.Allowed.class);
        dns.put("example.com", issue("third.example"));
        assertThat(policy.decide(WWW, applicant))
                .isEqualTo(new Decision.Refused(new Problem(
                        Rule.CAA,
                        "the CAA records of example.com do not allow first.example or second.example:"
                                + " \"third.example\"",
                        "CAA record for example.com prevents issuance",
                        "Once this server has an account, `ringcert account caa` prints the record to add at"
                                + " example.com.")));
    }

    @Test
    void aServerWithoutAccountIsExcludedByAnyAccount() {
        dns.put("example.com", issue("letsencrypt.org; accounturi=" + ACCOUNT));
        assertThat(policy.decide(WWW, new Applicant(APPLICANT.identities(), Optional.empty())))
                .isInstanceOfSatisfying(
                        Decision.Refused.class,
                        refused -> assertThat(refused.problem().what())
                                .startsWith(
                                        "the CAA records of example.com allow certain accounts only, and this server has"
                                                + " none yet"));
    }

    @Test
    void aCaWithoutAKnownNameIsUnknownOnlyWhereRecordsRestrict() {
        Applicant nameless = new Applicant(Set.of(), APPLICANT.account());
        assertThat(policy.decide(WWW, nameless)).isInstanceOf(Decision.Allowed.class);
        dns.put("example.com", issue("letsencrypt.org"));
        assertThat(policy.decide(WWW, nameless)).isEqualTo(new Decision.Unknown(DOMAIN));
    }

    @Test
    void quotesUntrustedTextSafely() {
        CaaRecord[] records = new CaaRecord[5];
        Arrays.fill(records, issue("x\u001b[31m\"\n" + "y".repeat(300)));
        dns.put("example.com", records);
        assertThat(refusal().what())
                .contains("\"x?[31m??" + "y".repeat(92) + "...\", ")
                .endsWith(" and 2 more")
                .doesNotContain("\u001b", "\n");
    }

    private Decision decide() {
        return policy.decide(WWW, APPLICANT);
    }

    private Problem refusal() {
        return decide() instanceof Decision.Refused(Problem problem)
                ? problem
                : new Problem(Rule.CAA, "it was not refused", "", "");
    }

    private static CaaRecord issue(String value) {
        return new CaaRecord(0, "issue", value);
    }
}
