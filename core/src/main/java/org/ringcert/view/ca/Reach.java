package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Optional;

/** Which servers a look may connect to. What a CA would refuse is refused in any case. Thread-safe. */
@FunctionalInterface
public interface Reach {

    /** For what a person at this server wants to see: as far as a CA's rules allow. */
    Reach UNLIMITED = (_, _) -> Optional.empty();

    /**
     * Returns why a look may not connect to a server; empty if it may. May block for a few seconds.
     *
     * @return a sentence without a full stop, which quotes nothing from outside
     */
    Optional<String> refusal(InetAddress address, int port);
}
