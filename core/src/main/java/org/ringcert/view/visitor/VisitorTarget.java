package org.ringcert.view.visitor;

import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;

/**
 * What to look at: one certificate of a site at one server.
 *
 * @param site its first name is sent to the server; the certificate must have all of them
 * @param kind the only kind of key that the visitor accepts; empty if the site has certificates of one kind
 * @param node the server
 * @param host where its https is reached: a host name or an IP address literal, IPv6 without brackets
 * @param port where its https is reached
 */
public record VisitorTarget(Site site, Optional<KeyAlgorithm> kind, HostName node, String host, int port) {

    public CellKey key() {
        return new CellKey(site.name(), kind, node);
    }
}
