package org.ringcert.cluster;

/**
 * A server of the cluster. Immutable.
 *
 * @param name the public name to which the CA is redirected
 * @param address the host name or IP address at which its peers reach it; an IPv6 address has no brackets
 * @param port the TCP port of its front, for the CA and its peers; 80 in production
 */
public record Node(HostName name, String address, int port) {

    /**
     * Returns the authority part of URLs that lead to this node: its name, followed by the port unless that is 80 (RFC
     * 9110, section 4.2.1).
     */
    public String authority() {
        return port == 80 ? name.value() : name.value() + ":" + port;
    }

    @Override
    public String toString() {
        return name.value();
    }
}
