package org.ringcert.view.ca;

import java.net.Inet6Address;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.HostAddresses;

/**
 * What one viewpoint saw of a name. Immutable.
 *
 * @param name the name that was looked at
 * @param addresses what the DNS said
 * @param views one for each address that was visited
 * @param problems what makes a validation fail whatever the addresses do, such as a name that has none
 * @param warnings what is suspicious about the name as a whole
 * @param complete whether everything was seen before the time was up
 */
public record NameView(
        HostName name,
        HostAddresses addresses,
        List<AddressView> views,
        List<Problem> problems,
        List<Problem> warnings,
        boolean complete) {

    public NameView {
        views = List.copyOf(views);
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /**
     * Returns whether a CA may send its request to the address. A name with IPv6 addresses is validated there alone.
     */
    public boolean isUsedByCas(AddressView view) {
        return view.address() instanceof Inet6Address
                || views.stream().noneMatch(other -> other.address() instanceof Inet6Address);
    }

    /** Returns whether there was a walk to each address. What is not complete may also lack https alone. */
    public boolean hasAllWalks() {
        return complete || views.stream().map(AddressView::address).toList().containsAll(addresses.all());
    }

    /** Returns whether the answer was found at every address. */
    public boolean isAnsweredEverywhere() {
        return isAnswered(views);
    }

    /** Returns whether the answer was found at every address to which a CA may send its request. */
    public boolean isAnsweredWhereCasGo() {
        return isAnswered(views.stream().filter(this::isUsedByCas).toList());
    }

    private boolean isAnswered(List<AddressView> visited) {
        return problems.isEmpty()
                && !visited.isEmpty()
                && visited.stream().allMatch(each -> each.walk().isAccepted())
                && hasAllWalks();
    }
}
