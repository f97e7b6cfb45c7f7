package org.ringcert.daemon;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.daemon.config.CheckSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.DeploySettings;
import org.ringcert.daemon.config.DurationText;
import org.ringcert.daemon.config.FrontSettings;
import org.ringcert.daemon.config.ListenAddress;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.config.SiteSettings;
import org.ringcert.daemon.config.UniqueName;
import org.ringcert.pki.KeyType;

/**
 * The differences between a configuration and the previous one.
 *
 * @param started the configuration that the daemon was started with
 * @param previous the node under the previous configuration
 * @param next the node under the new configuration
 */
public record ConfigurationChanges(Configuration started, LocalNode previous, LocalNode next) {

    /** Returns the changes that are in force now, one sentence each. */
    public List<String> applied() {
        List<String> sentences = new ArrayList<>();
        Configuration before = previous.configuration();
        Configuration now = next.configuration();
        List<HostName> sitesBefore = before.sites().stream().map(Site::name).toList();
        List<HostName> sitesNow = now.sites().stream().map(Site::name).toList();
        for (Site site : now.sites()) {
            if (!sitesBefore.contains(site.name())) {
                sentences.add(site + " is new");
            } else if (!before.sites().contains(site)) {
                sentences.add(site + " has the names " + site.names());
            }
        }
        sitesBefore.stream()
                .filter(site -> !sitesNow.contains(site))
                .forEach(site -> sentences.add(site + " is no longer renewed; its files stay"));
        if (!sitesBefore.equals(sitesNow) && Set.copyOf(sitesBefore).equals(Set.copyOf(sitesNow))) {
            sentences.add("the sites have another order");
        }
        addIfChanged(sentences, "the servers", nodeNames(before), nodeNames(now));
        now.nodes().forEach(node -> addNodeChanges(sentences, before, node));
        addCaChanges(sentences, before, now);
        addCheckChanges(sentences, before.check(), now.check());
        addFrontChanges(sentences, before.front(), now.front());
        addDeployChanges(sentences, before.deploy(), now.deploy());
        addIfChanged(
                sentences, "`run` in [alert]", before.alert().run(), now.alert().run());
        now.sites().stream()
                .filter(site -> sitesBefore.contains(site.name()))
                .forEach(site -> addSettingChanges(sentences, site, before, now));
        if (sentences.isEmpty() && needingRestart().isEmpty() && !before.equals(now)) {
            sentences.add("other settings have changed");
        }
        return List.copyOf(sentences);
    }

    /** What this node itself listens on changes with a restart only. */
    private void addNodeChanges(List<String> sentences, Configuration before, NodeSettings now) {
        HostName name = now.node().name();
        if (!nodeNames(before).contains(name)) {
            return;
        }
        NodeSettings previousSettings = before.node(name);
        Node nodeBefore = previousSettings.node();
        String of = " of " + name;
        addIfChanged(
                sentences, "`address`" + of, nodeBefore.address(), now.node().address());
        addIfChanged(sentences, "`port`" + of, nodeBefore.port(), now.node().port());
        addIfChanged(sentences, "`https`" + of, previousSettings.https(), now.https());
        addIfChanged(sentences, "`group`" + of, orNone(previousSettings.group()), orNone(now.group()));
        if (!name.equals(next.cluster().self().name())) {
            addIfChanged(sentences, "`listen`" + of, previousSettings.listen(), now.listen());
            addIfChanged(sentences, "`admin`" + of, admin(previousSettings), admin(now));
        }
    }

    private static void addFrontChanges(List<String> sentences, FrontSettings before, FrontSettings now) {
        addIfChanged(
                sentences,
                "`handoff` in [front]",
                before.handoff().label(),
                now.handoff().label());
        addIfChanged(sentences, "`watch` in [front]", interval(before), interval(now));
        addIfChanged(
                sentences, "`also` in [front]", before.otherChallengeDirectories(), now.otherChallengeDirectories());
        addIfChanged(
                sentences, "`redirect-other-hosts` in [front]", before.redirectOtherHosts(), now.redirectOtherHosts());
    }

    private static String interval(FrontSettings front) {
        return front.peerCheckInterval().map(DurationText::of).orElse("off");
    }

    private static void addDeployChanges(List<String> sentences, DeploySettings before, DeploySettings now) {
        addIfChanged(sentences, "`run` in [deploy]", before.run(), now.run());
        addIfChanged(
                sentences,
                "`haproxy-socket` in [deploy]",
                orNone(before.haproxySocket().map(Path::toString)),
                orNone(now.haproxySocket().map(Path::toString)));
    }

    private static void addCheckChanges(List<String> sentences, CheckSettings before, CheckSettings now) {
        addIfChanged(
                sentences,
                "`resolver` in [check]",
                orNone(before.resolver().map(ConfigurationChanges::text)),
                orNone(now.resolver().map(ConfigurationChanges::text)));
        addIfChanged(
                sentences,
                "`before-order` in [check]",
                orNone(before.writtenBeforeOrder().map(BeforeOrder::label)),
                orNone(now.writtenBeforeOrder().map(BeforeOrder::label)));
        addIfChanged(sentences, "`canary` in [check]", before.canary(), now.canary());
    }

