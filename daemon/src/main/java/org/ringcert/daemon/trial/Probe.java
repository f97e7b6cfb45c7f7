package org.ringcert.daemon.trial;

import java.net.InetAddress;
import org.ringcert.cluster.HostName;

/**
 * A request for a challenge to an address and port of this machine.
 *
 * @param name the host name in the request
 * @param https whether to use https
 */
public record Probe(HostName name, InetAddress address, int port, boolean https) {

    static Probe http(HostName name, InetAddress address, int port) {
        return new Probe(name, address, port, false);
    }

    static Probe https(HostName name, InetAddress address, int port) {
        return new Probe(name, address, port, true);
    }
}
