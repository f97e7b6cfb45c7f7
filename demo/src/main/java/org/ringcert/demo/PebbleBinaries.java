package org.ringcert.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs of Pebble, Let's Encrypt's small CA for tests.
 *
 * @param pebble the CA itself
 * @param challtestsrv its DNS server
 */
public record PebbleBinaries(Path pebble, Path challtestsrv) {

    private static final String NEWEST_VERSION = "v2.10.3";
    private static final String DIRECTORY_VARIABLE = "RINGCERT_PEBBLE_DIR";
    private static final String ADVICE = "install Debian's package pebble (apt-get install pebble), or set "
            + DIRECTORY_VARIABLE + " to a directory that has pebble and pebble-challtestsrv";
    private static final Pattern GO_VERSION = Pattern.compile("\\bgo1\\.([0-9]{1,6})");
    private static final int MIN_GO_MINOR = 24;
    private static final Duration GO_TIMEOUT = Duration.ofMinutes(5);

    /**
     * Finds Pebble on this machine, or fetches it. Looks into the folder that the environment variable
     * {@code RINGCERT_PEBBLE_DIR} names; if that is not set, into {@code PATH}, then into the cache of earlier
     * downloads ({@code $XDG_CACHE_HOME/ringcert}, or {@code ~/.cache/ringcert}). If Pebble is in none of them, fetches
     * Debian's package and unpacks it into that cache; nothing is installed. On a machine without {@code apt-get}, does
     * what {@link #newest} does. Fetching takes some seconds, and minutes at most.
     *
     * @param progress receives one line before anything is fetched
     * @throws IOException if Pebble can neither be found nor fetched; the message is one line that says what to do
     */
    public static PebbleBinaries find(Consumer<String> progress) throws IOException {
        return find(System.getenv(), progress);
    }

    /**
     * Returns version 2.10.3. If it is not in the cache yet, builds it there, which takes half a minute and needs Go
     * 1.24 or newer.
     *
     * @param progress receives one line before anything is fetched
     * @throws IOException if there is no such Go, or the build fails; the message is one line
     */
    public static PebbleBinaries newest(Consumer<String> progress) throws IOException {
        return newest(System.getenv(), progress);
    }

    static PebbleBinaries find(Map<String, String> environment, Consumer<String> progress) throws IOException {
        String named = environment.getOrDefault(DIRECTORY_VARIABLE, "");
        if (!named.isEmpty()) {
            return in(Path.of(named))
                    .orElseThrow(() -> new IOException(
                            DIRECTORY_VARIABLE + "=" + named + " has no executable pebble and pebble-challtestsrv"));
        }
        Optional<Path> pebble = find("pebble", environment);
        Optional<Path> challtestsrv = find("pebble-challtestsrv", environment);
        if (pebble.isPresent() && challtestsrv.isPresent()) {
            return new PebbleBinaries(pebble.get(), challtestsrv.get());
        }
        Path folder = Folders.cache(environment).resolve("pebble-debian");
        Optional<PebbleBinaries> cached = in(folder.resolve("usr/bin"));
        if (cached.isPresent()) {
            return cached.get();
        }
        if (find("apt-get", environment).isEmpty()
                || find("dpkg-deb", environment).isEmpty()) {
            if (find("go", environment).isEmpty()) {
                throw new IOException("Pebble (the test CA) is not on this machine: " + ADVICE);
            }
            return newest(environment, progress);
        }
        progress.accept("fetching Debian's package pebble (the test CA) into " + folder);
        try {
            Folders.fill(folder, unpacked -> DebianPackage.unpack("pebble", unpacked));
        } catch (IOException e) {
            throw new IOException(
                    "Pebble (the test CA) is not on this machine: " + ADVICE + " (" + e.getMessage() + ")", e);
        }
        return in(folder.resolve("usr/bin"))
                .orElseThrow(() -> new IOException("Debian's package pebble does not have these programs: " + ADVICE));
    }

    static PebbleBinaries newest(Map<String, String> environment, Consumer<String> progress) throws IOException {
        Path folder = Folders.cache(environment).resolve("pebble-" + NEWEST_VERSION);
        Optional<PebbleBinaries> cached = in(folder);
        if (cached.isPresent()) {
            return cached.get();
        }
        Path go = find("go", environment)
                .orElseThrow(() -> new IOException("no Go in PATH to build Pebble " + NEWEST_VERSION));
        // "local" is the Go that is installed, so that it does not fetch a newer one.
        Map<String, String> local = Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "");
        String version = Programs.run(List.of(go.toString(), "version"), local, Path.of("/"), GO_TIMEOUT)
                .strip();
        Matcher matcher = GO_VERSION.matcher(version);
        if (!matcher.find() || Integer.parseInt(matcher.group(1)) < MIN_GO_MINOR) {
            throw new IOException(
                    "Pebble %s needs Go 1.%d or newer, found: %s".formatted(NEWEST_VERSION, MIN_GO_MINOR, version));
        }
        progress.accept("building Pebble " + NEWEST_VERSION + " (the test CA) into " + folder);
        Folders.fill(folder, built -> {
            String module = "github.com/letsencrypt/pebble/v2/cmd/";
            Programs.run(
                    List.of(
                            go.toString(),
                            "install",
                            module + "pebble@" + NEWEST_VERSION,
                            module + "pebble-challtestsrv@" + NEWEST_VERSION),
                    Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "", "GOBIN", built.toString()),
                    built,
                    GO_TIMEOUT);
        });
        return in(folder).orElseThrow(() -> new IOException("Go built no Pebble in " + folder));
    }

    private static Optional<PebbleBinaries> in(Path folder) {
        PebbleBinaries found = new PebbleBinaries(folder.resolve("pebble"), folder.resolve("pebble-challtestsrv"));
        return Files.isExecutable(found.pebble) && Files.isExecutable(found.challtestsrv)
                ? Optional.of(found)
                : Optional.empty();
    }

    private static Optional<Path> find(String program, Map<String, String> environment) {
        return Programs.find(program, environment.getOrDefault("PATH", ""));
    }
}
