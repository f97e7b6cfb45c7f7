package org.ringcert.daemon.front;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can go wrong with addresses to listen on, in words. */
final class Listening {

    private Listening() {}

    /** The addresses without IPv4's wildcard where IPv6's has the same port: that socket takes both. */
    static List<InetSocketAddress> withoutDoubles(List<InetSocketAddress> listen) {
        return listen.stream()
                .filter(address -> !isWildcard(address, false)
                        || address.getPort() == 0
                        || listen.stream()
                                .noneMatch(other -> isWildcard(other, true) && other.getPort() == address.getPort()))
                .toList();
    }

    static ListenException failure(InetSocketAddress address, Throwable cause) {
        return new ListenException(address, "cannot listen on " + text(address) + ": " + reason(address, cause), cause);
    }

    private static String reason(InetSocketAddress address, Throwable cause) {
        String said = String.valueOf(cause.getMessage());
        String lower = said.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return holder(address, ListeningProcess.find(address.getPort()));
        }
        if (lower.contains("permission denied")) {
            return "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE)";
        }
        if (isWildcard(address, true)) {
            return said + ". Where the server has no IPv6, listen on 0.0.0.0:" + address.getPort();
        }
        return said;
    }

    static String holder(InetSocketAddress address, Optional<ListeningProcess> holder) {
        if (holder.isPresent() && holder.get().pid() == ProcessHandle.current().pid()) {
            return "another address of this list, or another part of this program, has the port already";
        }
        String who = holder.map(ListeningProcess::toString).orElse("another program");
        return who + " has port " + address.getPort()
                + ". Stop it; or, if it is the web server, let it answer: set listen = [] in [front] and give it what `ringcert web apache|nginx|haproxy` prints";
    }

    private static boolean isWildcard(InetSocketAddress address, boolean ipv6) {
        return !address.isUnresolved()
                && address.getAddress().isAnyLocalAddress()
                && address.getAddress() instanceof Inet6Address == ipv6;
    }

    private static String text(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.getHostString() + ":" + address.getPort()
                : NetUtil.toSocketAddressString(address);
    }
}
