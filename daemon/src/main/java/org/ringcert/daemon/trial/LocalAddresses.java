package org.ringcert.daemon.trial;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.http.ListeningSocket;

/** Finds the addresses of this machine at which a program listens. */
final class LocalAddresses {

    private LocalAddresses() {}

    /**
     * Returns the addresses at which a CA can connect to that port. Loopback addresses, which nobody outside can reach,
     * are returned only if there are no others.
     *
     * @param excluded addresses of other servers; on a test machine, this machine may have them, too
     */
    static List<InetAddress> listeningAt(int port, Collection<InetAddress> excluded) {
        Set<InetAddress> addresses = new LinkedHashSet<>();
        for (ListeningSocket socket : ListeningSocket.onPort(port)) {
            InetAddress address = socket.address();
            if (address.isAnyLocalAddress()) {
                allOfThisMachine()
                        .filter(local -> address instanceof Inet6Address || local instanceof Inet4Address)
                        .forEach(addresses::add);
            } else {
                addresses.add(address);
            }
        }
        addresses.removeAll(excluded);
        boolean hasReachable = addresses.stream().anyMatch(address -> !address.isLoopbackAddress());
        return addresses.stream()
                .filter(address -> !address.isLinkLocalAddress())
                .filter(address -> !hasReachable || !address.isLoopbackAddress())
                .toList();
    }

    private static Stream<InetAddress> allOfThisMachine() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(LocalAddresses::withoutScope);
        } catch (SocketException e) {
            return Stream.of();
        }
    }

    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
