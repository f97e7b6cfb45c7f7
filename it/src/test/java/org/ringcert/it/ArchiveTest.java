package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.BareDebian;

/**
 * The archive for servers without Java, unpacked at a path with a blank and reached by a link, in a Debian root that
 * has no Java. If no Debian root can be created, the tests run on this machine with {@code /usr/lib/jvm} hidden by an
 * empty mount, in a mount namespace of their own.
 */
@UsesPebble
class ArchiveTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private static final String HIDDEN = "mount -t tmpfs none /usr/lib/jvm && exec \"$0\" \"$@\"";
    private static final String WITHOUT_JAVA = "! java -version 2>/dev/null && exec \"$0\" \"$@\"";

    @TempDir
    private static Path folder;

    private static Path ringcert;
    private static Optional<BareDebian> root = Optional.empty();

    @BeforeAll
    static void start() throws IOException {
        assumeTrue(status("unshare", "-m", "true") == 0, "cannot create a mount namespace (needs root)");
        root = BareDebian.create(folder);
        assumeTrue(
                root.isPresent() || Path.of(System.getProperty("java.home")).startsWith("/usr/lib/jvm"),
                "this Java is not in /usr/lib/jvm, so it cannot be hidden");
        Path unpacked = Files.createDirectory(folder.resolve("a place"));
        run("tar", "-C", unpacked.toString(), "-xzf", Archive.file().toString());
        ringcert = Files.createSymbolicLink(
                folder.resolve("link"), onlyFile(unpacked).resolve("bin").resolve("ringcert"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (root.isPresent()) {
            root.get().close();
        }
    }

    @Test
    void isSmallEnough() throws IOException {
        assertThat(Files.size(Archive.file())).isLessThan(45_000_000);
    }

    /** The demo fetches packages, which a server should not do. */
    @Test
    void excludesTheDemoAndSaysWhereItIs() throws IOException {
        assertThat(start(Map.of(), 2, "demo", "--nodes", "5"))
                .isEqualTo("The demo is part of the source checkout: run ./ringcert demo there.\n");
        assertThat(classes())
                .contains("org/ringcert/daemon/cli/Ringcert.class")
                .noneMatch(name -> name.contains("/demo/"));
    }

    /** Runs {@code git clone} and {@code ./ringcert demo} on a minimal Debian with only a JDK and Maven. */
    @Test
    void aCloneBuildsAndRunsTheDemoWithOnlyAJdkAndMaven() throws IOException {
        assumeTrue(root.isPresent(), "no Debian root could be created");
        Path sources = Path.of("..").toRealPath();
        assumeTrue(Files.exists(sources.resolve(".git")), "these sources are not a clone");
        Path clone = folder.resolve("a clone");
        run("git", "clone", "-q", sources.toString(), clone.toString());
        List<String> command = new ArrayList<>(root.get().besidePrefix("""
                mkdir -p "$0/usr/lib/jvm/jdk" "$0/root/.m2/repository" "$0/fetched/upper" "$0/fetched/work"
                mount --bind "$1" "$0/usr/lib/jvm/jdk"
                # Debian's JDK keeps its settings there, and its Maven has links to libraries that may be missing.
                for settings in /etc/java-*-openjdk; do [ ! -d "$settings" ] || cp -r "$settings" "$0/etc"; done
                cp -rL "$2" "$0/opt/maven" 2>/dev/null || [ -x "$0/opt/maven/bin/mvn" ]
                mount -t overlay overlay -o "lowerdir=$3,upperdir=$0/fetched/upper,workdir=$0/fetched/work" "$0/root/.m2/repository"
                exec chroot "$0" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin:/opt/maven/bin sh -c 'cd "$0" && exec ./ringcert demo' "$4"
                """));
        command.addAll(List.of(
                System.getProperty("java.home"),
                System.getProperty("maven.home"),
                System.getProperty("localRepository"),
                clone.toString()));
        assertThat(run(command.toArray(String[]::new))).contains("9 of 9 certificates verified");
    }

    @Test
    void cacheWorksFromAnyPath() throws IOException {
        Path home = home();
        run(
                home.resolve("runtime/bin/java").toString(),
                "@" + home.resolve("jvm.args"),
                "-XX:AOTMode=on",
                "-XX:AOTCache=" + home.resolve("ringcert.aot"),
                "-jar",
                home.resolve("ringcert.jar").toString(),
                "--version");
    }

    @Test
    void runsFromItsCacheAndTrustsTheSystemsCas() throws IOException {
        try (Testbed testbed = Testbed.start(
                Files.createDirectory(folder.resolve("testbed")),
                PebbleRelease.INSTALLED,
                options -> options,
                1,
                "www.example.org")) {
            Path caFile = Files.copy(testbed.ca().caFile(), folder.resolve("ca.pem"));
            testbed.editConfiguration(text -> text.lines()
                    .filter(line -> !line.startsWith("ca-file"))
                    .reduce("", (all, line) -> all + line + "\n"));
            String[] options = {
                "--config", testbed.cluster().configuration().toString(),
                "--node", "web0.example.org",
                "--store", testbed.cluster().store(0).toString()
            };
            Map<String, String> trust = Map.of("SSL_CERT_FILE", caFile.toString());
            String refused = start(Map.of(), 1, words("renew", options));
            assertThat(refused).contains("ca-file");
            Path classes = folder.resolve("classes.log");
            Map<String, String> withClassLog =
                    Map.of("SSL_CERT_FILE", caFile.toString(), "JDK_JAVA_OPTIONS", "-Xlog:class+load:file=" + classes);
            try (ChildProcess daemon = process(withClassLog, words("run", options))) {
                daemon.awaitLine(line -> line.contains(" answers on "), LONG);
                assertThat(notInTheCache(classes))
                        .as(
                                "classes that a start loads from outside the cache; ./ringcert package --classes rewrites its list")
                        .hasSizeLessThan(50);
                start(trust, 0, words("renew", words("--force", options)));
                assertThat(start(trust, 0, words("status", options))).contains("www.example.org");
            }
        }
    }

    @Test
    void systemdAcceptsItsUnits() throws IOException {
        assumeTrue(status("systemd-analyze", "--version") == 0, "no systemd-analyze");
        Path home = home();
        Path units = Files.createDirectory(folder.resolve("units"));
        List<String> command = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
        try (Stream<Path> all = Files.list(home.resolve("systemd"))) {
            for (Path unit : all.filter(file -> file.toString().matches(".*\\.(service|timer|path)"))
                    .toList()) {
                Path copy = units.resolve(unit.getFileName().toString().replace("@", "@apache2"));
                Files.writeString(
                        copy,
                        Files.readString(unit).replace("ExecStart=/opt/ringcert/bin/ringcert", "ExecStart=/bin/true"));
                command.add(copy.toString());
            }
        }
        assertThat(command).hasSize(8);
        assertThat(run(command.toArray(String[]::new))).isEmpty();
    }

    /** Returns the names of all entries in the archive's jars. */
    private static List<String> classes() throws IOException {
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.walk(home())) {
            for (Path jar :
                    files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                try (JarFile entries = new JarFile(jar.toFile())) {
                    entries.stream().map(JarEntry::getName).forEach(names::add);
                }
            }
        }
        return names;
    }

    /** Returns the folder that the archive unpacks to. */
    private static Path home() throws IOException {
        return ringcert.toRealPath().resolve("../..").normalize();
    }

    /** Returns the log's lines about classes that were loaded from jars or from the runtime. */
    private static List<String> notInTheCache(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" source: file:") || line.contains(" source: jrt:"))
                    .toList();
        }
    }

    private static Path onlyFile(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static String[] words(String first, String... more) {
        return Stream.concat(Stream.of(first), Stream.of(more)).toArray(String[]::new);
    }

    private static String start(Map<String, String> environment, int expected, String... arguments) throws IOException {
        try (ChildProcess process = process(environment, arguments)) {
            int status = process.awaitExit(LONG);
            assertThat(status).as(process.output()).isEqualTo(expected);
            return process.output();
        }
    }

    private static ChildProcess process(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                root.map(BareDebian::commandPrefix).orElseGet(() -> List.of("unshare", "-m", "sh", "-c", HIDDEN)));
        command.addAll(List.of("env", "-u", "JAVA_HOME", "sh", "-c", WITHOUT_JAVA, ringcert.toString()));
        command.addAll(List.of(arguments));
        return ChildProcess.start("archive", command, environment, Files.createTempFile(folder, "output", ".log"));
    }

    private static String run(String... command) throws IOException {
        try (ChildProcess process = ChildProcess.start(
                command[0], List.of(command), Map.of(), Files.createTempFile(folder, "output", ".log"))) {
            assertThat(process.awaitExit(LONG)).as(process.output()).isZero();
            return process.output();
        }
    }

    private static int status(String... command) throws IOException {
        try (ChildProcess process = ChildProcess.start(
                command[0], List.of(command), Map.of(), Files.createTempFile(folder, "output", ".log"))) {
            return process.awaitExit(LONG);
        } catch (IOException e) {
            return -1;
        }
    }
}
