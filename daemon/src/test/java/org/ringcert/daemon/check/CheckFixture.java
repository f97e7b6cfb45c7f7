package org.ringcert.daemon.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationException;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.Walk;

/** A configuration, and views as tests want them. The node that checks is web0. */
abstract class CheckFixture {

    static final HostName WEB0 = new HostName("web0.example.org");
    static final HostName WEB1 = new HostName("web1.example.org");
    static final HostName WEB2 = new HostName("web2.example.org");
    static final HostName WWW = new HostName("www.example.org");
    static final HostName SHOP = new HostName("shop.example.org");

    static final InetAddress IP0 = InetAddress.ofLiteral("192.0.2.10");
    static final InetAddress IP1 = InetAddress.ofLiteral("192.0.2.11");
    static final InetAddress IP2 = InetAddress.ofLiteral("192.0.2.12");
    static final InetAddress IP6 = InetAddress.ofLiteral("2001:db8::10");

    static final KeyAuthorization PROBE =
            new KeyAuthorization(new Token("ringcert-try-" + "t".repeat(30)), "a".repeat(43));

    static final Problem REFUSED = new Problem(
            Rule.CONNECTION, "the connection was refused", "Connection refused", "Open port 80 in the firewall.");

    @TempDir
    Path folder;

    /** Loads a configuration of web0 to web2 with the two sites. */
    Configuration configuration(String front) throws IOException, ConfigurationException {
        return load("""
                [[node]]
                name = "web0.example.org"
                address = "192.0.2.10"
                [[node]]
                name = "web1.example.org"
                address = "192.0.2.11"
                [[node]]
                name = "web2.example.org"
                address = "192.0.2.12"
                """, front);
    }

    Configuration load(String nodes, String front) throws IOException, ConfigurationException {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, nodes + """
                [[site]]
                names = ["www.example.org"]
                [[site]]
                names = ["shop.example.org"]
                [acme]
                directory = "letsencrypt"
                agree-to-terms = true
                [store]
                directory = "%s"
                [front]
                %s
                """.formatted(folder.resolve("store"), front));
        return ConfigurationLoader.load(file);
    }

    CheckScope scope(String front) throws IOException, ConfigurationException {
        return scope(configuration(front));
    }

    static CheckScope scope(Configuration configuration) {
        return new CheckScope(configuration, WEB0, configuration.sites());
    }

    static NodeAddresses nodeAddresses() {
        NodeAddresses nodes = new NodeAddresses();
        nodes.add(WEB0, List.of(IP0));
        nodes.add(WEB1, List.of(IP1));
        nodes.add(WEB2, List.of(IP2));
        return nodes;
    }

    /** Returns a survey in which each viewpoint sees each name as the function says. */
    static Survey survey(CheckScope scope, BiFunction<HostName, HostName, ViewpointReply> replies) {
        List<Viewpoint> viewpoints = new ArrayList<>();
        viewpoints.add(viewpoint(WEB0, replies));
        scope.peerNames().forEach(peer -> viewpoints.add(viewpoint(peer, replies)));
        List<HostName> names = new ArrayList<>(List.of(scope.self()));
        names.addAll(scope.siteNames());
        names.addAll(scope.uniqueNames());
        return Survey.start(viewpoints, names, scope.peerNames(), List.of(PROBE), CheckProgress.NONE);
    }

    static Viewpoint viewpoint(HostName node, BiFunction<HostName, HostName, ViewpointReply> replies) {
        return new Viewpoint() {
            @Override
            public HostName node() {
                return node;
            }

            @Override
            public ViewpointReply look(HostName name, KeyAuthorization probe) {
                return replies.apply(node, name);
            }
        };
    }

    /** Returns what all viewpoints see if www leads to web0, shop to web1, and all is well. */
    static ViewpointReply allWell(HostName viewpoint, HostName name) {
        Map<HostName, InetAddress> addresses = new LinkedHashMap<>();
        addresses.put(WEB0, IP0);
        addresses.put(WEB1, IP1);
        addresses.put(WEB2, IP2);
        addresses.put(WWW, IP0);
        addresses.put(SHOP, IP1);
        return seen(name, accepted(Objects.requireNonNull(addresses.get(name))));
    }

    static ViewpointReply seen(HostName name, AddressView... views) {
        return new ViewpointReply.Seen(view(name, views));
    }

    static NameView view(HostName name, AddressView... views) {
        List<InetAddress> all =
                List.of(views).stream().map(AddressView::address).toList();
        return new NameView(name, addresses(all), List.of(views), List.of(), List.of(), true);
    }

    static HostAddresses addresses(List<InetAddress> all) {
        return new HostAddresses(
                lookup(all.stream()
                        .filter(each -> !(each instanceof Inet6Address))
                        .toList()),
                lookup(all.stream().filter(Inet6Address.class::isInstance).toList()));
    }

    private static AddressLookup lookup(List<InetAddress> found) {
        return found.isEmpty() ? new AddressLookup.None() : new AddressLookup.Found(found);
    }

    static AddressView accepted(InetAddress address) {
        return view(address, new Walk.Verdict.Accepted(PROBE));
    }

    static AddressView refused(InetAddress address, Problem problem) {
        return view(address, new Walk.Verdict.Refused(problem));
    }

    static AddressView undecided(InetAddress address) {
        return view(address, new Walk.Verdict.Undecided("this server has no route for IPv6", "Try elsewhere."));
    }

    static AddressView view(InetAddress address, Walk.Verdict verdict) {
        return new AddressView(address, new Walk(List.of(), verdict, List.of()), new HttpsView.NotSeen());
    }

    static AddressView https(InetAddress address, HttpsView https) {
        return new AddressView(address, new Walk(List.of(), new Walk.Verdict.Accepted(PROBE), List.of()), https);
    }

    static Walk.Hop hop(String url, int status) {
        return new Walk.Hop(
                url,
                Optional.of(IP0),
                status == 0 ? OptionalInt.empty() : OptionalInt.of(status),
                Duration.ofMillis(3));
    }

    static List<Level> levels(List<CheckFinding> findings) {
        return findings.stream().map(CheckFinding::level).toList();
    }

    /** Returns the only finding about a subject. */
    static CheckFinding only(List<CheckFinding> findings, Object subject) {
        List<CheckFinding> matching = findings.stream()
                .filter(finding -> finding.subject().equals(subject.toString()))
                .toList();
        assertThat(matching).as("%s in %s", subject, findings).hasSize(1);
        return matching.getFirst();
    }
}
