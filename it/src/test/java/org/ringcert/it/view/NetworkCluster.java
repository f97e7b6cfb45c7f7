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
public final class NetworkCluster {

    /** A CA with the rules of the public web. The network does not have it, so nobody orders anything. */
    private static final String NO_CA = "directory = \"letsencrypt-staging\"\n";

    private static final String DEFAULT_CHECK = "before-order = \"off\"\n";

    private static final int MAX_ATTEMPTS = 4;

    private final TestNetwork network;
    private final Path folder;
    private final List<String> hosts;
    private final List<String> sites;
    private final Map<String, String> nodeLines = new HashMap<>();
    private String ca;
    private String moreTables = "";
    private final List<String> flags;
    private final Map<String, ChildProcess> daemons = new HashMap<>();
    private final AtomicInteger commands = new AtomicInteger();

    /**
     * Writes the configurations, with a public CA that cannot be reached, and no look before an order. Publishes the
     * nodes' names in the network's DNS, with the addresses of their hosts.
     *
     * @param folder an empty directory for configurations, stores and logs
     * @param sites the names of each site, separated by spaces
     */
    public NetworkCluster(TestNetwork network, Path folder, List<String> hosts, String... sites) throws IOException {
        this.network = network;
        this.folder = folder;
        this.ca = NO_CA;
        this.hosts = hosts;
        this.sites = List.of(sites);
        this.flags = NodeJvm.flags(PebbleBinaries.find(System.err::println));
        for (String host : hosts) {
            network.dns().setAddresses(name(host), network.addresses(host));
            configure(host, DEFAULT_CHECK);
        }
    }

    public static String name(String host) {
        return host + ".example.org";
    }

    public Path configuration(String host) {
        return folder.resolve(host + ".toml");
    }

    public Path store(String host) {
        return folder.resolve("store-" + host);
    }

    /** Adds lines to the entry of a node in all configurations. For use before daemons are started. */
    public void addToNode(String host, String lines) throws IOException {
        nodeLines.put(host, lines);
        for (String each : hosts) {
            configure(each, DEFAULT_CHECK);
        }
    }

    /**
     * Changes the CA of commands. Daemons that run already order nothing from it.
     *
     * @param settings lines of {@code [acme]}
     * @param check lines of {@code [check]}
     */
    public void setCa(String settings, String check) throws IOException {
        ca = settings;
        for (String each : hosts) {
            configure(each, check);
        }
    }

    /** Adds tables to all configurations. For use before daemons are started. */
    public void addTables(String toml) throws IOException {
        moreTables += toml;
        for (String each : hosts) {
            configure(each, DEFAULT_CHECK);
        }
    }

    /**
     * Changes the configuration of one node. A running daemon does not notice.
     *
     * @param check lines of {@code [check]}
     */
    void configure(String host, String check) throws IOException {
        StringBuilder toml = new StringBuilder();
        for (String each : hosts) {
            toml.append("[[node]]\nname = \"%s\"\n".formatted(name(each)));
            toml.append(nodeLines.getOrDefault(each, "")).append('\n');
        }
        for (String site : sites) {
            toml.append("[[site]]\nnames = [\"%s\"]\n\n".formatted(site.replace(" ", "\", \"")));
        }
        toml.append("[acme]\n").append(ca).append("agree-to-terms = true\n\n");
        toml.append("[check]\n").append(check);
        toml.append(moreTables);
        Files.writeString(configuration(host), toml);
    }

    /** Starts the daemons of these hosts and waits until they answer on port 80. */
    public void startDaemons(String... names) throws IOException {
        for (String host : names) {
            ChildProcess daemon =
                    network.start(host, "the daemon on " + host, command(host, "run"), folder.resolve(host + ".log"));
            daemons.put(host, daemon);
        }
        for (String host : names) {
            daemon(host).awaitLine(line -> line.contains(" answers on "), TestNetwork.TIMEOUT);
        }
    }

    public ChildProcess daemon(String host) {
        ChildProcess daemon = daemons.get(host);
        if (daemon == null) {
            throw new IllegalStateException("no daemon was started on " + host);
        }
        return daemon;
    }

    /** Ends the daemon of a host and waits until it has ended. */
    public void stopDaemon(String host) throws IOException {
        ChildProcess daemon = daemon(host);
        daemon.terminate();
        daemon.awaitExit(TestNetwork.TIMEOUT);
    }

    /** Runs a command on a host to its end. */
    public CommandResult run(String host, String... arguments) throws IOException {
        return network.run(host, command(host, arguments));
    }

    private List<String> command(String host, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--config", configuration(host).toString()));
        all.addAll(List.of("--node", name(host)));
        all.addAll(List.of("--store", store(host).toString()));
        return NodeProcess.java(flags, "org.ringcert.daemon.cli.Ringcert", all);
    }

    /**
     * Runs {@code ringcert check --json} with these arguments. On a busy machine a look may not end within its four
     * seconds, and says so. Then it is repeated.
     */
    CheckResult check(String host, String... arguments) throws IOException {
        CheckResult result = new CheckResult(runForJson(host, "check", arguments));
        for (int attempt = 1; attempt < MAX_ATTEMPTS && !result.isComplete(); attempt++) {
            result = new CheckResult(runForJson(host, "check", arguments));
        }
        return result;
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
}
