package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.CommandResult;

/** Runs {@code ringcert web} on the first server of a test, and follows its advice. */
final class AdviceFollower {

    /** An entry for a virtual host without Ringcert's rules: file, line, where it receives requests, and its names. */
    private static final Pattern UNPREPARED = Pattern.compile(
            "(?m)^# {3}(?<file>/.*?):(?<line>[0-9]+)  (?<endpoint>(?:[0-9a-f.:, ]+ )?port [0-9].*?): (?<names>.*)$");

    private static final Pattern INCLUDE = Pattern.compile("(?mi)^# {5}(include .*)$");

    private final Path folder;
    private final WebServers servers;
    private final ServerKind kind;
    private final ServerProduct product;

    /** @param folder for the scripts that replace the web server's programs */
    AdviceFollower(Path folder, WebServers servers, ServerKind kind) {
        this.folder = folder;
        this.servers = servers;
        this.kind = kind;
        this.product = kind.product().orElseThrow();
    }

    /** A line of a configuration file; numbers start at 1. */
    record FileLine(Path file, int number) {}

    /** Returns the web server's main file on the first server. */
    Path mainFile() throws IOException {
        return product.mainFile(servers.folderOf(0));
    }

    /** Runs the command in a process of its own. The test's main file replaces that of the machine. */
    CommandResult run(String... arguments) throws IOException {
        return runWith(mainFile().toString(), arguments);
    }

    /** Returns the advice of a successful {@code ringcert web --fragment}. */
    String advice() throws IOException {
        return successful(run("--fragment"));
    }

    /** Returns the same when HAProxy's service reads these files. */
    String adviceForHaproxyFiles(Path first, Path second) throws IOException {
        return successful(runWith(first + " -f " + second, "--fragment"));
    }

    private static String successful(CommandResult result) {
        assertThat(result.status()).as(result.output()).isZero();
        return result.output();
    }

    private CommandResult runWith(String configurationFiles, String... arguments) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        script(bin, "apachectl", "exec /usr/sbin/apache2 -f '" + configurationFiles + "' \"$@\"");
        script(bin, "nginx", "exec /usr/sbin/nginx -c '" + configurationFiles + "' \"$@\"");
        script(
                bin,
                "systemctl",
                "echo 'MainPID=0'; echo 'ExecStart={ path=/usr/sbin/haproxy ; argv[]=/usr/sbin/haproxy -Ws -f "
                        + configurationFiles + " -p /run/haproxy.pid ; ignore_errors=no }'");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Ringcert.class.getName(),
                "web",
                product.label(),
                "--config",
                servers.configure(0, kind).toString(),
                "--node",
                "web0",
                "--store",
                servers.store(0).toString()));
        command.addAll(List.of(arguments));
        ChildProcess process = ChildProcess.start(
                "ringcert web",
                command,
                Map.of("PATH", bin + ":" + System.getenv("PATH")),
                Files.createTempFile(folder, "output", ".txt"));
        return new CommandResult(process.awaitExit(Duration.ofMinutes(1)), process.output());
    }

    private static void script(Path bin, String name, String command) throws IOException {
        Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Returns the virtual hosts without Ringcert's rules: {@code port 80: www.example.org}. */
    static List<String> unpreparedHosts(String report) {
        return UNPREPARED
                .matcher(report)
                .results()
                .map(match -> match.group("endpoint") + ": " + match.group("names"))
                .toList();
    }

    /** Returns the names of the virtual hosts without Ringcert's rules, as one text for each. */
    static List<String> unpreparedNames(String report) {
        return UNPREPARED
                .matcher(report)
                .results()
                .map(match -> match.group("names"))
                .toList();
    }

    /** Returns the lines that the report lists for virtual hosts without Ringcert's rules. */
    static Stream<FileLine> unpreparedLines(String report) {
        return UNPREPARED
                .matcher(report)
                .results()
                .map(match -> new FileLine(Path.of(match.group("file")), Integer.parseInt(match.group("line"))));
    }

    /** Returns the problems that are listed besides these virtual hosts. */
    static List<String> problems(String report) {
        return report.lines()
                .filter(line -> line.startsWith("#   /"))
                .filter(line -> !UNPREPARED.matcher(line).matches())
                .toList();
    }

    /** Writes the advised include line below each listed line. Does nothing if the report lists none. */
    void addLines(String report) throws IOException {
        // The last line comes first, so that the others keep their numbers.
        List<FileLine> lines = unpreparedLines(report)
                .sorted(Comparator.comparingInt(FileLine::number).reversed())
                .toList();
        for (FileLine line : lines) {
            List<String> text = new ArrayList<>(Files.readAllLines(line.file()));
            text.add(line.number(), advisedInclude(report));
            Files.write(line.file(), text);
        }
    }

    private String advisedInclude(String report) throws IOException {
        Matcher include = INCLUDE.matcher(report.substring(report.indexOf("do not answer challenges yet")));
        assertThat(include.find()).isTrue();
        Path fragment = servers.folderOf(0).resolve("ringcert-challenges.conf");
        return include.group(1).replaceAll("/etc/\\S+ringcert-challenges.conf", fragment.toString());
    }

    /** Replaces text in the main file, which must contain it. */
    void change(String text, String replacement) throws IOException {
        String main = Files.readString(mainFile());
        assertThat(main).contains(text);
        Files.writeString(mainFile(), main.replace(text, replacement));
    }
}
