package org.ringcert.daemon.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.daemon.front.HttpError;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.TestCells;
import org.ringcert.handoff.Answer;
import org.ringcert.handoff.ChallengeRequest;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.handoff.PeerReply;
import org.ringcert.handoff.RemainingNodes;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.view.look.LookAnswer;
import org.ringcert.view.look.LookRequest;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.PeerSight;

@Timeout(120)
class MetricsTest {

    private static final Path DOCUMENTS = Path.of("..", "docs", "metrics");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final Pattern NAME = Pattern.compile("\\bringcert_[a-z_]+\\b");

    private static final HostName SELF = new HostName("web0.example.org");
    private static final HostName SITE = new HostName("www.example.org");
    private static final CertificateName NAME_OF_SITE = CertificateName.first(SITE);
    private static final URI CA = URI.create("https://ca.example.org/directory");
    private static final Instant NOW = TestCells.NOW;

    private final NodeMetrics metrics = new NodeMetrics();
    private CertificateVersion version;

    @BeforeEach
    void createCertificate() {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        X509Certificate certificate =
                SelfSignedCertificate.create(key, List.of(SITE), NOW.minusSeconds(100), NOW.plus(Duration.ofDays(90)));
        version = new CertificateVersion(
                NAME_OF_SITE,
                Path.of("/store/versions/www.example.org/1"),
                List.of(certificate),
                new Origin.IssuedByCa(CA, Optional.empty(), Optional.empty()));
    }

    @Test
    void countsWhatHappens() throws Exception {
        metrics.onEvent(NAME_OF_SITE, new IssuanceEvent.Validated(SITE, List.of()));
        metrics.onEvent(NAME_OF_SITE, new IssuanceEvent.ValidationFailed(SITE, List.of(), "no"));
        metrics.onEvent(NAME_OF_SITE, new IssuanceEvent.Installed(version));
        metrics.onEvent(NAME_OF_SITE, new IssuanceEvent.Failed(CA, "no"));
        metrics.onEvent(NAME_OF_SITE, new IssuanceEvent.Failed(CA, "no"));
        metrics.onResult(new RenewalResult.NotServed(NAME_OF_SITE, "no", NOW));
        metrics.onAnswer(request(), new Answer.RedirectTo("http://web1.example.org/x"));
        metrics.onAnswer(request(), new Answer.Relayed(keyAuthorization()));
        metrics.onAnswer(request(), new Answer.NotFound());
        metrics.onPeerAsked(peer(), new PeerReply.Unclear("no answer"));
        metrics.connectionAccepted();
        metrics.connectionAccepted();
        metrics.connectionClosed();
        metrics.connectionRefused();
        metrics.requestRefused(HttpError.NOT_FOUND);
        assertThat(text().lines())
                .contains(
                        "ringcert_validations_total{result=\"valid\"} 1.0",
                        "ringcert_validations_total{result=\"invalid\"} 1.0",
                        "ringcert_orders_total{ca=\"ca.example.org\",outcome=\"issued\"} 1.0",
                        "ringcert_orders_total{ca=\"ca.example.org\",outcome=\"failed\"} 2.0",
                        "ringcert_orders_total{ca=\"letsencrypt\",outcome=\"failed\"} 0.0",
                        "ringcert_rollouts_total{result=\"not_served\"} 1.0",
                        "ringcert_challenge_answers_total{answer=\"held\"} 0.0",
                        "ringcert_challenge_answers_total{answer=\"redirected\"} 1.0",
                        "ringcert_challenge_answers_total{answer=\"relayed\"} 1.0",
                        "ringcert_challenge_answers_total{answer=\"not_found\"} 1.0",
                        "ringcert_peer_questions_total{reply=\"unclear\"} 1.0",
                        "ringcert_front_connections_total{result=\"accepted\"} 2.0",
                        "ringcert_front_connections_total{result=\"refused\"} 1.0",
                        "ringcert_front_open_connections 1.0",
                        "ringcert_front_requests_refused_total{reason=\"not_found\"} 1.0");
    }