    private static void addCaChanges(List<String> sentences, Configuration before, Configuration now) {
        boolean single = before.authorities().size() == 1 && now.authorities().size() == 1;
        addIfChanged(sentences, single ? "the CA" : "the list of CAs", labels(before), labels(now));
        for (AcmeSettings ca : now.authorities()) {
            before.authorities().stream()
                    .filter(previous -> previous.directory().equals(ca.directory()))
                    .findFirst()
                    .ifPresent(previous -> {
                        if (!previous.trustedRoots().equals(ca.trustedRoots())) {
                            sentences.add("the certificates in `ca-file` of " + ca.label() + " changed");
                        }
                        if (!previous.configuredBinding().equals(ca.configuredBinding())) {
                            sentences.add("the EAB credentials for " + ca.label() + " changed");
                        }
                        addIfChanged(
                                sentences,
                                "`handoff` of " + ca.label(),
                                previous.handoff().label(),
                                ca.handoff().label());
                        addSettingChanges(sentences, previous, ca);
                    });
        }
    }

    private static void addSettingChanges(List<String> sentences, AcmeSettings before, AcmeSettings now) {
        String of = " of " + now.label();
        addIfChanged(sentences, "`keys`" + of, labels(before.keys()), labels(now.keys()));
        addIfChanged(sentences, "`chain`" + of, orNone(before.root()), orNone(now.root()));
        addIfChanged(sentences, "`reuse-key`" + of, before.reuseKey(), now.reuseKey());
        addIfChanged(sentences, "`profile`" + of, orNone(before.profile()), orNone(now.profile()));
        if (!before.writtenLimits().equals(now.writtenLimits())) {
            sentences.add("`limits`" + of + " changed");
        }
        if (!before.contact().equals(now.contact())) {
            sentences.add("`contact`" + of + " changed from " + orNone(before.contact()) + " to "
                    + orNone(now.contact()) + "; `ringcert account contact` tells the CA");
        }
    }

    private static void addSettingChanges(List<String> sentences, Site site, Configuration before, Configuration now) {
        SiteSettings settingsBefore = before.settings(site);
        SiteSettings settingsNow = now.settings(site);
        addIfChanged(
                sentences,
                "`keys` of " + site,
                orNone(settingsBefore.keys().map(ConfigurationChanges::labels)),
                orNone(settingsNow.keys().map(ConfigurationChanges::labels)));
        addIfChanged(
                sentences, "`profile` of " + site, orNone(settingsBefore.profile()), orNone(settingsNow.profile()));
        addIfChanged(
                sentences,
                "`unique-name` of " + site,
                orNone(settingsBefore.uniqueName().map(UniqueName::pattern)),
                orNone(settingsNow.uniqueName().map(UniqueName::pattern)));
        addIfChanged(sentences, "`deploy` of " + site, deployCommand(before, site), deployCommand(now, site));
    }

    private static String deployCommand(Configuration configuration, Site site) {
        List<String> command = configuration.deploy().siteCommands().get(site.name());
        return command == null ? "none" : command.toString();
    }

    private static String labels(List<KeyType> keys) {
        return keys.stream().map(KeyType::label).toList().toString();
    }

    private static String orNone(Optional<String> value) {
        return value.orElse("none");
    }

    /** Returns the changes in the file that need a restart to take effect, one sentence each. */
    public List<String> needingRestart() {
        List<String> sentences = new ArrayList<>();
        HostName self = next.cluster().self().name();
        Configuration now = next.configuration();
        addIfChanged(
                sentences,
                "`listen`",
                started.node(self).listen(),
                now.node(self).listen());
        addIfChanged(sentences, "the address of the admin server", admin(started.node(self)), admin(now.node(self)));
        addIfChanged(sentences, "the store", started.store(), now.store());
        return sentences;
    }

    /** Returns the sites whose failures these changes may have cured. */
    List<Site> sitesToRetry() {
        HostName self = next.cluster().self().name();
        Configuration before = previous.configuration();
        Configuration now = next.configuration();
        boolean concernAllSites = !before.authorities().equals(now.authorities())
                || !before.deploy().equals(now.deploy())
                || !before.check().equals(now.check())
                || !nodes(before).equals(nodes(now))
                || !before.node(self).https().equals(now.node(self).https());
        return now.sites().stream()
                .filter(site -> concernAllSites
                        || !before.sites().contains(site)
                        || !before.settings(site).equals(now.settings(site)))
                .toList();
    }

    private static String labels(Configuration configuration) {
        return configuration.authorities().stream().map(AcmeSettings::label).collect(Collectors.joining(", "));
    }

    private static String text(InetSocketAddress address) {
        return new ListenAddress(address.getAddress(), address.getPort()).toString();
    }

    private static String admin(NodeSettings settings) {
        return settings.admin().map(ListenAddress::toString).orElse("off");
    }

    private static List<Node> nodes(Configuration configuration) {
        return configuration.nodes().stream().map(NodeSettings::node).toList();
    }

    private static List<HostName> nodeNames(Configuration configuration) {
        return nodes(configuration).stream().map(Node::name).toList();
    }

    private static void addIfChanged(List<String> sentences, String what, Object before, Object now) {
        if (!Objects.equals(before, now)) {
            sentences.add(what + " changed from " + before + " to " + now);
        }
    }
}
