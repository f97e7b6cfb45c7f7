package org.ringcert.daemon.admin;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/**
 * Decides by the header field {@code Host} whether a request is meant for this server. A page from elsewhere whose name
 * leads to this server's address (DNS rebinding) sends its own name. Immutable.
 */
final class HostCheck {

    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9A-Fa-f:.]{2,45}]|[A-Za-z0-9._-]{1,254})(:[0-9]{1,5})?");
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private final HostName self;

    /** @param self the name of this node */
    HostCheck(HostName self) {
        this.self = self;
    }

    /**
     * Checks that a request may see the route. A route for {@link AdminRoutes.Hosts#OWN} demands a host as RFC 9112,
     * section 3.2 does. Others ignore the field, because a balancer whose check sends none, or a malformed one, must
     * not take a good server out of service; only two fields are refused.
     *
     * @throws RefusedRequestException if not
     */
    void check(Headers headers, AdminRoutes.Hosts hosts) throws RefusedRequestException {
        List<String> values = headers.getOrDefault("Host", List.of());
        if (values.size() > 1) {
            throw new RefusedRequestException(400, "the header has two Host fields");
        }
        if (hosts == AdminRoutes.Hosts.ANY) {
            return;
        }
        if (values.isEmpty()) {
            throw new RefusedRequestException(400, "the header has no Host field");
        }
        Matcher written = HOST.matcher(values.getFirst());
        if (!written.matches()) {
            throw new RefusedRequestException(400, "the Host field is malformed");
        }
        if (!isOwn(written.group(1).toLowerCase(Locale.ROOT))) {
            throw new RefusedRequestException(
                    421,
                    "this page is shown only under an IP address of this server, localhost, or the name " + self
                            + ". Names of others could be a trap (DNS rebinding)");
        }
    }

    private boolean isOwn(String host) {
        return host.equals("localhost") || host.equals(self.value()) || isAddress(host);
    }

    private static boolean isAddress(String host) {
        if (!host.startsWith("[")) {
            return IPV4.matcher(host).matches();
        }
        try {
            InetAddress.ofLiteral(host.substring(1, host.length() - 1));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
