package org.ringcert.daemon.snippets.apache;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
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
 * Selects the virtual host for a request as Apache does (ap_update_vhost_given_ip and ap_update_vhost_from_headers in
 * its vhost.c). The address and port come first: a specific address before all addresses, a specific port before all
 * ports. Then the name decides, in the order of the configuration; a name without a virtual host of its own goes to the
 * first. Immutable.
 */
final class VirtualHostSelection {

    private static final String ENDPOINT = "(?<address>\\S+):(?<port>[0-9]+|\\*)";
    private static final String HOST = "(?<name>\\S+) \\((?<file>.+):(?<line>[0-9]+)\\)";
    private static final Pattern SHARED = Pattern.compile(ENDPOINT + "\\s+is a NameVirtualHost");
    private static final Pattern SINGLE = Pattern.compile(ENDPOINT + "\\s+" + HOST);
    private static final Pattern MEMBER = Pattern.compile("\\s+port (?:[0-9]+|\\*) namevhost " + HOST);

    private final List<AddressGroup> groups;

    /**
     * The virtual hosts of one address and port.
     *
     * @param address empty for all addresses
     * @param port empty for all ports
     * @param hosts at least one; the first receives all requests that the others do not
     */
    record AddressGroup(Optional<InetAddress> address, OptionalInt port, List<VirtualHost> hosts) {

        VirtualHost select(HostName name) {
            return hosts.stream().filter(host -> host.serves(name)).findFirst().orElse(hosts.getFirst());
        }

        boolean includesPort(int requested) {
            return port.isEmpty() || port.getAsInt() == requested;
        }
    }

    private VirtualHostSelection(List<AddressGroup> groups) {
        this.groups = groups;
    }

    /**
     * Parses the output of {@code apachectl -S}, completed by the contents of the virtual hosts, because that output
     * has no aliases for a virtual host that is alone at its address.
     */
    static VirtualHostSelection parse(List<String> lines, List<ApacheDirective> main) {
        List<AddressGroup> groups = new ArrayList<>();
        for (String line : lines) {
            Matcher shared = SHARED.matcher(line);
            Matcher single = SINGLE.matcher(line);
            Matcher host = MEMBER.matcher(line);
            if (shared.matches()) {
                groups.add(group(shared));
            } else if (single.matches()) {
                groups.add(group(single));
                groups.getLast().hosts().add(host(single, main));
            } else if (host.matches() && !groups.isEmpty()) {
                groups.getLast().hosts().add(host(host, main));
            }
        }
        return new VirtualHostSelection(groups.stream()
                .filter(group -> !group.hosts().isEmpty())
                .map(group -> new AddressGroup(group.address(), group.port(), List.copyOf(group.hosts())))
                .toList());
    }

    private static AddressGroup group(Matcher endpoint) {
        String port = endpoint.group("port");
        return new AddressGroup(
                address(endpoint.group("address")),
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

    private static VirtualHost host(Matcher match, List<ApacheDirective> main) {
        SourcePosition position = new SourcePosition(match.group("file"), Integer.parseInt(match.group("line")));
        List<ApacheDirective> inside = main.stream()
                .filter(directive ->
                        directive.is("virtualhost") && directive.position().equals(position))
                .findFirst()
                .map(ApacheDirective::inside)
                .orElse(List.of());
        Set<String> names = new LinkedHashSet<>(List.of(match.group("name")));
        inside.stream()
                .filter(directive -> directive.is("serveralias"))
                .flatMap(directive -> directive.words().stream())
                .forEach(names::add);
        return new VirtualHost(position, names, inside);
    }

    /** Returns a copy with one more virtual host for all addresses at that port, before the others. */
    VirtualHostSelection withFirst(VirtualHost host, int port) {
        Predicate<AddressGroup> atPort =
                group -> group.address().isEmpty() && group.port().isPresent() && group.includesPort(port);
        if (groups.stream().noneMatch(atPort)) {
            AddressGroup added = new AddressGroup(Optional.empty(), OptionalInt.of(port), List.of(host));
            return new VirtualHostSelection(
                    Stream.concat(groups.stream(), Stream.of(added)).toList());
        }
        return new VirtualHostSelection(groups.stream()
                .map(group -> atPort.test(group)
                        ? new AddressGroup(
                                group.address(),
                                group.port(),
                                Stream.concat(Stream.of(host), group.hosts().stream())
                                        .toList())
                        : group)
                .toList());
    }

    List<AddressGroup> groups() {
        return groups;
    }

    /** Returns the group for that port and an address that has no virtual hosts of its own. */
    Optional<AddressGroup> forAllAddresses(int port) {
        return mostSpecific(group -> group.address().isEmpty(), port);
    }

    /** Returns the group for that address and port. */
    Optional<AddressGroup> at(InetAddress address, int port) {
        return mostSpecific(group -> group.address().filter(address::equals).isPresent(), port)
                .or(() -> forAllAddresses(port));
    }

    private Optional<AddressGroup> mostSpecific(Predicate<AddressGroup> endpoint, int port) {
        return groups.stream()
                .filter(endpoint)
                .filter(group -> group.includesPort(port))
                .min(Comparator.comparing(group -> group.port().isEmpty()));
    }
}
