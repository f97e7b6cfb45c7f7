package org.ringcert.cluster;

/**
 * A server of the cluster. Immutable.
 *
 * @param name its public name: where the CA is sent
 * @param address the host name or IP address literal where its peers reach it; an IPv6 literal has no brackets
 * @param port the TCP port of its front, for the CA and for its peers; 80 in production
 */
public record Node(HostName name, String address, int port) {

    /**
     * The authority part of URLs that lead to this node: its name, with the port where it is not 80 (RFC 9110, section
     * 4.2.1).
     */
    public String authority() {
        return port == 80 ? name.value() : name.value() + ":" + port;
    }

    @Override
    public String toString() {
        return name.value();
    }
}
