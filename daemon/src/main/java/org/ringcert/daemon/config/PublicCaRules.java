package org.ringcert.daemon.config;

import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.handoff.HandoffMode;

/**
 * What a public CA asks of names and ports, as far as the file alone can tell: http-01 begins at port 80 and follows
 * redirects to no other that a node could have, and a name it looks up ends in a public suffix. For private CAs nothing
 * of this holds.
 */
final class PublicCaRules {

    private static final int HTTP = 80;

    /** Endings that people use inside and that the public DNS never has (RFC 6761, 6762, 7686, 8375 and usage). */
    private static final Set<String> PRIVATE = Set.of(
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

    private final Findings mistakes;

    PublicCaRules(Findings mistakes) {
        this.mistakes = mistakes;
    }

    /** Whether no public CA would look the name up. */
    static boolean isPrivate(HostName name) {
        String value = name.value();
        return value.indexOf('.') < 0
                || PRIVATE.contains(value.substring(value.lastIndexOf('.') + 1))
                || value.endsWith(".home.arpa");
    }

    void check(
            List<AcmeSettings> authorities,
            HandoffMode handoff,
            List<NodesReader.Written> nodes,
            List<Located<List<Located<HostName>>>> sites) {
        if (authorities.stream().allMatch(authority -> authority.known().isEmpty())) {
            return;
        }
        // The CA meets a node's own name and port only where it is redirected there.
        if (handoff != HandoffMode.RELAY && nodes.size() > 1) {
            nodes.forEach(this::node);
        }
        for (Located<List<Located<HostName>>> site : sites) {
            for (Located<HostName> name : site.value()) {
                if (isPrivate(name.value())) {
                    mistakes.add(
                            name.at(),
                            "`names`, \"" + name.value()
                                    + "\": a public CA gives certificates for public names only; write one, or the URL of a"
                                    + " private CA as the `directory` in [acme]");
                }
            }
        }
    }

    private void node(NodesReader.Written written) {
        int port = written.settings().node().port();
        if (port != HTTP) {
            mistakes.add(
                    written.portAt(),
                    "`port` is " + port
                            + "; a public CA follows redirects to port 80 only: leave the key out, or choose handoff ="
                            + " \"relay\" in [front]");
        }
        HostName name = written.settings().node().name();
        if (isPrivate(name)) {
            mistakes.add(
                    written.nameAt(),
                    "`name`, \"" + name
                            + "\": a public CA follows redirects to public names only: write one that the Internet knows, or"
                            + " choose handoff = \"relay\" in [front]");
        }
    }
}
