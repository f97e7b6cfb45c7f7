package org.ringcert.it;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.demo.ChildProcess;
import org.ringcert.demo.LocalCluster;
import org.ringcert.demo.PebbleBinaries;
import org.ringcert.demo.PebbleOptions;
import org.ringcert.demo.TestCa;
import org.ringcert.handoff.HandoffMode;

/**
 * The JVM of nodes that tests start. It has the options of the installed program, and an AOT cache, without which a
 * start takes twice the CPU. The first test that starts a node records the cache next to the test classes.
 */
public final class NodeJvm {

    private NodeJvm() {}

    /** Returns the JVM options, after recording the cache if it is missing or older than a jar. */
    public static synchronized List<String> flags(PebbleBinaries binaries) throws IOException {
        List<String> flags = List.of("@" + Path.of("..", "build", "jvm.args").toRealPath());
        URI classes = URI.create(NodeJvm.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
        Path cache = Path.of(classes).resolveSibling("node.aot");
        List<Path> jars = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .map(Path::of)
                .toList();
        // Other test JVMs wait for the one that records.
        try (FileChannel lock = FileChannel.open(
                        cache.resolveSibling("node.aot.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lock.lock()) {
            if (!isNewer(cache, jars)) {
                record(binaries, flags, jars, cache);
            }
        }
        return with(flags, "-XX:AOTCache=" + cache);
    }

    private static boolean isNewer(Path cache, List<Path> jars) throws IOException {
        if (!Files.exists(cache)) {
            return false;
        }
        for (Path jar : jars) {
            if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(cache)) > 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Records the cache from a renewal that orders a certificate. A failure only costs time, because the JVM ignores a
     * missing cache.
     */
    private static void record(PebbleBinaries binaries, List<String> flags, List<Path> jars, Path cache)
            throws IOException {
        Path folder = Files.createTempDirectory(cache.getParent(), "node.aot-");
        Path recorded = folder.resolve("aot");
        List<InetAddress> addresses = LocalCluster.loopback(1);
        List<Site> sites = List.of(new Site(List.of(new HostName("www.example.org"))));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(with(flags, "-XX:AOTCacheOutput=" + recorded));
        // Only jars: the JVM records no cache if the class path has directories.
        command.addAll(
                List.of("-cp", jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))));
        try (TestCa ca = TestCa.start(binaries, PebbleOptions.on(addresses));
                LocalCluster cluster =
                        new LocalCluster(ca, folder, addresses, sites, HandoffMode.REDIRECT, List.of())) {
            command.addAll(List.of(Ringcert.class.getName(), "renew"));
            command.addAll(List.of("--config", cluster.configuration().toString()));
            command.addAll(List.of("--node", cluster.node(0).value()));
            command.addAll(List.of("--store", cluster.store(0).toString()));
            try (ChildProcess recorder = ChildProcess.start("recording", command, Map.of(), cluster.log(0))) {
                recorder.awaitExit(Testbed.TIMEOUT);
            }
        }
        if (Files.exists(recorded)) {
            Files.move(recorded, cache, StandardCopyOption.ATOMIC_MOVE);
        } else {
            System.err.println("no AOT cache was recorded, so nodes start slowly; see " + folder);
        }
    }

    private static List<String> with(List<String> flags, String more) {
        return Stream.concat(flags.stream(), Stream.of(more)).toList();
    }
}
