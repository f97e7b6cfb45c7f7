package org.ringcert.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.NodeSettings;

/**
 * What is other in a configuration than in the one before, in words.
 *
 * @param started what the daemon was started by
 * @param before the node by the one before
 * @param next the node by the one that is in force now
 */
public record ConfigurationChanges(Configuration started, LocalNode before, LocalNode next) {

    /** What is in force from now on, a sentence each; empty where the two say the same. */
    public List<String> applied() {
        List<String> words = new ArrayList<>();
        Configuration old = before.configuration();
        Configuration now = next.configuration();
        List<HostName> oldSites = old.sites().stream().map(Site::name).toList();
        List<HostName> sites = now.sites().stream().map(Site::name).toList();
        for (Site site : now.sites()) {
            if (!oldSites.contains(site.name())) {
                words.add(site + " is new");
            } else if (!old.sites().contains(site)) {
                words.add(site + " has the names " + site.names());
            }
        }
        oldSites.stream()
                .filter(site -> !sites.contains(site))
                .forEach(site -> words.add(site + " is not renewed any more; its files stay"));
        say(words, "the servers are", names(old), names(now));
        say(
                words,
                "the CA is",
                before.acmeSettings().directory(),
                next.acmeSettings().directory());
        if (words.isEmpty() && !old.equals(now)) {
            words.add("other settings have changed");
        }
        return List.copyOf(words);
    }

    /** The sites whose failures may be cured by what has changed. */
    List<Site> anew() {
        HostName self = next.cluster().self().name();
        Configuration old = before.configuration();
        Configuration now = next.configuration();
        boolean all = !before.acmeSettings().equals(next.acmeSettings())
                || !old.deploy().equals(now.deploy())
                || !old.node(self).https().equals(now.node(self).https());
        return now.sites().stream()
                .filter(site -> all || !old.sites().contains(site))
                .toList();
    }

    /** What the file says and what takes a restart, a sentence each. */
    public List<String> needingRestart() {
        List<String> words = new ArrayList<>();
        HostName self = next.cluster().self().name();
        Configuration now = next.configuration();
        say(words, "`listen` is", started.node(self).listen(), now.node(self).listen());
        say(words, "the store is", started.store(), now.store());
        return words;
    }

    private static List<HostName> names(Configuration configuration) {
        return configuration.nodes().stream()
                .map(NodeSettings::node)
                .map(node -> node.name())
                .toList();
    }

    private static void say(List<String> words, String what, Object old, Object now) {
        if (!Objects.equals(old, now)) {
            words.add(what + " " + now + " instead of " + old);
        }
    }
}
