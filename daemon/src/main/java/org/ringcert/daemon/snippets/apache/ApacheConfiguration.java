package org.ringcert.daemon.snippets.apache;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * The complete configuration of Apache, as Apache itself prints it, seen from the point of view of a CA that requests
 * challenges. Immutable.
 */
public final class ApacheConfiguration {

    /**
     * Arguments with which {@code apachectl} prints its virtual hosts and its configuration. The configuration is
     * printed by mod_info; if Apache does not load that module, it is loaded for this one call.
     */
    public static final List<String> DUMP_ARGUMENTS = List.of("-t", "-D", "DUMP_VHOSTS", "-D", "DUMP_CONFIG");

    private static final String NOT_INSTALLED = "not installed yet";

    private final List<ApacheDirective> main;
    private final VirtualHostSelection selection;

    /**
     * Reads Apache's output for {@link #DUMP_ARGUMENTS}.
     *
     * @throws IllegalArgumentException if the output has the virtual hosts only, because mod_info is missing
     */
    public ApacheConfiguration(String output) {
        List<String> lines = output.lines().toList();
        if (lines.stream().noneMatch(line -> line.startsWith("# In file: "))) {
            throw new IllegalArgumentException(
                    "Apache cannot print its configuration without mod_info, which is not installed");
        }
        List<String> dump = lines.stream()
                .dropWhile(line -> !line.startsWith("# In file: "))
                .toList();
        this.main = ModInfoParser.parse(dump);
        this.selection = VirtualHostSelection.parse(lines, main);
    }

    /**
     * What the cluster needs from this server.
     *
     * @param names of all servers and sites, this server's first
     * @param port on which challenges are requested
     * @param httpsPorts ports to which they may be redirected
     */
    public record Requirements(List<HostName> names, int port, List<Integer> httpsPorts) {

        public Requirements {
            names = List.copyOf(names);
            httpsPorts = List.copyOf(httpsPorts);
        }
    }

    /**
     * A virtual host that receives requests for names of the cluster but does not have Ringcert's rules.
     *
     * @param position file and line, directly below which Ringcert's line belongs
     * @param endpoint where it receives requests, such as {@code port 80}
     * @param names for which it receives requests
     */
    public record HostWithoutRules(String position, String endpoint, String names) {}

    /**
     * The virtual host that receives a request.
     *
     * @param position file and line
     * @param hasRules whether it has Ringcert's rules
     * @param conflicts what keeps it from answering challenges in spite of the rules
     */
    public record SelectedHost(String position, boolean hasRules, List<String> conflicts) {}

    /** The ports, addresses and names with which requests reach a virtual host. */
    private static final class Reached {
        private final Set<Integer> ports = new TreeSet<>();
        private final Set<String> addresses = new LinkedHashSet<>();
        private boolean byName;

        private String endpoint() {
            String onPorts = "port " + ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return addresses.isEmpty() ? onPorts : String.join(", ", addresses) + " " + onPorts;
        }

        private String names(VirtualHost host) {
            return byName ? String.join(" ", host.names()) : "all names without a virtual host of their own there";
        }
    }

    /** Returns the virtual hosts that will still need Ringcert's line once the printed file is installed. */
    public List<HostWithoutRules> hostsWithoutRules(Requirements requirements) {
        Map<String, HostWithoutRules> hostsWithoutRules = new LinkedHashMap<>();
        reached(requirements).forEach((host, reached) -> {
            if (!hasRules(host)) {
                hostsWithoutRules.merge(
                        host.position().editable(),
                        new HostWithoutRules(host.position().editable(), reached.endpoint(), reached.names(host)),
                        (first, second) -> new HostWithoutRules(
                                first.position(), first.endpoint(), first.names() + " " + second.names()));
            }
        });
        return List.copyOf(hostsWithoutRules.values());
    }

    /** Returns what else has to be changed before challenges are answered, each with file, line and what to do. */
    public List<String> problems(Requirements requirements) {
        Map<VirtualHost, Reached> reached = reached(requirements);
        List<String> problems = new ArrayList<>(ManagedDomains.of(main, hosts(), requirements.names()));
        withPrintedHost(requirements).groups().stream()
                .filter(group -> group.address().isEmpty() && group.port().isEmpty())
                .flatMap(group -> group.hosts().stream())
                .map(host -> host.position() + "  `<VirtualHost *>` receives no requests on port " + requirements.port()
                        + " next to Ringcert's `*:" + requirements.port() + "`; write `<VirtualHost *:"
                        + requirements.port()
                        + ">`, and one more for each other port that it serves")
                .forEach(problems::add);
        reached.keySet().stream()
                .filter(host -> hasRules(host) && !isPlanned(host))
                .filter(host -> host.inside().stream().noneMatch(ChallengePath::grantsAccess))
                .map(host -> host.inside().stream()
                        .filter(ChallengePath::isRingcertRule)
                        .map(rule -> rule.position().file())
                        .findFirst()
                        .orElse(host.toString()))
                .map(
                        file -> file
                                + "  was printed by an earlier version of Ringcert, whose rules access control can block; print it again, as the comments at its top say")
                .forEach(problems::add);
        reached.keySet().stream()
                .flatMap(host -> HostConflicts.of(main, host, requirements.names()).stream())
                .forEach(problems::add);
        return problems.stream().distinct().toList();
    }

