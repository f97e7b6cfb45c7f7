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
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.demo.ChildProcess;

/**
 * What {@code ringcert web} says of the first server's own configuration.
 *
 * @param folder for files of the test
 * @param main the web server's main file
 */
record Advised(Path folder, Servers servers, Kind kind, Path main) {

    /** A place where the line is to be written: file, line, port, names. */
    static final Pattern PLACE = Pattern.compile("(?m)^# {3}(/.*):([0-9]+)  port ([0-9]+): (.*)$");

    private static final Pattern LINE = Pattern.compile("(?mi)^# {5}(include .*)$");

    /** What the command says, in a process of its own, whose web server has that main file instead of the machine's. */
    String said() throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String name : List.of("apachectl", "nginx")) {
            script(
                    bin,
                    name,
                    "exec /usr/sbin/" + (name.equals("nginx") ? "nginx -c" : "apache2 -f") + " '" + main + "' \"$@\"");
        }
        script(
                bin,
                "systemctl",
                "echo 'MainPID=0'; echo 'ExecStart={ path=/usr/sbin/haproxy ; argv[]=/usr/sbin/haproxy -Ws -f " + main
                        + " -p /run/haproxy.pid ; ignore_errors=no }'");
        ChildProcess command = ChildProcess.start(
                "ringcert web",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ringcert.class.getName(),
                        "web",
                        kind.make().orElseThrow().label(),
                        "--fragment",
                        "--config",
                        servers.configure(0, kind).toString(),
                        "--node",
                        "web0",
                        "--store",
                        servers.store(0).toString()),
                Map.of("PATH", bin + ":" + System.getenv("PATH")),
                Files.createTempFile(folder, "advice", ".txt"));
        assertThat(command.awaitExit(Duration.ofMinutes(1)))
                .as(command.output())
                .isZero();
        return command.output();
    }

    private static void script(Path bin, String name, String command) throws IOException {
        Path script = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Writes the line below each place of the main file, the last first, so that the others keep their numbers. */
    void cure(String said) throws IOException {
        Matcher line = LINE.matcher(said.substring(said.indexOf("and do not answer challenges yet")));
        assertThat(line.find()).isTrue();
        String include = line.group(1)
                .replaceAll(
                        "/etc/\\S+ringcert-challenges.conf",
                        servers.home(0).resolve("ringcert-challenges.conf").toString());
        List<String> lines = new ArrayList<>(Files.readAllLines(main));
        PLACE.matcher(said)
                .results()
                .peek(match -> assertThat(match.group(1)).isEqualTo(main.toString()))
                .map(match -> Integer.parseInt(match.group(2)))
                .sorted(Comparator.reverseOrder())
                .forEach(number -> lines.add(number, include));
        Files.write(main, lines);
    }
}
