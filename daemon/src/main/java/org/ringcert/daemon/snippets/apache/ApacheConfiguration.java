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
 * All of Apache's configuration, as Apache itself says it, with the eyes of a CA that asks for challenges. Immutable.
 */
public final class ApacheConfiguration {

    /**
     * What Apache is to be called with. mod_info tells what stands in the configuration; it is loaded for this alone
     * where the configuration does not.
     */
    public static final List<String> QUESTION = List.of("-t", "-D", "DUMP_VHOSTS", "-D", "DUMP_CONFIG");

    private static final String NOWHERE = "not installed yet";

    private final List<Directive> main;
    private final Switchboard board;

    /**
     * What that output of {@link #QUESTION} says.
     *
     * @throws IllegalArgumentException if it is only the half of it, because there is no mod_info
     */
    public ApacheConfiguration(String said) {
        List<String> lines = said.lines().toList();
        if (lines.stream().noneMatch(line -> line.startsWith("# In file: "))) {
            throw new IllegalArgumentException(
                    "Apache does not tell its configuration without mod_info, which is not there");
        }
        List<String> dump = lines.stream()
                .dropWhile(line -> !line.startsWith("# In file: "))
                .toList();
        this.main = Dump.read(dump);
        this.board = Switchboard.read(lines, main);
    }

    /**
     * What the cluster needs of this server.
     *
     * @param names of all servers and sites, this server's first
     * @param port where challenges are asked for
     * @param https where they may be redirected to
     */
    public record Wanted(List<HostName> names, int port, List<Integer> https) {

        public Wanted {
            names = List.copyOf(names);
            https = List.copyOf(https);
        }
    }

    /**
     * A virtual host that gets requests for names of the cluster and does not have Ringcert's rules.
     *
     * @param place file and line below which the line belongs
     * @param where it is reached
     * @param names for which it is reached
     */
    public record Lacking(String place, String where, String names) {}

    /** Who gets a request, and what there keeps it from being answered. */
    public record Taker(String place, boolean answers, List<String> obstacles) {}

    /** A virtual host, and what reaches it. */
    private static final class Reached {
        private final Set<Integer> ports = new TreeSet<>();
        private final Set<String> addresses = new LinkedHashSet<>();
        private boolean byItsNames;

        private String where() {
            String at = "port " + ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
            return addresses.isEmpty() ? at : String.join(", ", addresses) + " " + at;
        }

        private String names(Host host) {
            return byItsNames ? String.join(" ", host.names()) : "all names that have no other virtual host there";
        }
    }

    /** The virtual hosts that need the line, once the printed file is installed. */
    public List<Lacking> lacking(Wanted wanted) {
        Map<String, Lacking> lacking = new LinkedHashMap<>();
        reached(wanted).forEach((host, reached) -> {
            if (!answers(host)) {
                lacking.merge(
                        host.place().editable(),
                        new Lacking(host.place().editable(), reached.where(), reached.names(host)),
                        (one, other) -> new Lacking(one.place(), one.where(), one.names() + " " + other.names()));
            }
        });
        return List.copyOf(lacking.values());
    }

    /** What else has to be changed before challenges are answered, each with file and line, and what to do. */
    public List<String> remarks(Wanted wanted) {
        Map<Host, Reached> reached = reached(wanted);
        List<String> remarks = new ArrayList<>(ManagedDomains.of(main, hosts(), wanted.names()));
        asInstalled(wanted).groups().stream()
                .filter(group -> group.address().isEmpty() && group.port().isEmpty())
                .flatMap(group -> group.hosts().stream())
                .map(host -> host.place() + "  `<VirtualHost *>` is not reached at port " + wanted.port()
                        + " beside Ringcert's `*:" + wanted.port() + "`; write `<VirtualHost *:" + wanted.port()
                        + ">`, and another for each other port that it is to have")
                .forEach(remarks::add);
        reached.keySet().stream()
                .filter(host -> answers(host) && !isPlanned(host))
                .filter(host -> host.inside().stream().noneMatch(Challenge::opens))
                .map(host -> host.inside().stream()
                        .filter(Challenge::isOurs)
                        .map(rule -> rule.place().file())
                        .findFirst()
                        .orElse(host.toString()))
                .map(
                        file -> file
                                + "  was printed by an older version, which authorization may shut; write it anew, as its head says")
                .forEach(remarks::add);
        reached.keySet().stream()
                .flatMap(host -> Obstacles.of(main, host, wanted.names()).stream())
                .forEach(remarks::add);
        return remarks.stream().distinct().toList();
    }

