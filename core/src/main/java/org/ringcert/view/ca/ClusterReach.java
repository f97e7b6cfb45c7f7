package org.ringcert.view.ca;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * How far looks for others reach. Whoever makes a server look may be a stranger who controls the DNS or the web server
 * of a configured name. So a look connects only to web servers and to ports of the cluster, and never to the machine
 * itself or to a metadata service, unless a server of the cluster is known to be there.
 */
public final class ClusterReach implements Reach {

    private static final Set<Integer> WEB_PORTS = Set.of(80, 443);

    private static final int IPV4_BYTES = 4;

    /** The start of an IPv4-compatible IPv6 address (RFC 4291, section 2.5.5.1). */
    private static final byte[] IPV4_COMPATIBLE = new byte[12];

    /** The start of an address for NAT64 (RFC 6052, section 2.1). */
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    /** The start of a 6to4 address (RFC 3056, section 2). */
    private static final byte[] SIX_TO_FOUR = {0x20, 0x02};

    private final Set<Integer> ports;
    private final Supplier<Set<InetAddress>> servers;

    /**
     * @param ports those of the servers of the cluster. 80 and 443 are always allowed.
     * @param servers returns the addresses of the servers of the cluster. Called only for an address that would
     *     otherwise be refused; may block.
     */
    public ClusterReach(Set<Integer> ports, Supplier<Set<InetAddress>> servers) {
        Set<Integer> all = new HashSet<>(ports);
        all.addAll(WEB_PORTS);
        this.ports = Set.copyOf(all);
        this.servers = servers;
    }

    @Override
    public Optional<String> refusal(InetAddress address, int port) {
        if (!ports.contains(port)) {
            return Optional.of("looks for other servers use only ports 80 and 443 and those of the cluster");
        }
        if (isOfMachineOrLink(address)
                && (address.isAnyLocalAddress() || !servers.get().contains(address))) {
            return Optional.of("looks for other servers do not use loopback, link-local and multicast addresses,"
                    + " unless a server of the cluster has them");
        }
        return Optional.empty();
    }

    /** Returns whether an address means another host for each host, each network or a group of hosts. */
    private static boolean isOfMachineOrLink(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == IPV4_BYTES) {
            int first = bytes[0] & 0xff;
            return address.isLoopbackAddress() || address.isLinkLocalAddress() || first == 0 || first >= 224;
        }
        return address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isMulticastAddress()
                || embeddedIpv4(bytes).filter(ClusterReach::isOfMachineOrLink).isPresent();
    }

    /** A gateway or the system's kernel may pass such an address on to the IPv4 address in it. */
    private static Optional<InetAddress> embeddedIpv4(byte[] ipv6) {
        if (startsWith(ipv6, IPV4_COMPATIBLE) || startsWith(ipv6, NAT64)) {
            return Optional.of(ipv4(ipv6, NAT64.length));
        }
        return startsWith(ipv6, SIX_TO_FOUR) ? Optional.of(ipv4(ipv6, SIX_TO_FOUR.length)) : Optional.empty();
    }

    private static boolean startsWith(byte[] address, byte[] prefix) {
        return Arrays.equals(address, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static InetAddress ipv4(byte[] ipv6, int from) {
        try {
            return InetAddress.getByAddress(Arrays.copyOfRange(ipv6, from, from + IPV4_BYTES));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }
}
