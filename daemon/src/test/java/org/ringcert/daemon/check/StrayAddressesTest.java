package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.view.ca.AddressView;

class StrayAddressesTest extends CheckFixture {

    private static final InetAddress STRANGER = InetAddress.ofLiteral("192.0.2.99");
    private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.216.11");

    @Test
    void namesTheOtherServerToWhichThisServersNameLeads() throws Exception {
        NodeAddresses nodes = configured();
        nodes.add(WEB0, List.of(IP0, IP1));

        assertThat(new StrayAddresses(nodes).ofNode(views(WEB0, accepted(IP0), refused(IP1, REFUSED))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.text())
                            .isEqualTo("web0.example.org leads to 192.0.2.11, which is web1.example.org: a server's"
                                    + " name must lead to it alone");
                    assertThat(finding.remedy())
                            .contains("Remove that address from the DNS records of web0.example.org.");
                });
        assertThat(new StrayAddresses(nodes).ofNode(views(WEB0, refused(IP0, REFUSED))))
                .isEmpty();
    }

    @Test
    void namesAPeersAddressThatIsNotThatOfTheFile() throws Exception {
        StrayAddresses strays = new StrayAddresses(configured());

        assertThat(strays.ofPeer(views(WEB1, refused(STRANGER, REFUSED))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text())
                        .isEqualTo("web1.example.org leads to 192.0.2.99, but the configuration has `address`"
                                + " 192.0.2.11 for it"));
        assertThat(strays.ofPeer(views(WEB1, accepted(STRANGER)))).isEmpty();
        assertThat(strays.ofPeer(views(WEB1, refused(PUBLIC, REFUSED))))
                .as("an internal `address` beside a public name")
                .isEmpty();
    }

    @Test
    void namesASitesAddressThatNoServerHas() throws Exception {
        StrayAddresses strays = new StrayAddresses(configured());

        assertThat(strays.ofSite(views(WWW, accepted(IP0), refused(IP1, REFUSED), refused(STRANGER, REFUSED))))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.text()).isEqualTo("192.0.2.99 belongs to no server of the configuration"));
        assertThat(strays.ofSite(views(WWW, accepted(STRANGER)))).isEmpty();
    }

    @Test
    void checksReportThem() throws Exception {
        CheckScope scope = scope("");
        try (Survey survey = survey(
                        scope,
                        (viewpoint, name) -> scope.peerNames().contains(name)
                                ? allWell(viewpoint, name)
                                : name.equals(WEB0)
                                        ? seen(name, accepted(IP0), refused(IP1, REFUSED))
                                        : seen(name, refused(STRANGER, REFUSED)));
                PendingResult<Map<Node, PeerState>> peers = PendingResult.start(Map::of)) {
            assertThat(new NodeNamesCheck(scope, survey, peers).look())
                    .anySatisfy(finding -> assertThat(finding.text()).contains("which is web1.example.org"));
            assertThat(new SitesCheck(scope, survey).look())
                    .anySatisfy(finding -> assertThat(finding.text()).contains("belongs to no server"));
        }
    }

    private NodeAddresses configured() throws Exception {
        NodeAddresses nodes = new NodeAddresses();
        configuration("").nodes().forEach(settings -> nodes.add(settings.node()));
        return nodes;
    }

    private static NameViews views(HostName name, AddressView... views) {
        return new NameViews(name, WEB0, Map.of(WEB0, view(name, views)));
    }
}
