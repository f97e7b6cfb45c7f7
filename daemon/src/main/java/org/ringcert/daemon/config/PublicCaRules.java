package org.ringcert.daemon.config;

import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.handoff.HandoffMode;

/**
 * Checks names and ports against the rules of public CAs, as far as the file alone can tell. Validation by http-01
 * starts at port 80 and follows redirects to no other port that a node could have. The names that are looked up end in
 * a public suffix. None of this applies to private CAs.
 */
final class PublicCaRules {

    /** Suffixes that are in private use and never in the public DNS (RFC 6761, 6762, 7686, 8375, and common use). */
    private static final Set<String> PRIVATE_SUFFIXES = Set.of(
            "alt",
            "corp",
            "domain",
            "example",
            "home",
            "internal",
            "intranet",
            "invalid",
            "lan",
            "local",
            "localdomain",
            "localhost",
            "onion",
            "private",
            "test");

    private final Findings findings;

    PublicCaRules(Findings findings) {
        this.findings = findings;
    }

    /** Returns whether no public CA would look up the name. */
    static boolean isPrivate(HostName name) {
        String value = name.value();
        return value.indexOf('.') < 0
                || PRIVATE_SUFFIXES.contains(value.substring(value.lastIndexOf('.') + 1))
                || value.endsWith(".home.arpa");
    }

    /** Reports all violations, if one of the CAs is public. */
    void check(List<AcmeSettings> authorities, HandoffMode handoff, List<LocatedNode> nodes, List<LocatedSite> sites) {
        if (authorities.stream().allMatch(authority -> authority.known().isEmpty())) {
            return;
        }
        // A CA sees a node's own name and port only when it is redirected there.
        boolean isRedirected = authorities.stream()
                .anyMatch(authority -> authority.known().isPresent() && authority.handoff() == CaHandoff.REDIRECT);
        if (isRedirected && handoff != HandoffMode.RELAY && nodes.size() > 1) {
            nodes.forEach(this::checkNode);
        }
        sites.stream().flatMap(site -> site.names().stream()).forEach(this::checkSiteName);
    }

    private void checkSiteName(Located<HostName> name) {
        if (isPrivate(name.value())) {
            findings.mistake(
                    name.at(),
                    "`names`, \"" + name.value()
                            + "\": a public CA issues certificates for public names only: write one, or the URL of a"
                            + " private CA as the `directory` in [acme]");
        }
    }

    private void checkNode(LocatedNode node) {
        int port = node.settings().node().port();
        if (port != NodesReader.HTTP) {
            findings.mistake(
                    node.portAt(),
                    "`port` is " + port
                            + "; a public CA follows redirects to port 80 only: leave the key out, or choose handoff ="
                            + " \"relay\" in [front]");
        }
        HostName name = node.settings().node().name();
        if (isPrivate(name)) {
            findings.mistake(
                    node.nameAt(),
                    "`name`, \"" + name
                            + "\": a public CA follows redirects to public names only: write one that is in the public"
                            + " DNS, or choose handoff = \"relay\" in [front]");
        }
    }
}
