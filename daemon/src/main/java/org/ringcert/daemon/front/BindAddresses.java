package org.ringcert.daemon.front;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The addresses that a front listens on, and error messages for those that it cannot listen on. */
final class BindAddresses {

    private BindAddresses() {}

    /**
     * Returns the addresses without IPv4's wildcard if IPv6's wildcard has the same port, because that socket accepts
     * both.
     */
    static List<InetSocketAddress> withoutRedundant(List<InetSocketAddress> listen) {
        return listen.stream()
                .filter(address -> !isIpv4Wildcard(address)
                        || address.getPort() == 0
                        || listen.stream()
                                .noneMatch(other -> isIpv6Wildcard(other) && other.getPort() == address.getPort()))
                .toList();
    }

    /** Returns an exception that names the address, the reason, and the remedy. */
    static ListenException failure(InetSocketAddress address, Throwable cause) {
        return new ListenException(address, "cannot listen on " + text(address) + ": " + reason(address, cause), cause);
    }

    private static String reason(InetSocketAddress address, Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String lowerCase = message.toLowerCase(Locale.ROOT);
        if (lowerCase.contains("in use")) {
            return portTaken(address, ListeningProcess.find(address.getPort()));
        }
        if (lowerCase.contains("permission denied")) {
            return "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE)";
        }
        if (isIpv6Wildcard(address)) {
            return message + ". If this server has no IPv6, listen on 0.0.0.0:" + address.getPort();
        }
        return message;
    }

    static String portTaken(InetSocketAddress address, Optional<ListeningProcess> owner) {
        if (owner.isPresent() && owner.get().pid() == ProcessHandle.current().pid()) {
            return "another address of this list, or another part of this program, already uses the port";
        }
        String program = owner.map(ListeningProcess::toString).orElse("another program");
        return program + " uses port " + address.getPort()
                + ". Stop it; or, if it is the web server, let it answer: set listen = [] in [front] and give it what `ringcert web apache|nginx|haproxy` prints";
    }

    private static boolean isIpv4Wildcard(InetSocketAddress address) {
        return isWildcard(address) && !(address.getAddress() instanceof Inet6Address);
    }

    private static boolean isIpv6Wildcard(InetSocketAddress address) {
        return isWildcard(address) && address.getAddress() instanceof Inet6Address;
    }

    private static boolean isWildcard(InetSocketAddress address) {
        return !address.isUnresolved() && address.getAddress().isAnyLocalAddress();
    }

    private static String text(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.getHostString() + ":" + address.getPort()
                : NetUtil.toSocketAddressString(address);
    }
}
