package org.ringcert.daemon.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.ringcert.daemon.admin.AdminRequest;
import org.ringcert.daemon.admin.AdminResponse;
import org.ringcert.daemon.admin.page.HistoryItem.Outcome;
import org.ringcert.view.visitor.Flaw;

class PageTest {

    private static final String HOSTILE = "\"'><script src=//example.net/x></script><img onerror=alert(1)>${1}&amp;";
    private static final Flaw EXPIRED =
            new Flaw(Flaw.Kind.EXPIRED, Flaw.Severity.FAILURE, "the certificate expired 3 days ago", "Renew it.");
    private static final Flaw REFUSED = new Flaw(
            Flaw.Kind.REFUSED, Flaw.Severity.FAILURE, "the connection was refused", "Start the web server there.");

    @Test
    void allIsWell() {
        String page = overview(new SampleCluster(3, 4), Map.of());

        assertThat(page)
                .contains("<h1>All is well</h1>", "4 certificates at 3 servers: 12 good.", "2 of 2 peers answer");
        assertThat(page).doesNotContain("class=\"bad\"", "class=\"warn\"", "<nav class=\"pages\"");
    }

    @Test
    void problemsComeFirst() {
        SampleCluster cluster = new SampleCluster(3, 250).put(240, 2, -3, EXPIRED);

        String page = overview(cluster, Map.of());

        assertThat(page).contains("<h1>Visitors see errors at 1 server</h1>");
        assertThat(firstRow(page)).contains("site240.example.org", "expired", "the certificate expired 3 days ago");
        assertThat(page).contains("Page 1 of 3", "href=\"/?page=2\"");
        assertThat(rows(overview(cluster, Map.of("page", "3")))).hasSize(50);
        assertThat(rows(overview(cluster, Map.of("page", "99")))).hasSize(50);
        assertThat(rows(overview(cluster, Map.of("page", "-1")))).hasSize(100);
        assertThat(rows(overview(cluster, Map.of("page", "many")))).hasSize(100);
    }

    @Test
    void filterLooksAtNamesIssuersAndFlaws() {
        SampleCluster cluster = new SampleCluster(3, 30).put(7, 2, -3, EXPIRED);

        assertThat(rows(overview(cluster, Map.of("q", "WWW.site12."))))
                .singleElement()
                .asString()
                .contains("site12");
        assertThat(rows(overview(cluster, Map.of("q", "expired 3 days"))))
                .singleElement()
                .asString()
                .contains("site7");
        assertThat(rows(overview(cluster, Map.of("q", "r11")))).hasSize(30);
        assertThat(rows(overview(cluster, Map.of("problems", "1"))))
                .singleElement()
                .asString()
                .contains("site7");
        assertThat(overview(cluster, Map.of("problems", "1"))).contains("1 of 30 certificates", "checked>");
        assertThat(overview(cluster, Map.of("q", "nothing"))).contains("None of the 30 certificates matches.");
    }

    @Test
    void filterIsKeptOnTheNextPage() {
        assertThat(overview(new SampleCluster(1, 150), Map.of("q", "site"))).contains("href=\"/?q=site&amp;page=2\"");
    }

    @Test
    void silentServersAreNamedAndDrawn() {
        String page = overview(new SampleCluster(3, 2).silence(1), Map.of());

        assertThat(page)
                .contains(
                        "<h1>1 server is silent on port 80</h1>",
                        "silent since 2026-05-01 10:12Z",
                        "Silent on port 80: web1.example.org.",
                        "class=\"arc broken\"",
                        "1 of 2 peers answer");
    }

    @Test
    void ringsOfAllSizesStayInTheirPicture() {
        for (int nodes = 1; nodes <= 50; nodes++) {
            RingDrawing ring = RingDrawing.of(servers(new SampleCluster(nodes, 1)));

            assertThat(ring.dots()).hasSize(nodes).allSatisfy(dot -> {
                assertThat(Double.parseDouble(dot.x())).isBetween(0.0, (double) ring.width());
                assertThat(Double.parseDouble(dot.y())).isBetween(0.0, (double) ring.height());
            });
            assertThat(ring.dots().stream().map(dot -> dot.x() + " " + dot.y()).distinct())
                    .hasSize(nodes);
        }
    }

    @Test
    void whatWasNotLookedAtYetIsNotCalledGood() {
        String page = overview(new SampleCluster(2, 1).forget(0, 1), Map.of());

        assertThat(page)
                .contains("<h1>Good so far</h1>", "1 not looked at yet, 1 good", "not looked at yet</small>", ">?<");
    }

    @Test
    void aDaemonThatHasJustStartedLooksLikeNoFailure() {
        SampleCluster cluster =
                new SampleCluster(2, 1).forget(0, 0).forget(0, 1).askNoPeers();

        String page = overview(cluster, Map.of());

        assertThat(page)
                .contains("<h1>The first look at the servers is under way</h1>", "1 peer", "not asked yet")
                .doesNotContain("class=\"bad\"", "class=\"warn\"", "0 of 1", "verdict bad", "verdict warn");
    }

    @Test
    void oneServerWithoutSitesIsAWholePage() {
        String page = overview(new SampleCluster(1, 0), Map.of());

        assertThat(page).contains("<h1>All is well</h1>", "no peers").doesNotContain("class=\"matrix\"><thead");
    }

    @Test
    void anOldStatusHasItsAge() {
        assertThat(overview(new SampleCluster(1, 1).readStatusBefore(Duration.ofSeconds(9)), Map.of()))
                .doesNotContain("files, seen");
        assertThat(overview(new SampleCluster(1, 1).readStatusBefore(Duration.ofMinutes(3)), Map.of()))
                .contains("files, seen\u00a03\u00a0min\u00a0ago");
    }