    /** Who gets a request that comes in there; empty where no virtual host does. */
    public Optional<Taker> taker(InetAddress address, int port, HostName name, List<HostName> names) {
        return board.at(address, port).map(group -> group.taking(name)).map(host -> {
            List<String> obstacles = Stream.concat(
                            ManagedDomains.of(main, hosts(), names).stream(), Obstacles.of(main, host, names).stream())
                    .toList();
            return new Taker(host.place().editable(), answers(host), obstacles);
        });
    }

    private Collection<Host> hosts() {
        return board.groups().stream().flatMap(group -> group.hosts().stream()).toList();
    }

    private static boolean answers(Host host) {
        return isPlanned(host) || host.inside().stream().anyMatch(Challenge::isOurs);
    }

    private static boolean isPlanned(Host host) {
        return host.place().file().equals(NOWHERE);
    }

    /** The printed file itself, not a virtual host that includes the rules. */
    private static boolean isOurOwn(Host host) {
        return host.inside().stream()
                .anyMatch(directive -> Challenge.isOurs(directive)
                        && directive.place().file().equals(host.place().file()));
    }

    private Switchboard asInstalled(Wanted wanted) {
        boolean installed = board.groups().stream()
                .filter(group -> group.isAt(wanted.port()))
                .flatMap(group -> group.hosts().stream())
                .anyMatch(ApacheConfiguration::isOurOwn);
        Host planned =
                new Host(new Place(NOWHERE, 0), Set.of(wanted.names().getFirst().value()), List.of());
        return installed ? board : board.withFirst(planned, wanted.port());
    }

    /** Where challenges come, and where they may be redirected to and Apache listens. */
    private Set<Integer> ports(Wanted wanted) {
        Set<Integer> ports = new TreeSet<>(List.of(wanted.port()));
        wanted.https().stream()
                .filter(port -> main.stream()
                        .anyMatch(directive ->
                                directive.is("listen") && directive.word(0).matches("(.*:)?" + port)))
                .forEach(ports::add);
        return ports;
    }

    private Map<Host, Reached> reached(Wanted wanted) {
        Switchboard installed = asInstalled(wanted);
        Map<Host, Reached> reached = new LinkedHashMap<>();
        for (int port : ports(wanted)) {
            installed.forAllAddresses(port).ifPresent(group -> reach(reached, group, port, "", wanted.names()));
            installed.groups().stream()
                    .flatMap(group -> group.address().stream())
                    .filter(address -> !isOnlyLocal(address))
                    .distinct()
                    .forEach(address -> installed
                            .at(address, port)
                            .filter(group -> group.address().isPresent())
                            .ifPresent(group -> reach(reached, group, port, address.getHostAddress(), wanted.names())));
        }
        return reached;
    }

    private static void reach(
            Map<Host, Reached> all, Switchboard.Group group, int port, String address, List<HostName> names) {
        for (HostName name : names) {
            Host host = group.taking(name);
            Reached reached = all.computeIfAbsent(host, _ -> new Reached());
            reached.ports.add(port);
            reached.byItsNames |= host.isFor(name);
            if (!address.isEmpty()) {
                reached.addresses.add(address);
            }
        }
    }

    /** Where nobody comes from outside. */
    private static boolean isOnlyLocal(InetAddress address) {
        return Set.of("127.0.0.1", "0:0:0:0:0:0:0:1").contains(address.getHostAddress());
    }
}
