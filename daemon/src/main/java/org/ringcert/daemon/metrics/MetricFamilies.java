package org.ringcert.daemon.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.front.HttpError;
import org.ringcert.daemon.metrics.NodeMetrics.Count;
import org.ringcert.daemon.metrics.NodeMetrics.OrderOutcome;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.PeerSight;

/**
 * The metric families of one scrape. The values of labels are configured names and words of this class, never anything
 * from requests, so the number of time series is bounded by the configuration. docs/metrics/README.md lists them.
 */
final class MetricFamilies {

    private static final String UNKNOWN_KIND = "unknown";

    private final NodeMetrics metrics;
    private final NodeState state;
    private final List<CertificateStatus> certificates;
    private final MetricSnapshots.Builder families = MetricSnapshots.builder();

    private MetricFamilies(NodeMetrics metrics, NodeState state) {
        this.metrics = metrics;
        this.state = state;
        this.certificates = state.status().map(status -> status.certificates()).orElse(List.of());
    }

    static MetricSnapshots of(NodeMetrics metrics, NodeState state) {
        MetricFamilies collection = new MetricFamilies(metrics, state);
        collection.addBuild();
        collection.addCertificates();
        collection.addServed();
        collection.addOrders();
        collection.addRollouts();
        collection.addChallenges();
        collection.addPeers();
        collection.addFront();
        return collection.families.build();
    }

    private void addBuild() {
        families.metricSnapshot(InfoSnapshot.builder()
                .name("ringcert_build")
                .help("The version of the program.")
                .dataPoint(new InfoDataPointSnapshot(Labels.of("version", state.version())))
                .build());
        gauge(
                "ringcert_store_usable",
                "1 if the store can be read and written, else 0.",
                Map.of(
                        Labels.EMPTY,
                        flag(state.status()
                                .filter(status -> status.storeProblem().isEmpty())
                                .isPresent())));
    }

    private void addCertificates() {
        certificateGauge(
                "ringcert_certificate_expiry_timestamp_seconds",
                "When the certificate on disk expires, in seconds since 1970. Absent while it is self-signed.",
                certificate -> certificate
                        .version()
                        .filter(version -> !(version.origin() instanceof Origin.SelfSigned))
                        .map(CertificateVersion::notAfter)
                        .map(MetricFamilies::seconds));
        certificateGauge(
                "ringcert_certificate_lifetime_seconds",
                "How long the certificate on disk is valid in all. Absent while it is self-signed.",
                certificate -> certificate
                        .version()
                        .filter(version -> !(version.origin() instanceof Origin.SelfSigned))
                        .map(version -> (double) version.lifetime().toSeconds()));
        certificateGauge(
                "ringcert_next_renewal_seconds",
                "How long until the next order. 0 or less when it is due.",
                certificate -> certificate.nextRenewal().map(at ->
                        (double) Duration.between(state.now(), at).toSeconds()));
        certificateGauge(
                "ringcert_certificate_problems",
                "How many problems ringcert status shows for the certificate.",
                certificate -> Optional.of((double) certificate.problems().size()));
    }

    private void certificateGauge(String name, String help, Function<CertificateStatus, Optional<Double>> value) {
        Map<Labels, Double> points = new TreeMap<>();
        for (CertificateStatus certificate : certificates) {
            value.apply(certificate)
                    .ifPresent(number -> points.put(labels(certificate.site().name(), kind(certificate)), number));
        }
        gauge(name, help, points);
    }

    private void addServed() {
        Map<HostName, String> onlyKinds = new HashMap<>();
        certificates.forEach(
                certificate -> onlyKinds.putIfAbsent(certificate.site().name(), kind(certificate)));
        Map<Labels, Double> served = new TreeMap<>();
        Map<Labels, Double> seen = new TreeMap<>();
        for (Cell cell : state.ownCells()) {
            HostName site = cell.key().site();
            String kind = cell.key().kind().map(KeyAlgorithm::label).orElse(onlyKinds.getOrDefault(site, UNKNOWN_KIND));
            boolean isGood = cell.worst().filter(Flaw.Severity.FAILURE::equals).isEmpty();
            served.put(labels(site, kind), flag(isGood));
            seen.put(labels(site, kind), seconds(cell.seen()));
        }
        gauge(
                "ringcert_certificate_served",
                "1 if visitors of this server got a good certificate in the last look, else 0.",
                served);
        gauge(
                "ringcert_certificate_seen_timestamp_seconds",
                "When this server's port 443 was last looked at, in seconds since 1970.",
                seen);
    }

