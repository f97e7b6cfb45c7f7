package org.ringcert.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ringcert.daemon.status.TestCells.NOW;

import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.json.JsonFormat.Layout;
import org.ringcert.view.visitor.Cell;
import org.ringcert.view.visitor.CellKey;
import org.ringcert.view.visitor.Flaw.Kind;
import org.ringcert.view.visitor.Flaw.Severity;
import org.ringcert.view.visitor.PeerSight;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The matrix in {@code status --all --json} and in the daemon's {@code /status.json}. */
class MatrixJsonTest {

    private static final HostName WEB0 = new HostName("web0.example.org");
    private static final HostName WEB1 = new HostName("web1.example.org");
    private static final MatrixRow WWW = TestCells.row("www.example.org");
    private static final MatrixRow SHOP = TestCells.row("shop.example.org");
    private static final NodeStatus STATUS = new NodeStatus(
            WEB0, List.of("ca"), List.of(), List.of(), List.of(), Optional.empty(), Optional.of("nothing"));

    private static MatrixView matrix(Cell... cells) {
        Map<CellKey, Cell> byKey = Arrays.stream(cells).collect(Collectors.toMap(Cell::key, cell -> cell));
        return MatrixView.of(WEB0, List.of(WWW, SHOP), List.of(WEB0, WEB1), key -> Optional.ofNullable(byKey.get(key)));
    }

    private static String text(MatrixView matrix, Layout layout) {
        StringWriter out = new StringWriter();
        StatusJson.write(STATUS, matrix, NOW, layout, out);
        return out.toString();
    }

    @Test
    void addsNodesToTheStatus() {
        JsonNode plain = JsonMapper.shared().readTree(StatusJson.of(STATUS, NOW));
        JsonNode root = JsonMapper.shared().readTree(text(matrix(), Layout.INDENTED));

        assertThat(plain.has("nodes")).isFalse();
        assertThat(root.propertyNames()).containsAll(plain.propertyNames()).contains("nodes");
        assertThat(root.path("nodes").size()).isEqualTo(2);
        assertThat(root.path("nodes").path(0).path("node").asString()).isEqualTo("web0.example.org");
        assertThat(root.path("nodes").path(0).path("self").asBoolean()).isTrue();
        assertThat(root.path("nodes").path(1).path("self").asBoolean()).isFalse();
    }

    @Test
    void theDaemonSaysWhichPeersAnswer() {
        PeerSight answering = new PeerSight(peer("web1"), Optional.of(NOW.minusSeconds(7)), Optional.empty());
        PeerSight silent = new PeerSight(
                peer("web2"), Optional.of(NOW.plusSeconds(60)), Optional.of(NOW.minus(Duration.ofHours(2))));
        PeerSight notAsked = new PeerSight(peer("web3"), Optional.empty(), Optional.empty());
        StringWriter out = new StringWriter();

        StatusJson.write(STATUS, matrix(), List.of(answering, silent, notAsked), NOW, Layout.LINE, out);

        JsonNode peers = JsonMapper.shared().readTree(out.toString()).path("peers");
        assertThat(peers.toString())
                .isEqualTo("[{\"node\":\"web1.example.org\",\"answers\":true,\"asked\":\"" + NOW.minusSeconds(7)
                        + "\",\"secondsOld\":7},"
                        + "{\"node\":\"web2.example.org\",\"answers\":false,\"asked\":\"" + NOW.plusSeconds(60)
                        + "\",\"secondsOld\":0,\"silentSince\":\"" + NOW.minus(Duration.ofHours(2)) + "\"},"
                        + "{\"node\":\"web3.example.org\"}]");
    }

    private static Node peer(String label) {
        return new Node(new HostName(label + ".example.org"), "127.0.0.2", 80);
    }

    @Test
    void describesEachCell() {
        MatrixView matrix = matrix(
                TestCells.cell(
                        WWW,
                        WEB0,
                        NOW.plus(Duration.ofDays(1)),
                        TestCells.flaw(Kind.ROOT_NOT_TRUSTED, Severity.WARNING)),
                TestCells.cell(SHOP, WEB1, TestCells.flaw(Kind.REFUSED, Severity.FAILURE)));
        JsonNode nodes =
                JsonMapper.shared().readTree(text(matrix, Layout.INDENTED)).path("nodes");

        JsonNode good = nodes.path(0).path("cells").path(0);
        assertThat(good.path("site").asString()).isEqualTo("www.example.org");
        assertThat(good.path("certificate").asString()).isEqualTo("www.example.org");
        assertThat(good.path("seen").asString()).isEqualTo("2026-11-28T11:59:48Z");
        assertThat(good.path("serial").asString()).isEqualTo("0a1b");
        assertThat(good.path("issuer").asString()).isEqualTo("Test CA");
        assertThat(good.path("notBefore").asString()).isEqualTo("2026-11-28T11:00:00Z");
        assertThat(good.path("notAfter").asString()).isEqualTo("2026-11-29T12:00:00Z");
        assertThat(good.path("secondsLeft").asLong()).isEqualTo(86400);
        assertThat(good.path("good").asBoolean()).isTrue();
        assertThat(good.path("flaws").path(0).path("kind").asString()).isEqualTo("root-not-trusted");
        assertThat(good.path("flaws").path(0).path("severity").asString()).isEqualTo("warning");
        assertThat(good.path("flaws").path(0).path("text").asString()).isEqualTo("the certificate is untrusted");
        assertThat(good.path("flaws").path(0).path("remedy").asString()).isEqualTo("Do something about it.");
        assertThat(nodes.path(0).path("good").asBoolean()).isTrue();

        JsonNode refused = nodes.path(1).path("cells").path(1);
        assertThat(refused.path("good").asBoolean(true)).isFalse();
        assertThat(refused.has("serial")).isFalse();
        assertThat(nodes.path(1).path("good").asBoolean(true)).isFalse();

        JsonNode notSeen = nodes.path(1).path("cells").path(0);
        assertThat(notSeen.propertyNames()).containsExactly("site", "certificate");
    }

    @Test
    void fitsIntoOneLine() {
        String text = text(matrix(), Layout.LINE);
        assertThat(text).endsWith("\n");
        assertThat(text.lines()).hasSize(1);
        assertThat(text(matrix(), Layout.INDENTED).lines()).hasSizeGreaterThan(10);
    }

    @Test
    void leavesOutTheSitesOfAStoreThatTheUserMayNotSee() {
        StringWriter out = new StringWriter();
        StatusJson.writeWithoutStatus("not allowed", matrix(), NOW, Layout.INDENTED, out);
        JsonNode root = JsonMapper.shared().readTree(out.toString());
        assertThat(root.propertyNames()).containsExactly("node", "notSeen", "nodes");
    }
}
