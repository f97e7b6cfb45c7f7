package org.ringcert.daemon.snippets.haproxy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The service that runs HAProxy, and which files it reads. Immutable.
 *
 * @param paths files and folders as passed to HAProxy
 * @param environment its variables, as far as they are known
 */
public record HaproxyService(List<Path> paths, Map<String, String> environment) {

    /** Arguments with which {@code systemctl} prints what is needed here. */
    public static final List<String> SHOW_ARGUMENTS = List.of(
            "show", "haproxy", "-p", "MainPID", "-p", "ExecStart", "-p", "Environment", "-p", "EnvironmentFiles");

    /** The configuration file that Debian's service reads. */
    public static final Path DEFAULT_FILE = Path.of("/etc/haproxy/haproxy.cfg");

    private static final Path DEBIAN_DEFAULTS = Path.of("/etc/default/haproxy");
    private static final Pattern ARGUMENTS = Pattern.compile("argv\\[\\]=(.*?) ;");
    private static final Pattern WORD = Pattern.compile("(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|([^\\s\"']+))");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)\\}?");

    public HaproxyService {
        paths = List.copyOf(paths);
        environment = Map.copyOf(environment);
    }

    /** Returns the service as Debian's init script starts it, for machines without systemd. */
    public static HaproxyService debianDefault() {
        Map<String, String> variables = new HashMap<>(Map.of("CONFIG", DEFAULT_FILE.toString()));
        variables.putAll(assignments(DEBIAN_DEFAULTS));
        return fromArguments(words("haproxy -f $CONFIG $EXTRAOPTS", variables), Path.of("/"), variables);
    }

    /**
     * Returns the service from the output of {@code systemctl} for {@link #SHOW_ARGUMENTS}: with the arguments of the
     * running process, or else those that it would be started with.
     */
    public static HaproxyService fromSystemctl(String output) {
        Map<String, String> environment = new HashMap<>();
        String process = "0";
        String start = "";
        for (String line : output.lines().toList()) {
            String value = line.substring(line.indexOf('=') + 1);
            switch (line.substring(0, Math.max(0, line.indexOf('=')))) {
                case "MainPID" -> process = value;
                case "ExecStart" -> start = value;
                case "Environment" -> environment.putAll(assignments(value));
                case "EnvironmentFiles" -> environment.putAll(assignments(Path.of(value.replaceAll(" \\(.*", ""))));
                default -> {}
            }
        }
        Path processFolder = Path.of("/proc", process.strip());
        try {
            List<String> arguments = readZeroSeparated(processFolder.resolve("cmdline"));
            Path folder = Files.isReadable(processFolder.resolve("cwd"))
                    ? processFolder.resolve("cwd").toRealPath()
                    : Path.of("/");
            if (Files.isReadable(processFolder.resolve("environ"))) {
                environment.putAll(assignments(readZeroSeparated(processFolder.resolve("environ"))));
            }
            return fromArguments(arguments, folder, environment);
        } catch (IOException e) {
            Matcher arguments = ARGUMENTS.matcher(start);
            return arguments.find()
                    ? fromArguments(words(arguments.group(1), environment), Path.of("/"), environment)
                    : debianDefault();
        }
    }

    private static HaproxyService fromArguments(List<String> arguments, Path folder, Map<String, String> environment) {
        List<Path> paths = new ArrayList<>();
        Path current = folder;
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--")) {
                arguments.subList(i + 1, arguments.size()).forEach(file -> paths.add(Path.of(file)));
                break;
            } else if (i + 1 < arguments.size() && arguments.get(i).equals("-f")) {
                paths.add(Path.of(arguments.get(++i)));
            } else if (i + 1 < arguments.size() && arguments.get(i).equals("-C")) {
                current = current.resolve(arguments.get(++i));
            }
        }
        Path base = current;
        return new HaproxyService(
                (paths.isEmpty() ? List.of(DEFAULT_FILE) : paths)
                        .stream().map(base::resolve).toList(),
                environment);
    }

    /** Returns whether it reads only the default file. */
    public boolean isDefault() {
        return paths.equals(List.of(DEFAULT_FILE));
    }

    /** Returns the command that checks everything that HAProxy reads. */
    public String checkCommand() {
        return "haproxy " + String.join(" ", checkArguments());
    }

    /** Returns the arguments of that command. */
    public List<String> checkArguments() {
        return Stream.concat(Stream.of("-c"), paths.stream().flatMap(path -> Stream.of("-f", path.toString())))
                .toList();
    }

    /**
     * Returns the files in the order in which HAProxy reads them: in a folder, those that end in {@code .cfg} and do
     * not begin with a dot, by name.
     *
     * @throws IOException if a folder cannot be read
     */
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.list(path)) {
                    inside.filter(file -> file.getFileName().toString().matches("[^.].*\\.cfg"))
                            .filter(Files::isRegularFile)
                            .sorted((a, b) -> a.toString().compareTo(b.toString()))
                            .forEach(files::add);
                }
            } else {
                files.add(path);
            }
        }
        return files;
    }

    private static List<String> readZeroSeparated(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.isEmpty()) {
            throw new IOException(file + " is empty");
        }
        return List.of(text.split("\0"));
    }

    private static Map<String, String> assignments(Path file) {
        try {
            return assignments(Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> !line.strip().startsWith("#"))
                    .flatMap(line -> split(line).stream())
                    .toList());
        } catch (IOException e) {
            return Map.of();
        }
    }

    private static Map<String, String> assignments(String line) {
        return assignments(split(line));
    }

    private static Map<String, String> assignments(List<String> words) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                variables.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        return variables;
    }

    /** Splits a line into words as a shell does: quotes may surround a part of a word. */
    private static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        Matcher part = WORD.matcher(line);
        int end = -1;
        while (part.find()) {
            String text = Stream.of(1, 2, 3)
                    .map(part::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("");
            if (part.start() == end) {
                words.add(words.removeLast() + text);
            } else {
                words.add(text);
            }
            end = part.end();
        }
        return words;
    }

    /** Substitutes variables as systemd does: {@code $NAME} may become several words or none. */
    private static List<String> words(String command, Map<String, String> environment) {
        return Stream.of(command.split(" ", -1))
                .flatMap(word -> {
                    Matcher variable = VARIABLE.matcher(word);
                    if (!variable.find()) {
                        return Stream.of(word);
                    }
                    String value = environment.getOrDefault(variable.group(1), "");
                    String whole = word.replace(variable.group(), value);
                    return word.startsWith("${") || variable.start() > 0 ? Stream.of(whole) : split(whole).stream();
                })
                .toList();
    }
}
