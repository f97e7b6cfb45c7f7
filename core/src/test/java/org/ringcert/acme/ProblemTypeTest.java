package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.acme.ProblemDocument.Subproblem;
import org.ringcert.acme.ScriptedCa.Response;
import org.ringcert.cluster.HostName;

/** Whose fault each error type is, and the sentence on what to do. */
class ProblemTypeTest extends AcmeClientTestBase {

    private static final int VALIDATION = 0;
    private static final HostName OTHER = HostName.of("other.example.org");

    /** As the reply to a new order. */
    @ParameterizedTest
    @CsvSource({
        "accountDoesNotExist, 400, ACCOUNT_GONE, CA, registers a new account by itself",
        "alreadyReplaced, 409, ALREADY_REPLACED, CA, orders again by itself",
        "alreadyRevoked, 400, REFUSED, CA, certificate is revoked",
        "badCSR, 400, REFUSED, CA, rules for keys and names",
        "badNonce, 400, UNREACHABLE, CA, a proxy that caches",
        "badPublicKey, 400, REFUSED, CA, an account with a new key",
        "badRevocationReason, 400, REFUSED, CA, another reason",
        "badSignatureAlgorithm, 400, REFUSED, CA, an account with a new key",
        "caa, 403, REFUSED, SITE, CAA records",
        "compound, 400, REFUSED, CA, each of the errors",
        "conflict, 409, REFUSED, CA, tries again by itself",
        "connection, 400, REFUSED, SITE, port 80",
        "dns, 400, REFUSED, SITE, has an address in the DNS",
        "externalAccountRequired, 403, REFUSED, CA, [acme] eab-file",
        "incorrectResponse, 403, REFUSED, SITE, /.well-known/acme-challenge/ reach Ringcert",
        "invalidContact, 400, REFUSED, CA, [acme] contact",
        "invalidProfile, 400, REFUSED, CA, profile in [acme]",
        "malformed, 400, REFUSED, CA, setting that the CA's words refer to",
        "onionCAARequired, 400, REFUSED, CA, does not use this part of ACME",
        "orderNotReady, 403, REFUSED, CA, tries again by itself",
        "rateLimited, 429, RATE_LIMITED, CA, waits and tries again by itself",
        "rejectedIdentifier, 400, REFUSED, CA, how the name is spelled",
        "serverInternal, 500, UNREACHABLE, CA, tries again by itself",
        "tls, 400, REFUSED, SITE, https server",
        "unauthorized, 403, REFUSED, CA, what this server's account may order",
        "unsupportedContact, 400, REFUSED, CA, [acme] contact",
        "unsupportedIdentifier, 400, REFUSED, CA, another CA may",
        "userActionRequired, 403, REFUSED, CA, on the CA's website",
        "autoRenewalCanceled, 400, REFUSED, CA, does not use this part of ACME",
        "autoRenewalExpired, 400, REFUSED, CA, does not use this part of ACME",
        "autoRenewalCancellationInvalid, 400, REFUSED, CA, does not use this part of ACME",
        "autoRenewalRevocationNotSupported, 400, REFUSED, CA, does not use this part of ACME",
        "unknownDelegation, 400, REFUSED, CA, does not use this part of ACME"
    })
    void everyRefusalEndsInWhatToDo(String type, int status, Kind kind, Fault fault, String advice)
            throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.problem(status, type, "the CA's words"));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.fault()).isEqualTo(fault);
        assertThat(failure.getMessage())
                .contains("the CA's words (" + type + "). ")
                .contains(advice)
                .endsWith(".");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeHasOneSentence(ProblemType type) {
        assertThat(type.advice()).matches("[A-Z][^.]*(\\.well-known/[^.]*)?\\.");
        boolean ofValidation =
                type == ProblemType.UNAUTHORIZED_BY_SITE || type == ProblemType.REJECTED_IDENTIFIER_BY_SITE;
        assertThat(ProblemType.of(type.urn(), ofValidation)).contains(type);
    }

    @Test
    void anUnknownTypeIsTheCasFaultAndHasNoAdvice() throws AcmeException {
        ca.on(ScriptedCa.ORDERS, _ -> Response.problem(400, "fancy", "the CA's words"));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.fault()).isEqualTo(Fault.CA);
        assertThat(failure.getMessage()).endsWith("the CA's words (fancy)");
        assertThat(problem("https://ca.example/errors#caa", VALIDATION).fault()).isEqualTo(Fault.CA);
    }

    /** RFC 8555, section 8.3: as part of an authorization, it is about what the name's web server answered. */
    @Test
    void unauthorizedIsTheSitesFaultInAValidationOnly() {
        assertThat(acme("unauthorized", VALIDATION).fault()).isEqualTo(Fault.SITE);
        assertThat(acme("unauthorized", VALIDATION).advice().orElseThrow()).contains("reach Ringcert");
        assertThat(acme("unauthorized", 403).fault()).isEqualTo(Fault.CA);
        assertThat(acme("unauthorized", 403).advice().orElseThrow()).contains("account");
    }

    /** step-ca and Caddy answer so to a wrong key authorization, which another CA would not accept either. */
    @Test
    void rejectedIdentifierIsTheSitesFaultInAValidationOnly() {
        assertThat(acme("rejectedIdentifier", VALIDATION).fault()).isEqualTo(Fault.SITE);
        assertThat(acme("rejectedIdentifier", VALIDATION).advice().orElseThrow())
                .contains("reach Ringcert");
        assertThat(acme("rejectedIdentifier", 400).fault()).isEqualTo(Fault.CA);
    }

    @ParameterizedTest
    @CsvSource({
        "compound, caa, dns, SITE",
        "compound, caa, rejectedIdentifier, CA",
        "rejectedIdentifier, rejectedIdentifier, caa, CA",
        "caa, caa, dns, SITE",
        "malformed, caa, dns, CA",
        "dns, fancy, dns, SITE",
        "compound, fancy, fancy, CA"
    })
    void aCompoundErrorIsTheSitesFaultIfAllItsPartsAre(String own, String first, String second, Fault expected) {
        assertThat(acme(own, 403, sub(first, NAME), sub(second, OTHER)).fault()).isEqualTo(expected);
    }

    @Test
    void givesEachAdviceOnceWithTheNamesItConcerns() {
        String advice = acme("compound", 403, sub("caa", NAME), sub("dns", OTHER), sub("caa", OTHER), sub("caa", NAME))
                .advice()
                .orElseThrow();

        assertThat(advice)
                .isEqualTo("www.example.org, other.example.org: " + ProblemType.CAA.advice() + " other.example.org: "
                        + ProblemType.DNS.advice());
    }

    @Test
    void advisesOnTheProblemsOwnTypeFirst() {
        String advice = acme("rejectedIdentifier", 400, sub("rejectedIdentifier", NAME), sub("caa", OTHER))
                .advice()
                .orElseThrow();

        assertThat(advice)
                .isEqualTo("www.example.org: " + ProblemType.REJECTED_IDENTIFIER.advice() + " other.example.org: "
                        + ProblemType.CAA.advice());
    }

    @Test
    void listsFiveNamesAtMost() {
        Subproblem[] many = new Subproblem[100];
        for (int i = 0; i < many.length; i++) {
            many[i] = sub("caa", HostName.of("n" + i + ".example.org"));
        }

        assertThat(acme("compound", 403, many).advice().orElseThrow())
                .startsWith(
                        "n0.example.org, n1.example.org, n2.example.org, n3.example.org, n4.example.org and 95 more: ");
    }

    @Test
    void aRefusalWithSubproblemsNamesThem() throws AcmeException {
        String problem = """
                {"type":"urn:ietf:params:acme:error:compound","detail":"two errors","subproblems":[
                {"type":"urn:ietf:params:acme:error:caa","detail":"CAA forbids","identifier":{"type":"dns","value":"www.example.org"}},
                {"type":"urn:ietf:params:acme:error:fancy","detail":"?"}]}""";
        ca.on(ScriptedCa.ORDERS, _ -> new Response(403, Map.of("Content-Type", "application/problem+json"), problem));

        AcmeException failure = failureOfNewOrder();

        assertThat(failure.fault()).isEqualTo(Fault.SITE);
        assertThat(failure.getMessage()).endsWith("(fancy). www.example.org: " + ProblemType.CAA.advice());
    }

    /** The directory's own advice replaces that of the error type. */
    @Test
    void aRefusedDirectoryIsDescribedAsSuch() {
        ca.on(ScriptedCa.DIRECTORY, _ -> Response.problem(404, "malformed", "no such page"));

        AcmeException failure = failureOf(client::profiles);

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.getMessage())
                .endsWith("no such page (malformed). Check that " + ca.directory()
                        + " is the directory of an ACME CA ([acme] directory).");
    }

    @Test
    void saysWhenARateLimitEnds() throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> Response.problem(429, "rateLimited", "too many certificates")
                        .with("Retry-After", "121269"));
        Instant earliest = Instant.now().plusSeconds(121269).minus(Duration.ofMinutes(1));

        AcmeException failure = failureOfNewOrder();

        String time = (failure.getMessage() + "").replaceAll("(?s).*wait 33 h, until (\\S+Z)\\. .*", "$1");
        assertThat(Instant.parse(time)).isBetween(earliest, earliest.plus(Duration.ofMinutes(5)));
        assertThat(failure.retryAfter()).contains(Duration.ofSeconds(121269));
    }

    @ParameterizedTest
    @CsvSource({
        "https://ca.example/terms, https://ca.example/agree, 'Read the CA''s terms of service at https://ca.example/terms"
                + " and do what the CA asks for at https://ca.example/agree; Ringcert then goes on by itself.'",
        "https://ca.example/terms, '', 'Read the CA''s terms of service at https://ca.example/terms and agree to them on"
                + " the CA''s website; Ringcert then goes on by itself.'",
        "'', https://ca.example/agree, 'Open the CA''s page and do what the CA asks for at https://ca.example/agree;"
                + " Ringcert then goes on by itself.'",
        "javascript:alert(1), javascript:alert(2), 'Do on the CA''s website what it asks for, such as agreeing to new"
                + " terms; Ringcert then goes on by itself.'"
    })
    void pointsToNewTerms(String terms, String instance, String expected) throws AcmeException {
        ca.on(
                ScriptedCa.ORDERS,
                _ -> new Response(
                        403,
                        Map.of(
                                "Content-Type",
                                "application/problem+json",
                                "Link",
                                terms.isEmpty() ? "" : "<" + terms + ">;rel=\"terms-of-service\""),
                        "{\"type\":\"urn:ietf:params:acme:error:userActionRequired\",\"detail\":\"New terms\",\"instance\":\""
                                + instance + "\"}"));

        assertThat(failureOfNewOrder().getMessage()).endsWith(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "UNREACHABLE, CA",
        "INVALID_RESPONSE, CA",
        "RATE_LIMITED, CA",
        "ACCOUNT_GONE, CA",
        "NOT_FOUND, CA",
        "ALREADY_REPLACED, CA",
        "UNUSABLE_CERTIFICATE, CA",
        "REFUSED, SITE"
    })
    void onlyARefusalIsJudgedByItsProblem(Kind kind, Fault expected) {
        assertThat(failure(kind, Optional.of(acme("caa", 403))).fault()).isEqualTo(expected);
        assertThat(failure(kind, Optional.empty()).fault()).isEqualTo(Fault.CA);
    }

    /** The CA keeps trying and says why it has not succeeded. */
    @Test
    void aValidationThatTheCaDoesNotEndIsJudgedByItsLastError() {
        assertThat(failure(Kind.UNREACHABLE, Optional.of(acme("connection", VALIDATION)))
                        .fault())
                .isEqualTo(Fault.SITE);
    }

    private static AcmeException failure(Kind kind, Optional<ProblemDocument> problem) {
        return new AcmeException(kind, "refused", problem, Optional.empty(), null);
    }

    private static ProblemDocument acme(String type, int status, Subproblem... subproblems) {
        return problem(ProblemDocument.NAMESPACE + type, status, subproblems);
    }

    private static ProblemDocument problem(String type, int status, Subproblem... subproblems) {
        return new ProblemDocument(type, "detail", status, List.of(subproblems), Optional.empty());
    }

    private static Subproblem sub(String type, HostName name) {
        return new Subproblem(ProblemDocument.NAMESPACE + type, "detail", Optional.of(name));
    }
}
