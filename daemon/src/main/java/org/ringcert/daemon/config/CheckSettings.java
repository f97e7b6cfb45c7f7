package org.ringcert.daemon.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How this cluster is looked at as a CA sees it. Immutable.
 *
 * @param resolver a DNS server that sees what the CA sees; empty for the system's
 * @param writtenBeforeOrder what the file says about looks before orders; empty if it says nothing
 * @param canary the command that tests a renewed certificate, and its arguments; empty for none
 */
public record CheckSettings(
        Optional<InetSocketAddress> resolver, Optional<BeforeOrder> writtenBeforeOrder, List<String> canary) {

    public CheckSettings {
        canary = List.copyOf(canary);
    }

    /** Returns what happens before an order from this CA. A public CA counts failures, a private one does not. */
    public BeforeOrder beforeOrder(AcmeSettings ca) {
        return writtenBeforeOrder.orElse(ca.known().isPresent() ? BeforeOrder.POSTPONE : BeforeOrder.WARN);
    }
}