    @Test
    void eachEventHasItsOwnSeries() throws Exception {
        assertCounted(
                "ringcert_rollouts_total{result=\"deployed\"}",
                () -> metrics.onResult(new RenewalResult.Renewed(NAME_OF_SITE, version, NOW, NOW)));
        assertCounted(
                "ringcert_rollouts_total{result=\"not_deployed\"}",
                () -> metrics.onResult(new RenewalResult.NotDeployed(NAME_OF_SITE, "no", NOW)));
        assertCounted(
                "ringcert_rollouts_total{result=\"not_served\"}",
                () -> metrics.onResult(new RenewalResult.NotServed(NAME_OF_SITE, "no", NOW)));
        assertCounted(
                "ringcert_peer_questions_total{reply=\"holds\"}",
                () -> metrics.onPeerAsked(peer(), new PeerReply.Holds(keyAuthorization(), HandoffHint.NONE)));
        assertCounted(
                "ringcert_peer_questions_total{reply=\"does_not_hold\"}",
                () -> metrics.onPeerAsked(peer(), new PeerReply.DoesNotHold()));
        LookRequest look = new LookRequest(token(), peer(), SITE, InetAddress.ofLiteral("192.0.2.9"));
        assertCounted(
                "ringcert_peer_looks_total{answer=\"reported\"}",
                () -> metrics.lookAnswered(look, new LookAnswer.Report("{}")));
        assertCounted(
                "ringcert_peer_looks_total{answer=\"not_held\"}",
                () -> metrics.lookAnswered(look, new LookAnswer.NotHeld()));
        assertCounted(
                "ringcert_peer_looks_total{answer=\"busy\"}", () -> metrics.lookAnswered(look, new LookAnswer.Busy()));
        assertCounted("ringcert_front_redirects_total", metrics::redirectedToHttps);
        assertCounted("ringcert_front_errors_total", () -> metrics.internalError(new IllegalStateException("x")));
    }

    /** Checks that an event adds one to this series and to no other. */
    private void assertCounted(String series, Runnable event) throws IOException {
        List<String> before = counters();
        event.run();
        List<String> changed = new ArrayList<>(counters());
        changed.removeAll(before);
        assertThat(changed).containsExactly(series + " 1.0");
    }

    private List<String> counters() throws IOException {
        return text().lines().filter(line -> line.contains("_total")).toList();
    }

    private static KeyAuthorization keyAuthorization() {
        return new KeyAuthorization(token(), "x".repeat(43));
    }

    @Test
    void showsHowThingsStand() throws Exception {
        long expiry = version.notAfter().getEpochSecond();
        assertThat(text().lines().map(MetricsTest::withPlainNumber))
                .contains(
                        "ringcert_build_info{version=\"1.2.3\"} 1",
                        "ringcert_store_usable 1",
                        "ringcert_certificate_expiry_timestamp_seconds{kind=\"ec\",site=\"www.example.org\"} " + expiry,
                        "ringcert_next_renewal_seconds{kind=\"ec\",site=\"www.example.org\"} 3600",
                        "ringcert_certificate_problems{kind=\"ec\",site=\"www.example.org\"} 1",
                        "ringcert_certificate_served{kind=\"ec\",site=\"www.example.org\"} 0",
                        "ringcert_certificate_seen_timestamp_seconds{kind=\"ec\",site=\"www.example.org\"} "
                                + state().ownCells().getFirst().seen().getEpochSecond(),
                        "ringcert_peer_silent{peer=\"web1.example.org\"} 1",
                        "ringcert_peers_silent 1");
    }

    @Test
    void aStoreThatCannotBeReadIsShown() throws Exception {
        NodeState unreadable = new NodeState(Optional.empty(), List.of(), List.of(), URI::getHost, "1.2.3", NOW);
        String text = body(new MetricsHandler(metrics, () -> unreadable).answer(request("")));
        assertThat(text.lines()).contains("ringcert_store_usable 0.0").noneMatch(line -> line.contains("site="));
    }

