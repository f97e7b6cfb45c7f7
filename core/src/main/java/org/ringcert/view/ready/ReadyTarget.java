package org.ringcert.view.ready;

import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.view.visitor.VisitorTarget;

/**
 * A site and the server to which it may move. Immutable.
 *
 * @param kinds the kinds of keys of the site's certificates; one that is empty if the site has certificates of one kind
 * @param node the server; requests of CAs enter at its address and port
 * @param httpsHost where the server's https is reached: a host name or an IP address literal, IPv6 without brackets
 * @param httpsPort where the server's https is reached
 */
public record ReadyTarget(Site site, List<Optional<KeyAlgorithm>> kinds, Node node, String httpsHost, int httpsPort) {

    public ReadyTarget {
        kinds = List.copyOf(kinds);
    }

    /** Returns what visitors get who accept one kind of key. */
    VisitorTarget visit(Optional<KeyAlgorithm> kind) {
        return new VisitorTarget(site, kind, node.name(), httpsHost, httpsPort);
    }
}
