package org.ringcert.daemon.admin.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.status.CellVerdict;
import org.ringcert.daemon.status.CellWords;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.HumanTime;
import org.ringcert.daemon.status.MatrixRow;
import org.ringcert.store.FailedTest;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.Flaw;
import org.ringcert.view.visitor.ServedCertificate;

/**
 * The page of one site.
 *
 * @param otherNames the site's names but for the first, with commas
 * @param historyProblem why the history cannot be read, in sentences; empty if it was read
 */
public record SiteView(
        PageHead head,
        String site,
        String otherNames,
        Level level,
        String verdict,
        List<CertificateView> certificates,
        List<PastEvent> history,
        String historyProblem) {

    /**
     * One of the site's certificates.
     *
     * @param facts what this server's store knows
     * @param looks what each server presents
     */
    public record CertificateView(
            String id, String heading, List<Fact> facts, List<String> problems, List<String> notes, List<Look> looks) {}

    /** A line of what is known. */
    public record Fact(String name, String value) {}

    /**
     * What a server presents. Fields that are unknown are a dash.
     *
     * @param id the anchor that the matrix links to; the looks for a second certificate have another
     */
    public record Look(
            String id,
            String node,
            boolean isSelf,
            Level level,
            String text,
            String issuer,
            String serial,
            String notBefore,
            String notAfter,
            String seen,
            List<FlawView> flaws) {}

    /** A flaw with its remedy. */
    public record FlawView(Level level, String text) {}

    /** Something that happened. */
    public record PastEvent(String css, String time, String text, String words, List<String> hops) {}

    private static final String UNKNOWN = "–";

    static SiteView of(
            ClusterSnapshot cluster, List<MatrixRow> rows, List<HistoryItem> history, Optional<String> problem) {
        List<HostName> names = rows.getFirst().site().names();
        List<CertificateView> certificates = IntStream.range(0, rows.size())
                .mapToObj(i -> certificate(cluster, rows.get(i), i))
                .toList();
        List<Look> looks = certificates.stream()
                .flatMap(certificate -> certificate.looks().stream())
                .toList();
        Level level = looks.stream().map(Look::level).reduce(Level.GOOD, Level::worse);
        return new SiteView(
                PageHead.of(names.getFirst() + " – " + cluster.self(), cluster),
                names.getFirst().value(),
                names.stream().skip(1).map(HostName::value).collect(Collectors.joining(", ")),
                level,
                verdict(level, looks),
                certificates,
                history.stream().map(SiteView::event).toList(),
                problem.map(text -> "The history cannot be read: " + text + ".").orElse(""));
    }

    private static String verdict(Level level, List<Look> looks) {
        long affected = looks.stream()
                .filter(look -> look.level() == level)
                .map(Look::node)
                .distinct()
                .count();
        long servers = looks.stream().map(Look::node).distinct().count();
        return switch (level) {
            case FAILURE -> "Visitors see an error at " + affected + " of " + Verdict.count(servers, "server") + ".";
            case WARNING ->
                "Visitors see no error. There is a warning at " + affected + " of " + Verdict.count(servers, "server")
                        + ".";
            case UNKNOWN -> "Good so far. " + Verdict.count(affected, "server") + " not looked at yet.";
            case GOOD ->
                "Visitors get a good certificate at " + (servers == 1 ? "the server." : "all " + servers + " servers.");
        };
    }

    private static CertificateView certificate(ClusterSnapshot cluster, MatrixRow row, int index) {
        Optional<CertificateStatus> status = cluster.status().certificates().stream()
                .filter(it -> it.name().equals(row.certificate()))
                .findFirst();
        List<HostName> nodes = cluster.matrix().nodes();
        return new CertificateView(
                "certificate-" + index,
                "Certificate " + row.certificate(),
                status.map(it -> facts(it, cluster.now())).orElse(List.of()),
                status.map(CertificateStatus::problems).orElse(List.of()),
                status.map(CertificateStatus::notes).orElse(List.of()),
                IntStream.range(0, nodes.size())
                        .mapToObj(i -> look(cluster, row, i, (index == 0 ? "n" : "c" + index + "-n") + i))
                        .toList());
    }

    private static List<Fact> facts(CertificateStatus status, Instant now) {
        List<Fact> facts = new ArrayList<>();
        status.ca().ifPresent(ca -> facts.add(new Fact("CA", ca)));
        status.issuer().ifPresent(issuer -> facts.add(new Fact("Issuer", issuer)));
        status.remaining(now)
                .ifPresent(remaining -> facts.add(new Fact("On disk, valid for", HumanTime.rounded(remaining))));
        facts.add(new Fact(
                "Next renewal", status.nextRenewal().map(HumanTime::toMinute).orElse("unknown")));
        status.postponed()
                .ifPresent(postponed -> facts.add(new Fact(
                        "Order waits",
                        "until " + HumanTime.toMinute(postponed.nextLook()) + ": " + postponed.reason())));
        status.turns()
                .forEach(at -> facts.add(new Fact(
                        status.turns().size() == 1 ? "Its turn" : "Its turn at " + at.ca(),
                        HumanTime.toMinute(at.turn().at()) + ", because "
                                + at.turn().reason())));
        status.failedTest()
                .filter(FailedTest::delaysThisNode)
                .ifPresent(test -> facts.add(new Fact(
                        "Renewal waits",
                        "until " + HumanTime.toMinute(test.until()) + " at most, for " + test.node() + ": "
                                + test.reason())));
        return facts;
    }

    private static Look look(ClusterSnapshot cluster, MatrixRow row, int column, String id) {
        HostName node = cluster.matrix().nodes().get(column);
        Optional<Cell> cell = cluster.matrix().cell(row, node);
        Optional<ServedCertificate> served = cell.flatMap(Cell::certificate);
        CellView words = CellView.of(column, cell, cluster.now());
        return new Look(
                id,
                node.value(),
                node.equals(cluster.self()),
                words.level(),
                cell.isEmpty() ? "not looked at yet" : words.text(),
                served.map(ServedCertificate::issuer).orElse(UNKNOWN),
                served.map(ServedCertificate::serial).orElse(UNKNOWN),
                served.map(ServedCertificate::notBefore)
                        .map(HumanTime::toMinute)
                        .orElse(UNKNOWN),
                served.map(ServedCertificate::notAfter).map(HumanTime::toMinute).orElse(UNKNOWN),
                cell.map(it -> Ages.of(it.seen(), cluster.now())).orElse(UNKNOWN),
                cell.map(it -> CellVerdict.flaws(it, cluster.now())).orElse(List.of()).stream()
                        .map(SiteView::flaw)
                        .toList());
    }

    private static FlawView flaw(Flaw flaw) {
        return new FlawView(
                flaw.severity() == Flaw.Severity.FAILURE ? Level.FAILURE : Level.WARNING, CellWords.sentence(flaw));
    }

    private static PastEvent event(HistoryItem item) {
        return new PastEvent(
                switch (item.outcome()) {
                    case GOOD -> "ok";
                    case NEUTRAL -> "none";
                    case BAD -> "bad";
                },
                HumanTime.toMinute(item.time()),
                item.text(),
                item.words(),
                item.hops());
    }
}
