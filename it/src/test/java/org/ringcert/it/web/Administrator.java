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
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.demo.ChildProcess;

/** Runs {@code ringcert web} on a server of a test, and does what it advises. */
final class Administrator {

    /** A virtual host that needs the line. */
    private static final Pattern PLACE = Pattern.compile("(?m)^# {3}(/.*?):([0-9]+)  (.*port [0-9, ]+: .*)$");

    private final Path folder;
    private final Servers servers;
    private final Kind kind;

    /** @param folder for the scripts that stand for the server's programs */
    Administrator(Path folder, Servers servers, Kind kind) {
        this.folder = folder;
        this.servers = servers;
        this.kind = kind;
    }

    /** The web server's main file on web0. */
    Path mainFile() throws IOException {
        return servers.home(0)
                .resolve(
                        switch (kind.make().orElseThrow()) {
                            case APACHE -> "apache2.conf";
                            case NGINX -> "nginx.conf";
                            case HAPROXY -> "haproxy.conf";
                        });
    }

    record Said(int status, String text) {

        /** What virtual hosts need the line: {@code port 80: www.example.org}. */
        List<String> lacking() {
            return PLACE.matcher(text).results().map(match -> match.group(3)).toList();
        }
    }

    /** What the command says, in a process of its own, for which the test's main file stands in for the machine's. */
    Said web(String... arguments) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        String program = kind.make().orElseThrow() == Make.APACHE ? "apache2 -f" : "nginx -c";
        for (String name : List.of("apachectl", "nginx")) {
            Path script = bin.resolve(name);
            Files.writeString(script, "#!/bin/sh\nexec /usr/sbin/" + program + " '" + mainFile() + "' \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Ringcert.class.getName(),
                "web",
                kind.make().orElseThrow().label(),
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
                Files.createTempFile(folder, "said", ".txt"));
        return new Said(process.awaitExit(Duration.ofMinutes(1)), process.output());
    }

    /** Writes the line below each place that is said. */
    void cure(Said said) throws IOException {
        record Line(Path file, int number) {}
        Path fragment = servers.home(0).resolve("ringcert-challenges.conf");
        String include = "Include " + fragment + (kind.make().orElseThrow() == Make.NGINX ? ";" : "");
        Stream<Line> places = PLACE.matcher(said.text())
                .results()
                .map(match -> new Line(Path.of(match.group(1)), Integer.parseInt(match.group(2))));
        // the last first, so that the others keep their numbers
        for (Line place :
                places.sorted(Comparator.comparingInt(Line::number).reversed()).toList()) {
            List<String> lines = new ArrayList<>(Files.readAllLines(place.file()));
            lines.add(place.number(), kind.make().orElseThrow() == Make.NGINX ? include.replace("I", "i") : include);
            Files.write(place.file(), lines);
        }
    }

    /** Changes the main file, which must have what is to be changed. */
    void change(String what, String by) throws IOException {
        String text = Files.readString(mainFile());
        assertThat(text).contains(what);
        Files.writeString(mainFile(), text.replace(what, by));
    }
}
