package org.ringcert.daemon.snippets.apache;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * Which virtual host Apache gives a request to (ap_update_vhost_given_ip and ap_update_vhost_from_headers in its
 * vhost.c): where it came in counts first, an address before all addresses, a port before all ports; then the name, in
 * the order of the configuration; who has no virtual host gets the first. Immutable.
 */
final class Switchboard {

    private static final String WHERE = "(?<address>\\S+):(?<port>[0-9]+|\\*)";
    private static final String HOST = "(?<name>\\S+) \\((?<file>.+):(?<line>[0-9]+)\\)";
    private static final Pattern SEVERAL = Pattern.compile(WHERE + "\\s+is a NameVirtualHost");
    private static final Pattern ALONE = Pattern.compile(WHERE + "\\s+" + HOST);
    private static final Pattern ONE_OF_SEVERAL = Pattern.compile("\\s+port (?:[0-9]+|\\*) namevhost " + HOST);

    private final List<Group> groups;

    /**
     * The virtual hosts of one address and port.
     *
     * @param address empty for all
     * @param port empty for all
     * @param hosts at least one; the first takes all that the others do not
     */
    record Group(Optional<InetAddress> address, OptionalInt port, List<Host> hosts) {

        Host taking(HostName name) {
            return hosts.stream().filter(host -> host.isFor(name)).findFirst().orElse(hosts.getFirst());
        }

        boolean isAt(int wanted) {
            return port.isEmpty() || port.getAsInt() == wanted;
        }
    }

    private Switchboard(List<Group> groups) {
        this.groups = groups;
    }

    /**
     * What {@code apachectl -S} says, completed by what stands in the virtual hosts: of one that is alone at its
     * address it says no aliases.
     */
    static Switchboard read(List<String> lines, List<Directive> main) {
        List<Group> groups = new ArrayList<>();
        for (String line : lines) {
            Matcher several = SEVERAL.matcher(line);
            Matcher alone = ALONE.matcher(line);
            Matcher host = ONE_OF_SEVERAL.matcher(line);
            if (several.matches()) {
                groups.add(group(several));
            } else if (alone.matches()) {
                groups.add(group(alone));
                groups.getLast().hosts().add(host(alone, main));
            } else if (host.matches() && !groups.isEmpty()) {
                groups.getLast().hosts().add(host(host, main));
            }
        }
        return new Switchboard(groups.stream()
                .filter(group -> !group.hosts().isEmpty())
                .map(group -> new Group(group.address(), group.port(), List.copyOf(group.hosts())))
                .toList());
    }

    private static Group group(Matcher where) {
        String port = where.group("port");
        return new Group(
                address(where.group("address")),
                port.equals("*") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port)),
                new ArrayList<>());
    }

    private static Optional<InetAddress> address(String written) {
        try {
            return Optional.of(InetAddress.ofLiteral(written.replaceAll("[\\[\\]]", "")))
                    .filter(address -> !address.isAnyLocalAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Host host(Matcher said, List<Directive> main) {
        Place place = new Place(said.group("file"), Integer.parseInt(said.group("line")));
        List<Directive> inside = main.stream()
                .filter(directive ->
                        directive.is("virtualhost") && directive.place().equals(place))
                .findFirst()
                .map(Directive::inside)
                .orElse(List.of());
        Set<String> names = new LinkedHashSet<>(List.of(said.group("name")));
        inside.stream()
                .filter(directive -> directive.is("serveralias"))
                .flatMap(directive -> directive.words().stream())
                .forEach(names::add);
        return new Host(place, names, inside);
    }

    /** The same with one more virtual host for all addresses at that port, before the others. */
    Switchboard withFirst(Host host, int port) {
        Predicate<Group> there =
                group -> group.address().isEmpty() && group.port().isPresent() && group.isAt(port);
        if (groups.stream().noneMatch(there)) {
            Group more = new Group(Optional.empty(), OptionalInt.of(port), List.of(host));
            return new Switchboard(
                    Stream.concat(groups.stream(), Stream.of(more)).toList());
        }
        return new Switchboard(groups.stream()
                .map(group -> there.test(group)
                        ? new Group(
                                group.address(),
                                group.port(),
                                Stream.concat(Stream.of(host), group.hosts().stream())
                                        .toList())
                        : group)
                .toList());
    }

    List<Group> groups() {
        return groups;
    }

    /** Who takes what comes in at that port and an address that has no virtual hosts of its own. */
    Optional<Group> forAllAddresses(int port) {
        return best(group -> group.address().isEmpty(), port);
    }

    /** Who takes what comes in there. */
    Optional<Group> at(InetAddress address, int port) {
        return best(group -> group.address().filter(address::equals).isPresent(), port)
                .or(() -> forAllAddresses(port));
    }

    private Optional<Group> best(Predicate<Group> where, int port) {
        return groups.stream()
                .filter(where)
                .filter(group -> group.isAt(port))
                .min(java.util.Comparator.comparing(group -> group.port().isEmpty()));
    }
}