    @Test
    void speaksOpenMetricsIfAsked() throws Exception {
        AdminResponse response =
                handler().answer(request("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"));
        assertThat(response.contentType()).startsWith("application/openmetrics-text");
        assertThat(body(response)).endsWith("# EOF\n");
        assertThat(handler().answer(request("text/html")).contentType()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void theListInTheDocumentsIsComplete() throws Exception {
        Set<String> documented = Files.readString(DOCUMENTS.resolve("README.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .flatMap(line -> names(line.substring(0, line.indexOf('|', 1))).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented).isEqualTo(exposed());
    }

    @Test
    void rulesAndDashboardUseMetricsThatExist() throws Exception {
        for (String file : List.of("alerts.yml", "alerts-test.yml", "dashboard.json")) {
            assertThat(exposed()).as(file).containsAll(names(Files.readString(DOCUMENTS.resolve(file))));
        }
    }

    @Test
    void promtoolAcceptsTheMetrics() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed (Debian: prometheus)");
        assertThat(promtool(text(), "check", "metrics")).isEmpty();
    }

    @Test
    void promtoolAcceptsTheRulesAndTheirTestsPass() throws Exception {
        assumeTrue(Files.isExecutable(PROMTOOL), "promtool is not installed (Debian: prometheus)");
        assertThat(promtool("", "check", "rules", "alerts.yml")).contains("SUCCESS");
        assertThat(promtool("", "test", "rules", "alerts-test.yml")).contains("SUCCESS");
    }

    /** Returns what promtool prints; it must succeed. */
    private static String promtool(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(DOCUMENTS.toFile())
                .redirectErrorStream(true)
                .start();
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    /** Returns the names of all families, as they are in queries. */
    private Set<String> exposed() throws IOException {
        return text().lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(match -> match.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Large numbers are written as 1.79E9. */
    private static String withPlainNumber(String line) {
        int value = line.lastIndexOf(' ');
        return line.startsWith("#")
                ? line
                : line.substring(0, value + 1)
                        + new BigDecimal(line.substring(value + 1))
                                .stripTrailingZeros()
                                .toPlainString();
    }

    private String text() throws IOException {
        return body(handler().answer(request("")));
    }

    private MetricsHandler handler() {
        return new MetricsHandler(metrics, this::state);
    }

    /** A first certificate that is self-signed, a second of another kind, a warning, and a peer never asked. */
    @Test
    void whatIsNotKnownHasNoSeries() throws Exception {
        CertificateVersion selfSigned =
                new CertificateVersion(NAME_OF_SITE, version.directory(), version.chain(), new Origin.SelfSigned());
        CertificateName second = CertificateName.second(SITE, KeyAlgorithm.RSA);
        NodeState state = state(
                List.of(certificate(NAME_OF_SITE, Optional.of(selfSigned)), certificate(second, Optional.of(version))),
                Flaw.Severity.WARNING,
                new PeerSight(peer(), Optional.empty(), Optional.empty()),
                Optional.of("The disk is full."));
        String text = body(new MetricsHandler(metrics, () -> state).answer(request("")));
        assertThat(text.lines().map(MetricsTest::withPlainNumber))
                .contains(
                        "ringcert_store_usable 0",
                        "ringcert_certificate_served{kind=\"ec\",site=\"www.example.org\"} 1",
                        "ringcert_certificate_lifetime_seconds{kind=\"rsa\",site=\"www.example.org\"} "
                                + version.lifetime().toSeconds(),
                        "ringcert_peers_silent 0")
                .noneMatch(line -> line.startsWith("ringcert_certificate_expiry_timestamp_seconds{kind=\"ec\""))
                .noneMatch(line -> line.startsWith("ringcert_certificate_lifetime_seconds{kind=\"ec\""))
                .noneMatch(line -> line.startsWith("ringcert_peer_silent{"));
    }

    private NodeState state() {
        return state(
                List.of(certificate(NAME_OF_SITE, Optional.of(version))),
                Flaw.Severity.FAILURE,
                new PeerSight(peer(), Optional.of(NOW), Optional.of(NOW)),
                Optional.empty());
    }

    private static CertificateStatus certificate(CertificateName name, Optional<CertificateVersion> version) {
        return new CertificateStatus(
                new Site(List.of(SITE)),
                name,
                version,
                Optional.of("ca.example.org"),
                Optional.empty(),
                Optional.of(NOW.plusSeconds(3600)),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of("A problem."),
                List.of(),
                CertificateStatus.Visibility.VISIBLE);
    }

    private static NodeState state(
            List<CertificateStatus> certificates,
            Flaw.Severity severity,
            PeerSight peer,
            Optional<String> storeProblem) {
        NodeStatus status = new NodeStatus(
                SELF, List.of("letsencrypt"), certificates, List.of(), List.of(), storeProblem, Optional.empty());
        return new NodeState(
                Optional.of(status),
                List.of(TestCells.cell(
                        TestCells.row(SITE.value()), SELF, NOW, TestCells.flaw(Flaw.Kind.EXPIRED, severity))),
                List.of(peer),
                URI::getHost,
                "1.2.3",
                NOW);
    }

    private static Node peer() {
        return new Node(new HostName("web1.example.org"), "192.0.2.1", 80);
    }

    private static Token token() {
        return new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");
    }

    private static ChallengeRequest request() {
        return new ChallengeRequest(token(), new RemainingNodes.Unspecified(), InetAddress.ofLiteral("192.0.2.9"), "");
    }

    private static AdminRequest request(String accept) {
        return new AdminRequest("/metrics", Map.of(), accept);
    }

    private static String body(AdminResponse response) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        response.pieces().orElseThrow().writeTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
