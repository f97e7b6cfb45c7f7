package org.ringcert.daemon.trial;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.http.ListeningSocket;

/** At which addresses of this machine somebody listens. */
final class OwnAddresses {

    private OwnAddresses() {}

    /**
     * Where a CA may come in at that port. The loopback is left out, where nobody comes from outside, unless there is
     * nothing else.
     *
     * @param others addresses of other servers, which on a machine for trying things out may be its own, too
     */
    static List<InetAddress> listeningAt(int port, Collection<InetAddress> others) {
        Set<InetAddress> all = new LinkedHashSet<>();
        for (ListeningSocket socket : ListeningSocket.onPort(port)) {
            InetAddress address = socket.address();
            if (address.isAnyLocalAddress()) {
                own().filter(own -> address instanceof Inet6Address || own instanceof Inet4Address)
                        .forEach(all::add);
            } else {
                all.add(address);
            }
        }
        all.removeAll(others);
        boolean outside = all.stream().anyMatch(address -> !address.isLoopbackAddress());
        return all.stream()
                .filter(address -> !address.isLinkLocalAddress())
                .filter(address -> !outside || !address.isLoopbackAddress())
                .toList();
    }

    private static Stream<InetAddress> own() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(OwnAddresses::withoutInterface);
        } catch (SocketException e) {
            return Stream.of();
        }
    }

    private static InetAddress withoutInterface(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (java.net.UnknownHostException e) {
            return address;
        }
    }
}
