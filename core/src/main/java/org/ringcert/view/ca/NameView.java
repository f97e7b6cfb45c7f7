package org.ringcert.view.ca;

import java.net.Inet6Address;
import java.util.List;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.Walk.Verdict;

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
     * Returns what makes a CA's validation fail: the problems, and those of the walks to the addresses that CAs use. A
     * name with IPv6 addresses is validated there alone. Walks without a verdict count as neither good nor bad.
     */
    public List<Problem> failures() {
        Stream<Problem> ofWalks = views.stream().filter(this::isUsedByCas).flatMap(NameView::refusal);
        return Stream.concat(problems.stream(), ofWalks).distinct().toList();
    }

    /**
     * Returns what is suspicious but makes no validation fail: the warnings about the name and about its walks, and the
     * failures at IPv4 addresses of a name that has IPv6 addresses.
     */
    public List<Problem> allWarnings() {
        Stream<Problem> ofWalks = views.stream().flatMap(view -> view.walk().warnings().stream());
        Stream<Problem> unused =
                views.stream().filter(view -> !isUsedByCas(view)).flatMap(NameView::refusal);
        return Stream.of(warnings.stream(), ofWalks, unused)
                .flatMap(stream -> stream)
                .distinct()
                .toList();
    }

    /** Returns whether a CA may send its request to the address. */
    public boolean isUsedByCas(AddressView view) {
        return view.address() instanceof Inet6Address
                || views.stream().noneMatch(other -> other.address() instanceof Inet6Address);
    }

    private static Stream<Problem> refusal(AddressView view) {
        return view.walk().verdict() instanceof Verdict.Refused(Problem problem) ? Stream.of(problem) : Stream.empty();
    }
}
