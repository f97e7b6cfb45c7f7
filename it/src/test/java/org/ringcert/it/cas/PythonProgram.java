package org.ringcert.it.cas;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ringcert.demo.Folders;
import org.ringcert.demo.Programs;

/**
 * A CA written in Python, in a virtual environment of its own in the cache. All packages have the versions in its
 * {@code requirements.txt}: newer ones of what it depends on may break it.
 *
 * @param name also the folder of its resources
 * @param oldestPython the oldest Python that it supports: 12 for 3.12
 */
record PythonProgram(String name, String version, int oldestPython) {

    private static final Duration INSTALL_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(30);
    private static final String REQUIREMENTS = "requirements.txt";

    /** Prints the second number of the version. Fails if this Python cannot make a virtual environment. */
    private static final String PROBE = "import ensurepip, sys, venv; print(sys.version_info[1])";

    /** How many releases of Python are searched for by name, from the oldest on. */
    private static final int RELEASES = 8;

    /** Returns the Python that has the CA's packages, once it is installed. */
    Path python() throws IOException {
        return folder().resolve("bin/python");
    }

    /**
     * Installs the packages, unless they are in the cache.
     *
     * @throws IOException if there is no suitable Python, or a package cannot be had; the message is one line
     */
    void install(Consumer<String> progress) throws IOException {
        if (Files.isExecutable(python())) {
            return;
        }
        Path base = findPython();
        progress.accept("installing %s %s with %s into %s".formatted(name, version, base, folder()));
        Folders.fill(folder(), environment -> {
            Programs.run(
                    List.of(base.toString(), "-m", "venv", environment.toString()),
                    Map.of(),
                    environment,
                    INSTALL_TIMEOUT);
            Path requirements = environment.resolve(REQUIREMENTS);
            Files.writeString(requirements, resource(REQUIREMENTS));
            Programs.run(
                    List.of(
                            environment.resolve("bin/python").toString(),
                            "-m",
                            "pip",
                            "install",
                            "--quiet",
                            "--no-input",
                            "--disable-pip-version-check",
                            "--requirement",
                            requirements.toString()),
                    Map.of(),
                    environment,
                    INSTALL_TIMEOUT);
        });
    }

    /** Returns the text of one of its resources. */
    String resource(String file) throws IOException {
        String path = name + "/" + file;
        try (InputStream resource = PythonProgram.class.getResourceAsStream(path)) {
            if (resource == null) {
                throw new IOException("there is no resource " + path);
            }
            return new String(resource.readAllBytes(), UTF_8);
        }
    }

    /** Copies resources into a folder, from which Python can import them. */
    void copyResources(Path folder, List<String> files) throws IOException {
        for (String file : files) {
            Path copy = folder.resolve(file);
            Files.createDirectories(copy.getParent());
            Files.writeString(copy, resource(file));
        }
    }

    /** Returns the folder of the environment. Other requirements lead to another one. */
    private Path folder() throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(resource(REQUIREMENTS).getBytes(UTF_8));
            return Folders.cache(System.getenv())
                    .resolve("%s-%s-%s"
                            .formatted(
                                    name,
                                    version,
                                    HexFormat.of().formatHex(digest).substring(0, 12)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path findPython() throws IOException {
        for (Path candidate : (Iterable<Path>) candidates().distinct()::iterator) {
            if (Files.isExecutable(candidate) && isSuitable(candidate)) {
                return candidate;
            }
        }
        throw new IOException(
                "no Python 3.%d or newer that can make virtual environments, in PATH or of pyenv (Debian: python3-venv)"
                        .formatted(oldestPython));
    }

    private Stream<Path> candidates() throws IOException {
        List<String> names = Stream.concat(
                        Stream.of("python3"),
                        IntStream.range(oldestPython, oldestPython + RELEASES).mapToObj(minor -> "python3." + minor))
                .toList();
        List<Path> path = Pattern.compile(Pattern.quote(File.pathSeparator))
                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .toList();
        return Stream.concat(
                names.stream().flatMap(program -> path.stream().map(folder -> folder.resolve(program))),
                pyenvVersions().stream().map(version -> version.resolve("bin/python3")));
    }

    /** Returns the folders of pyenv's Pythons: its commands in PATH may be switched off. */
    private static List<Path> pyenvVersions() throws IOException {
        Path root = Optional.ofNullable(System.getenv("PYENV_ROOT"))
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".pyenv"));
        if (!Files.isDirectory(root.resolve("versions"))) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(root.resolve("versions"))) {
            return versions.sorted().toList();
        }
    }

    private boolean isSuitable(Path python) {
        try {
            String minor = Programs.run(List.of(python.toString(), "-c", PROBE), Map.of(), Path.of("/"), PROBE_TIMEOUT);
            return Integer.parseInt(minor.strip()) >= oldestPython;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }
}