    @Test
    void siteShowsFlawsWithRemediesAndHistory() {
        SampleCluster cluster = new SampleCluster(3, 2)
                .putNothing(1, 2, REFUSED)
                .add(new HistoryItem(
                        SampleCluster.NOW.minus(Duration.ofHours(1)),
                        Outcome.BAD,
                        "The order failed",
                        "urn:ietf:params:acme:error:dns: no address",
                        List.of("http://site1.example.org/")));

        String page = site(cluster, "www.site1.example.org").text();

        assertThat(page)
                .contains(
                        "<h1>site1.example.org</h1>",
                        "Also for www.site1.example.org",
                        "Visitors see an error at 1 of 3 servers.",
                        "The connection was refused. Start the web server there.",
                        "urn:ietf:params:acme:error:dns: no address",
                        "2026-05-01 09:15Z",
                        "id=\"n2\"");
    }

    @Test
    void aHistoryThatCannotBeReadTakesNothingElseAway() {
        SampleCluster cluster = new SampleCluster(3, 1)
                .putNothing(0, 2, REFUSED)
                .damageHistory("/store/history/site0.example.org.jsonl is not a regular file; move it away");

        Page page = site(cluster, "site0.example.org");

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text())
                .contains(
                        "Visitors see an error at 1 of 3 servers.",
                        "The connection was refused. Start the web server there.",
                        "The history cannot be read: /store/history/site0.example.org.jsonl is not a regular file;"
                                + " move it away.")
                .doesNotContain("Nothing has been recorded yet");
    }

    @Test
    void unknownSiteIsNotFound() {
        Page page = site(new SampleCluster(1, 1), HOSTILE);

        assertThat(page.status()).isEqualTo(404);
        assertHarmless(page.text());
    }

    @Test
    void textFromElsewhereIsEscaped() {
        Flaw hostile = new Flaw(Flaw.Kind.WRONG_NAME, Flaw.Severity.FAILURE, HOSTILE, HOSTILE);
        SampleCluster cluster = new SampleCluster(3, 1)
                .put(0, 1, 30, hostile)
                .add(new HistoryItem(SampleCluster.NOW, Outcome.BAD, HOSTILE, HOSTILE, List.of(HOSTILE)));

        assertHarmless(overview(cluster, Map.of("q", HOSTILE)));
        assertHarmless(overview(cluster, Map.of()));
        assertHarmless(site(cluster, "site0.example.org").text());
        SampleCluster many = new SampleCluster(20, 1).put(0, 1, 30, hostile);
        assertHarmless(overview(many, Map.of()));
    }

    @Test
    void nothingIsInlineAndNothingIsFromElsewhere() {
        SampleCluster cluster = new SampleCluster(20, 3).put(0, 1, -3, EXPIRED).silence(2);
        for (String page : List.of(
                overview(cluster, Map.of()), site(cluster, "site0.example.org").text())) {
            assertThat(page)
                    .doesNotContain(" style=", "<style", "javascript:", "http:", "https:")
                    .doesNotContainPattern(" on[a-z]+=");
            assertThat(Pattern.compile("(?:src|href|action)=\"([^\"]*)\"")
                            .matcher(page)
                            .results()
                            .map(match -> match.group(1)))
                    .allMatch(path -> (path.startsWith("/") && !path.startsWith("//")) || path.startsWith("#"));
        }
    }

    /** A page of the largest cluster. The bound of the time is wide, because machines that build are busy. */
    @Test
    void fiftyServersAndAThousandSitesFitInAMegabyte() {
        SampleCluster cluster = new SampleCluster(50, 1_000);
        for (int site = 0; site < 1_000; site++) {
            cluster.put(site, site % 50, -3, EXPIRED);
        }
        long start = System.nanoTime();

        String page = overview(cluster, Map.of());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(page.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_000_000);
        assertThat(rows(page)).hasSize(30);
        assertThat(Pattern.compile("<td").matcher(page).results().count()).isEqualTo(1_500 + 2 * 50);
        assertThat(page).contains("Page 1 of 34");
    }

    @Test
    void filesAreServedWithTheirTypes() {
        for (String path : StaticFiles.paths()) {
            AdminResponse response = new StaticFiles().answer(new AdminRequest(path, Map.of()));

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.contentType())
                    .startsWith(
                            path.endsWith("css")
                                    ? "text/css"
                                    : path.endsWith("js") ? "text/javascript" : "image/svg+xml");
            assertThat(response.body()).isNotEmpty();
        }
    }

    private static List<ServerView> servers(SampleCluster sample) {
        ClusterSnapshot cluster = sample.cluster();
        return ServerView.all(cluster, Levels.of(cluster.matrix(), cluster.now()));
    }

    private static void assertHarmless(String page) {
        assertThat(page).doesNotContain("<script src=//", "<img", "><script src=\"//", "'><");
        assertThat(Pattern.compile("<script").matcher(page).results().count()).isEqualTo(1);
    }

    private record Page(int status, String text) {}

    private static String overview(SampleCluster cluster, Map<String, String> query) {
        return text(new OverviewPage(cluster).answer(new AdminRequest("/", query)))
                .text();
    }

    private static Page site(SampleCluster cluster, String name) {
        return text(new SitePage(cluster).answer(new AdminRequest("/site/" + name, Map.of())));
    }

    private static Page text(AdminResponse response) {
        assertThat(response.contentType()).isEqualTo("text/html; charset=utf-8");
        return new Page(response.status(), new String(response.body(), StandardCharsets.UTF_8));
    }

    private static List<String> rows(String page) {
        return Pattern.compile("<tr><th scope=\"row\"><a .*?</tr>", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(match -> match.group())
                .toList();
    }

    private static String firstRow(String page) {
        return rows(page).getFirst();
    }
}
