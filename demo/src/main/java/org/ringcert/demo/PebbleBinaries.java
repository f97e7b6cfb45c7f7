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

/** The programs of Pebble, Let's Encrypt's small CA for tests: the CA itself and the DNS server that it asks. */
public record PebbleBinaries(Path pebble, Path challtestsrv) {

    private static final String NEWEST = "v2.10.1";
    private static final String DIRECTORY_VARIABLE = "RINGCERT_PEBBLE_DIR";
    private static final String ADVICE = "install Debian's package pebble (apt-get install pebble), or set "
            + DIRECTORY_VARIABLE + " to a directory that holds pebble and pebble-challtestsrv";
    private static final Pattern GO_VERSION = Pattern.compile("\\bgo1\\.([0-9]{1,6})");
    private static final int GO_MINOR = 24;
    private static final Duration GO_AT_MOST = Duration.ofMinutes(5);

    /**
     * Those in the folder that the environment's {@code RINGCERT_PEBBLE_DIR} names, else in {@code PATH}, else brought
     * before into the cache ({@code $XDG_CACHE_HOME/ringcert}, else {@code ~/.cache/ringcert}), else Debian's package,
     * fetched and unpacked there; nothing is installed. On a machine without {@code apt-get}: as {@link #newest}.
     * Fetching takes some seconds and at most some minutes.
     *
     * @param progress is told, in a line, before something is fetched
     * @throws IOException if there is none to be had; the message is one line that says what to do
     */
    public static PebbleBinaries find(Consumer<String> progress) throws IOException {
        return find(System.getenv(), progress);
    }

    /**
     * Version 2.10.1, built by Go 1.24 or newer into the cache, which takes half a minute the first time.
     *
     * @param progress is told, in a line, before something is fetched
     * @throws IOException if there is no such Go, or it cannot be built; the message is one line
     */
    public static PebbleBinaries newest(Consumer<String> progress) throws IOException {
        return newest(System.getenv(), progress);
    }

    static PebbleBinaries find(Map<String, String> environment, Consumer<String> progress) throws IOException {
        String named = environment.getOrDefault(DIRECTORY_VARIABLE, "");
        if (!named.isEmpty()) {
            return in(Path.of(named))
                    .orElseThrow(() -> new IOException(
                            DIRECTORY_VARIABLE + "=" + named + " holds no executable pebble and pebble-challtestsrv"));
        }
        Optional<Path> pebble = find("pebble", environment);
        Optional<Path> challtestsrv = find("pebble-challtestsrv", environment);
        if (pebble.isPresent() && challtestsrv.isPresent()) {
            return new PebbleBinaries(pebble.get(), challtestsrv.get());
        }
        Path folder = cache(environment).resolve("pebble-debian");
        Optional<PebbleBinaries> cached = in(folder.resolve("usr/bin"));
        if (cached.isPresent()) {
            return cached.get();
        }
        if (find("apt-get", environment).isEmpty()
                || find("dpkg-deb", environment).isEmpty()) {
            if (find("go", environment).isEmpty()) {
                throw new IOException("no Pebble (the test CA) on this machine: " + ADVICE);
            }
            return newest(environment, progress);
        }
        progress.accept("fetching Debian's package pebble (the test CA) into " + folder);
        try {
            Folders.fill(folder, unpacked -> DebianPackage.unpack("pebble", unpacked));
        } catch (IOException e) {
            throw new IOException(
                    "no Pebble (the test CA) on this machine: " + ADVICE + " (" + e.getMessage() + ")", e);
        }
        return in(folder.resolve("usr/bin"))
                .orElseThrow(() -> new IOException("Debian's package pebble holds no such programs: " + ADVICE));
    }

    static PebbleBinaries newest(Map<String, String> environment, Consumer<String> progress) throws IOException {
        Path folder = cache(environment).resolve("pebble-" + NEWEST);
        Optional<PebbleBinaries> cached = in(folder);
        if (cached.isPresent()) {
            return cached.get();
        }
        Path go = find("go", environment)
                .orElseThrow(() -> new IOException("no Go in PATH, which builds Pebble " + NEWEST));
        // "local": the Go that is here, not one that it would fetch.
        Map<String, String> local = Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "");
        String version = Programs.run(List.of(go.toString(), "version"), local, Path.of("/"), GO_AT_MOST)
                .strip();
        Matcher found = GO_VERSION.matcher(version);
        if (!found.find() || Integer.parseInt(found.group(1)) < GO_MINOR) {
            throw new IOException("Pebble %s needs Go 1.%d or newer, found: %s".formatted(NEWEST, GO_MINOR, version));
        }
        progress.accept("building Pebble " + NEWEST + " (the test CA) into " + folder);
        Folders.fill(folder, built -> {
            String module = "github.com/letsencrypt/pebble/v2/cmd/";
            Programs.run(
                    List.of(
                            go.toString(),
                            "install",
                            module + "pebble@" + NEWEST,
                            module + "pebble-challtestsrv@" + NEWEST),
                    Map.of("GOTOOLCHAIN", "local", "GOFLAGS", "", "GOBIN", built.toString()),
                    built,
                    GO_AT_MOST);
        });
        return in(folder).orElseThrow(() -> new IOException("Go has built no Pebble in " + folder));
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

    private static Path cache(Map<String, String> environment) {
        String named = environment.getOrDefault("XDG_CACHE_HOME", "");
        // Relative ones are to be ignored, by the XDG base directory specification.
        Path base = named.startsWith("/") ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache");
        return base.resolve("ringcert");
    }
}
