package org.ringcert.it.cas;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * The network namespace that one CA, the nodes and their surroundings run in. It has a loopback device only, with these
 * addresses; CAs may refuse to validate at addresses of 127.0.0.0/8. {@code /etc/resolv.conf} names a DNS server of our
 * own, which knows the nodes, the sites and {@link #CA_NAME}, and nothing else. All ports are free.
 */
final class CaNetwork {

    /** The name of the CA, at {@link #CA_ADDRESS}. */
    static final HostName CA_NAME = new HostName("ca.example.net");

    static final InetAddress CA_ADDRESS = InetAddress.ofLiteral("10.80.0.1");

    /** The address of the DNS server, which answers on port 53 over UDP. */
    static final InetAddress DNS_ADDRESS = InetAddress.ofLiteral("10.80.0.2");

    /** The addresses of the nodes, which listen on port 80. */
    static final List<InetAddress> NODES =
            List.of(InetAddress.ofLiteral("10.80.0.10"), InetAddress.ofLiteral("10.80.0.11"));

    /** A web server that answers everything with a welcome page. */
    static final InetAddress WELCOME = InetAddress.ofLiteral("10.80.0.20");

    /** Web servers that record what a CA sends, and redirect it. */
    static final List<InetAddress> RECORDERS =
            List.of(InetAddress.ofLiteral("10.80.0.21"), InetAddress.ofLiteral("10.80.0.22"));

    /** Nothing listens here, so that connections are refused. */
    static final InetAddress NOBODY = InetAddress.ofLiteral("10.80.0.30");

    private CaNetwork() {}

    /** Returns all addresses. */
    static List<InetAddress> addresses() {
        return Stream.of(List.of(CA_ADDRESS, DNS_ADDRESS, WELCOME, NOBODY), NODES, RECORDERS)
                .flatMap(List::stream)
                .toList();
    }
}
