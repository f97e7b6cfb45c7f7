package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.ScriptedDns;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.ViewpointReply.CannotLook;
import org.ringcert.view.ca.ViewpointReply.NoReply;
import org.ringcert.view.look.PeerViewpoint;

/**
 * Requests to look pass through real web servers with the configuration that is printed for them. Web servers without
 * the daemon are recognized as peers that cannot look.
 */
class LookThroughWebServersTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final KeyAuthorization PROBE =
            new KeyAuthorization(new Token("held-by-0-looked-for-by-1"), WebServers.THUMBPRINT);

    @TempDir
    private Path folder;

    private ScriptedDns dns;
    private WebServers servers;

    @BeforeEach
    void start() throws IOException {
        dns = ScriptedDns.start();
        servers =
                WebServers.withoutCa(folder, 96, 2, """
                handoff = "redirect"
                [check]
                resolver = "127.0.0.1:%d"
                """.formatted(dns.address().getPort()));
        for (int node = 0; node < servers.size(); node++) {
            String address = servers.address(node).getHostAddress();
            dns.add(servers.name(node).value(), "A", address).add(SITE.value(), "A", address);
        }
    }

    @AfterEach
    void stop() throws IOException {
        servers.close();
        dns.close();
    }

    private ViewpointReply look(HostName name) throws Exception {
        servers.node(0).challenges().publish(PROBE);
        PeerViewpoint peer = servers.node(0).views().peers().getFirst();
        return peer.look(name, PROBE);
    }

    private NameView seen(HostName name) throws Exception {
        ViewpointReply reply = look(name);
        return reply instanceof ViewpointReply.Seen(NameView view) ? view : fail("not seen: " + reply);
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "NGINX_PROXY", "HAPROXY_PROXY", "DAEMON"})
    void aPeerLooksThroughItsWebServer(ServerKind kind) throws Exception {
        servers.start(0, kind);
        servers.start(1, kind);

        NameView site = seen(SITE);
        assertThat(site.complete()).isTrue();
        assertThat(site.views())
                .hasSize(2)
                .allSatisfy(each ->
                        assertThat(each.walk().isAccepted()).as("%s", each).isTrue());
        assertThat(seen(servers.name(0)).views())
                .hasSize(1)
                .allSatisfy(each -> assertThat(each.walk().redirects())
                        .as("the name of the holder leads to the holder alone: %s", each)
                        .isZero());
    }

    /** A look takes its four seconds when an address is silent. No web server may give up before. */
    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "NGINX_PROXY", "HAPROXY_PROXY"})
    void theWebServerWaitsForASlowLook(ServerKind kind) throws Exception {
        servers.start(0, kind);
        servers.start(1, kind);
        InetAddress silent = InetAddress.ofLiteral("127.96.1.1");
        dns.add(SITE.value(), "A", silent.getHostAddress());
        // Accepts connections, because the kernel does, and never answers.
        try (ServerSocket _ = new ServerSocket(servers.port(), 50, silent)) {
            List<AddressView> views = seen(SITE).views();
            assertThat(views)
                    .filteredOn(each -> each.walk().isAccepted())
                    .extracting(each -> each.address().getHostAddress())
                    .containsExactlyInAnyOrder(
                            servers.address(0).getHostAddress(),
                            servers.address(1).getHostAddress());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "NGINX_FILES", "ARTICLE"})
    void aWebServerWithoutTheDaemonCannotLook(ServerKind kind) throws Exception {
        servers.start(0, ServerKind.DAEMON);
        servers.start(1, kind);
        for (HostName name : List.of(SITE, servers.name(0), servers.name(1))) {
            assertThat(look(name))
                    .isInstanceOfSatisfying(
                            CannotLook.class,
                            reply -> assertThat(reply.reason()).endsWith("(status 302)"));
        }
    }

    /** The web server is there and the daemon is not: no web server answers with 200. */
    @ParameterizedTest
    @EnumSource(names = {"APACHE_PROXY", "NGINX_PROXY", "HAPROXY_PROXY"})
    void aWebServerWhoseDaemonIsDownCannotLook(ServerKind kind) throws Exception {
        servers.start(0, ServerKind.DAEMON);
        servers.start(1, kind);
        servers.stopDaemon(1);
        assertThat(look(SITE)).isInstanceOf(CannotLook.class);
    }

    @Test
    void aServerThatIsDownDoesNotReply() throws Exception {
        servers.start(0, ServerKind.DAEMON);
        assertThat(look(SITE)).isInstanceOf(NoReply.class);
    }
}