    private void addOrders() {
        Set<String> configured =
                new HashSet<>(state.status().map(status -> status.cas()).orElse(List.of()));
        CounterSnapshot.Builder family = CounterSnapshot.builder()
                .name("ringcert_orders")
                .help("Orders that have ended, by CA and outcome: issued or failed.");
        for (OrderOutcome outcome : OrderOutcome.values()) {
            Map<String, Long> values = new TreeMap<>();
            configured.forEach(ca -> values.put(ca, 0L));
            for (Map.Entry<URI, Long> ended : metrics.orders(outcome).entrySet()) {
                values.merge(state.caName().apply(ended.getKey()), ended.getValue(), Long::sum);
            }
            values.forEach(
                    (ca, value) -> family.dataPoint(counter(Labels.of("ca", ca, "outcome", outcome.label()), value)));
        }
        families.metricSnapshot(family.build());
        counters("ringcert_validations", "Names that CAs have validated or not.", "result", Count.VALID, Count.INVALID);
    }

    private void addRollouts() {
        counters(
                "ringcert_rollouts",
                "Attempts to hand certificates to the web server, by result: deployed, not_deployed or not_served.",
                "result",
                Count.DEPLOYED,
                Count.NOT_DEPLOYED,
                Count.NOT_SERVED);
    }

    private void addChallenges() {
        counters(
                "ringcert_challenge_answers",
                "Answers to requests for challenges: held, redirected, relayed or not_found.",
                "answer",
                Count.HELD,
                Count.REDIRECTED,
                Count.RELAYED,
                Count.NOT_FOUND);
        counters(
                "ringcert_peer_questions",
                "Questions to peers whether they hold a challenge, by reply: holds, does_not_hold or unclear.",
                "reply",
                Count.PEER_HOLDS,
                Count.PEER_DOES_NOT_HOLD,
                Count.PEER_UNCLEAR);
        counters(
                "ringcert_peer_looks",
                "Looks that peers asked for, by answer: reported, not_held or busy.",
                "answer",
                Count.LOOK_REPORTED,
                Count.LOOK_NOT_HELD,
                Count.LOOK_BUSY);
    }

    private void addPeers() {
        Map<Labels, Double> silent = new TreeMap<>();
        for (PeerSight peer : state.peers()) {
            if (peer.asked().isPresent()) {
                silent.put(
                        Labels.of("peer", peer.peer().name().value()),
                        flag(peer.silentSince().isPresent()));
            }
        }
        gauge("ringcert_peer_silent", "1 if the peer did not answer on its port 80 when last asked, else 0.", silent);
        gauge(
                "ringcert_peers_silent",
                "How many peers did not answer on their port 80 when last asked.",
                Map.of(
                        Labels.EMPTY,
                        silent.values().stream()
                                .mapToDouble(Double::doubleValue)
                                .sum()));
    }

    private void addFront() {
        counters(
                "ringcert_front_connections",
                "Connections to port 80, by result: accepted or refused.",
                "result",
                Count.CONNECTION_ACCEPTED,
                Count.CONNECTION_REFUSED);
        gauge("ringcert_front_open_connections", "Connections to port 80 that are open.", Map.of(Labels.EMPTY, (double)
                Math.max(0, metrics.value(Count.CONNECTION_ACCEPTED) - metrics.value(Count.CONNECTION_CLOSED))));
        CounterSnapshot.Builder refused = CounterSnapshot.builder()
                .name("ringcert_front_requests_refused")
                .help("Requests to port 80 that were not served, by reason.");
        for (HttpError error : HttpError.values()) {
            refused.dataPoint(
                    counter(Labels.of("reason", error.name().toLowerCase(Locale.ROOT)), metrics.refusals(error)));
        }
        families.metricSnapshot(refused.build());
        single("ringcert_front_redirects", "Requests to port 80 that were redirected to https.", Count.HTTPS_REDIRECT);
        single("ringcert_front_errors", "Internal errors of the server on port 80.", Count.INTERNAL_ERROR);
    }

    private void counters(String name, String help, String label, Count... counts) {
        CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
        for (Count count : counts) {
            family.dataPoint(counter(Labels.of(label, count.label()), metrics.value(count)));
        }
        families.metricSnapshot(family.build());
    }

    private void single(String name, String help, Count count) {
        families.metricSnapshot(CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(counter(Labels.EMPTY, metrics.value(count)))
                .build());
    }

    private static CounterDataPointSnapshot counter(Labels labels, long value) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) value)
                .build();
    }

    private void gauge(String name, String help, Map<Labels, Double> points) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        points.forEach((labels, value) -> family.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
        families.metricSnapshot(family.build());
    }

    private static Labels labels(HostName site, String kind) {
        return Labels.of("site", site.value(), "kind", kind);
    }

    private static String kind(CertificateStatus certificate) {
        return certificate
                .name()
                .secondKey()
                .or(() -> certificate
                        .version()
                        .flatMap(CertificateVersion::keyType)
                        .map(type -> type.algorithm()))
                .map(KeyAlgorithm::label)
                .orElse(UNKNOWN_KIND);
    }

    private static double flag(boolean isTrue) {
        return isTrue ? 1 : 0;
    }

    private static double seconds(Instant time) {
        return time.getEpochSecond();
    }
}
