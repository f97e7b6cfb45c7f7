package org.ringcert.it.view;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.NodeProcess;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.it.CommandResult;
import org.ringcert.it.NodeJvm;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster of real daemons on the hosts of a {@link TestNetwork}, on port 80 of all their addresses. The node of host
 * web0 is web0.example.org, and so on. Each has a configuration file of its own, so that their views of the network can
 * differ.
 */
final class NetworkCluster {

    /** A CA that does not exist: nobody orders anything. */
    static final String NO_CA = """
            directory = "https://192.0.2.1:1/directory"
            """;

    private final TestNetwork network;
    private final Path folder;
    private final List<String> hosts;
    private final List<String> sites;
    private final String ca;
    private final List<String> flags;
    private final Map<String, ChildProcess> daemons = new HashMap<>();
    private final AtomicInteger commands = new AtomicInteger();

    /**
     * Writes the configurations. Publishes the nodes' names in the network's DNS, with the addresses of their hosts.
     *
     * @param folder an empty directory for configurations, stores and logs
     * @param ca the lines of {@code [acme]} that choose a CA
     * @param sites the names of each site, separated by spaces
     */
    NetworkCluster(TestNetwork network, Path folder, String ca, List<String> hosts, String... sites)
            throws IOException {
        this.network = network;
        this.folder = folder;
        this.ca = ca;
        this.hosts = hosts;
        this.sites = List.of(sites);
        this.flags = NodeJvm.flags(PebbleBinaries.find(System.err::println));
        for (String host : hosts) {
            network.dns().setAddresses(name(host), network.ipv4(host), network.ipv6(host));
            configure(host, "");
        }
    }

    static String name(String host) {
        return host + ".example.org";
    }

    Path configuration(String host) {
        return folder.resolve(host + ".toml");
    }

    Path store(String host) {
        return folder.resolve("store-" + host);
    }

    /** Changes the configuration of one node. A running daemon does not notice. */
    void configure(String host, String check) throws IOException {
        configure(host, check, "");
    }

    /**
     * Changes the configuration of one node. A running daemon does not notice.
     *
     * @param check lines of {@code [check]}
     * @param front lines of {@code [front]}
     */
    void configure(String host, String check, String front) throws IOException {
        StringBuilder toml = new StringBuilder();
        hosts.forEach(each -> toml.append("[[node]]\nname = \"%s\"\n\n".formatted(name(each))));
        for (String site : sites) {
            toml.append("[[site]]\nnames = [\"%s\"]\n\n".formatted(site.replace(" ", "\", \"")));
        }
        toml.append("[acme]\n").append(ca).append("agree-to-terms = true\ncontact = \"hostmaster@example.net\"\n\n");
        toml.append("[front]\n").append(front).append("\n[check]\n").append(check);
        Files.writeString(configuration(host), toml);
    }

    /** Starts the daemons of these hosts and waits until they answer on port 80. */
    void startDaemons(String... names) throws IOException {
        for (String host : names) {
            ChildProcess daemon =
                    network.start(host, "the daemon on " + host, command(host, "run"), folder.resolve(host + ".log"));
            daemons.put(host, daemon);
        }
        for (String host : names) {
            daemon(host).awaitLine(line -> line.contains(" answers on "), TestNetwork.TIMEOUT);
        }
    }

    ChildProcess daemon(String host) {
        ChildProcess daemon = daemons.get(host);
        if (daemon == null) {
            throw new IllegalStateException("no daemon was started on " + host);
        }
        return daemon;
    }

    /** Ends the daemon of a host and waits until it has ended. */
    void stopDaemon(String host) throws IOException {
        ChildProcess daemon = daemon(host);
        daemon.terminate();
        daemon.awaitExit(TestNetwork.TIMEOUT);
    }

    /** Runs a command on a host to its end. */
    CommandResult run(String host, String... arguments) throws IOException {
        return network.run(host, command(host, arguments));
    }

    private List<String> command(String host, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", configuration(host).toString()));
        all.addAll(List.of("--node", name(host)));
        all.addAll(List.of("--store", store(host).toString()));
        return NodeProcess.java(flags, "org.ringcert.daemon.cli.Ringcert", all);
    }

    /** Runs {@code ringcert check --json} with these arguments. */
    Report check(String host, String... arguments) throws IOException {
        return new Report(runForJson(host, "check", arguments));
    }

    /** Runs {@code ringcert trace --json}. */
    Json trace(String host, String target) throws IOException {
        return runForJson(host, "trace", target);
    }

    /**
     * The result of a command that writes JSON.
     *
     * @param status the exit status
     * @param text what it wrote to standard output
     */
    record Json(int status, String text, JsonNode root) {}

    private Json runForJson(String host, String command, String... arguments) throws IOException {
        Path output = folder.resolve("json-" + commands.incrementAndGet());
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        all.add("--json");
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\"", output.toString()));
        shell.addAll(command(host, all.toArray(String[]::new)));
        CommandResult result = network.run(host, shell);
        String text = Files.readString(output);
        if (text.isEmpty()) {
            throw new IOException("%s on %s wrote nothing, and ended with %d: %s"
                    .formatted(all, host, result.status(), result.output()));
        }
        return new Json(result.status(), text, JsonMapper.shared().readTree(text));
    }

    /** What {@code ringcert check} found. */
    record Report(Json json) {

        /**
         * A finding.
         *
         * @param level {@code ok}, {@code warning} or {@code failure}
         */
        record Finding(String level, String topic, String subject, String text, String remedy) {}

        int status() {
            return json.status();
        }

        List<Finding> findings() {
            return json.root()
                    .get("findings")
                    .valueStream()
                    .map(each -> new Finding(
                            text(each, "level"),
                            text(each, "topic"),
                            text(each, "subject"),
                            text(each, "text"),
                            text(each, "remedy")))
                    .toList();
        }

        private static String text(JsonNode finding, String key) {
            JsonNode value = finding.get(key);
            return value == null ? "" : value.stringValue();
        }

        /** Returns the findings about a name, site or node, without those that are as they should be. */
        List<Finding> problems(String topic, String subject) {
            return findings().stream()
                    .filter(each -> each.topic().equals(topic) && each.subject().equals(subject))
                    .filter(each -> !each.level().equals("ok"))
                    .toList();
        }
    }
}