    /** Returns the virtual host that receives such a request; empty if there is none. */
    public Optional<SelectedHost> selectedHost(InetAddress address, int port, HostName name, List<HostName> names) {
        return selection.at(address, port).map(group -> group.select(name)).map(host -> {
            List<String> conflicts = Stream.concat(
                            ManagedDomains.of(main, hosts(), names).stream(),
                            HostConflicts.of(main, host, names).stream())
                    .toList();
            return new SelectedHost(host.position().editable(), hasRules(host), conflicts);
        });
    }

    private Collection<VirtualHost> hosts() {
        return selection.groups().stream()
                .flatMap(group -> group.hosts().stream())
                .toList();
    }

    private static boolean hasRules(VirtualHost host) {
        return isPlanned(host) || host.inside().stream().anyMatch(ChallengePath::isRingcertRule);
    }

    private static boolean isPlanned(VirtualHost host) {
        return host.position().file().equals(NOT_INSTALLED);
    }

    /** Returns whether this is the printed virtual host itself, rather than one that includes the rules. */
    private static boolean isPrintedHost(VirtualHost host) {
        return host.inside().stream()
                .anyMatch(directive -> ChallengePath.isRingcertRule(directive)
                        && directive.position().file().equals(host.position().file()));
    }

    private VirtualHostSelection withPrintedHost(Requirements requirements) {
        boolean installed = selection.groups().stream()
                .filter(group -> group.includesPort(requirements.port()))
                .flatMap(group -> group.hosts().stream())
                .anyMatch(ApacheConfiguration::isPrintedHost);
        VirtualHost planned = new VirtualHost(
                new SourcePosition(NOT_INSTALLED, 0),
                Set.of(requirements.names().getFirst().value()),
                List.of());
        return installed ? selection : selection.withFirst(planned, requirements.port());
    }

    /**
     * Returns the ports on which challenges arrive, and those that they may be redirected to and on which Apache
     * listens.
     */
    private Set<Integer> ports(Requirements requirements) {
        Set<Integer> ports = new TreeSet<>(List.of(requirements.port()));
        requirements.httpsPorts().stream()
                .filter(port -> main.stream()
                        .anyMatch(directive ->
                                directive.is("listen") && directive.word(0).matches("(.*:)?" + port)))
                .forEach(ports::add);
        return ports;
    }

    private Map<VirtualHost, Reached> reached(Requirements requirements) {
        VirtualHostSelection installed = withPrintedHost(requirements);
        Map<VirtualHost, Reached> reached = new LinkedHashMap<>();
        for (int port : ports(requirements)) {
            installed
                    .forAllAddresses(port)
                    .ifPresent(group -> addReached(reached, group, port, "", requirements.names()));
            installed.groups().stream()
                    .flatMap(group -> group.address().stream())
                    .filter(address -> !isLoopback(address))
                    .distinct()
                    .forEach(address -> installed
                            .at(address, port)
                            .filter(group -> group.address().isPresent())
                            .ifPresent(group ->
                                    addReached(reached, group, port, address.getHostAddress(), requirements.names())));
        }
        return reached;
    }

    private static void addReached(
            Map<VirtualHost, Reached> all,
            VirtualHostSelection.AddressGroup group,
            int port,
            String address,
            List<HostName> names) {
        for (HostName name : names) {
            VirtualHost host = group.select(name);
            Reached reached = all.computeIfAbsent(host, _ -> new Reached());
            reached.ports.add(port);
            reached.byName |= host.serves(name);
            if (!address.isEmpty()) {
                reached.addresses.add(address);
            }
        }
    }

    /** Returns whether nothing outside this machine can connect to the address. */
    private static boolean isLoopback(InetAddress address) {
        return Set.of("127.0.0.1", "0:0:0:0:0:0:0:1").contains(address.getHostAddress());
    }
}
