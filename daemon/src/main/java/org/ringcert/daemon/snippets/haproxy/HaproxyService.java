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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The service that runs HAProxy: which files it reads. Immutable.
 *
 * @param named files and folders as they are given to it
 * @param environment its variables, as far as they can be seen
 */
public record HaproxyService(List<Path> named, Map<String, String> environment) {

    /** What systemd is asked, and what is read of its answer. */
    public static final List<String> QUESTION = List.of(
            "show", "haproxy", "-p", "MainPID", "-p", "ExecStart", "-p", "Environment", "-p", "EnvironmentFiles");

    private static final Path USUAL = Path.of("/etc/haproxy/haproxy.cfg");
    private static final Path DEBIAN = Path.of("/etc/default/haproxy");
    private static final Pattern ARGUMENTS = Pattern.compile("argv\\[\\]=(.*?) ;");
    private static final Pattern WORD = Pattern.compile("(?:\"((?:[^\"\\\\]|\\\\.)*)\"|'([^']*)'|([^\\s\"']+))");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)\\}?");

    public HaproxyService {
        named = List.copyOf(named);
        environment = Map.copyOf(environment);
    }

    /** As Debian's init script starts it, where there is no systemd to ask. */
    public static HaproxyService ofDebian() {
        Map<String, String> set = new HashMap<>(Map.of("CONFIG", USUAL.toString()));
        set.putAll(assignments(DEBIAN));
        return of(words("haproxy -f $CONFIG $EXTRAOPTS", set), Path.of("/"), set);
    }

    /** As systemd says: what the running process was started with; else what it would be. */
    public static HaproxyService of(String shown) {
        Map<String, String> environment = new HashMap<>();
        String process = "0";
        String start = "";
        for (String line : shown.lines().toList()) {
            String value = line.substring(line.indexOf('=') + 1);
            switch (line.substring(0, Math.max(0, line.indexOf('=')))) {
                case "MainPID" -> process = value;
                case "ExecStart" -> start = value;
                case "Environment" -> environment.putAll(assignments(value));
                case "EnvironmentFiles" -> environment.putAll(assignments(Path.of(value.replaceAll(" \\(.*", ""))));
                default -> {}
            }
        }
        Path running = Path.of("/proc", process.strip());
        try {
            List<String> arguments = zeroEnded(running.resolve("cmdline"));
            Path folder = Files.isReadable(running.resolve("cwd"))
                    ? running.resolve("cwd").toRealPath()
                    : Path.of("/");
            if (Files.isReadable(running.resolve("environ"))) {
                environment.putAll(assignments(zeroEnded(running.resolve("environ"))));
            }
            return of(arguments, folder, environment);
        } catch (IOException e) {
            Matcher arguments = ARGUMENTS.matcher(start);
            return arguments.find()
                    ? of(words(arguments.group(1), environment), Path.of("/"), environment)
                    : ofDebian();
        }
    }

    private static HaproxyService of(List<String> arguments, Path folder, Map<String, String> environment) {
        List<Path> named = new ArrayList<>();
        Path from = folder;
        for (int i = 1; i < arguments.size(); i++) {
            if (arguments.get(i).equals("--")) {
                arguments.subList(i + 1, arguments.size()).forEach(file -> named.add(Path.of(file)));
                break;
            } else if (i + 1 < arguments.size() && arguments.get(i).equals("-f")) {
                named.add(Path.of(arguments.get(++i)));
            } else if (i + 1 < arguments.size() && arguments.get(i).equals("-C")) {
                from = from.resolve(arguments.get(++i));
            }
        }
        Path base = from;
        return new HaproxyService(
                (named.isEmpty() ? List.of(USUAL) : named)
                        .stream().map(base::resolve).toList(),
                environment);
    }

    /** Whether it reads the usual file and no other. */
    public boolean isUsual() {
        return named.equals(List.of(USUAL));
    }

    /** The command that checks all that it reads. */
    public String check() {
        return "haproxy " + String.join(" ", checkArguments());
    }

    /** The arguments of that command. */
    public List<String> checkArguments() {
        return Stream.concat(Stream.of("-c"), named.stream().flatMap(path -> Stream.of("-f", path.toString())))
                .toList();
    }

    /**
     * The files in the order in which it reads them: of a folder those that end in {@code .cfg} and do not begin with a
     * dot, by their names.
     *
     * @throws IOException if a folder cannot be read
     */
    public List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path path : named) {
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

    private static List<String> zeroEnded(Path file) throws IOException {
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
        Map<String, String> set = new LinkedHashMap<>();
        for (String word : words) {
            int sign = word.indexOf('=');
            if (sign > 0) {
                set.put(word.substring(0, sign), word.substring(sign + 1));
            }
        }
        return set;
    }

    /** Words as a shell takes them: quotes may stand around a part of one. */
    private static List<String> split(String line) {
        List<String> words = new ArrayList<>();
        Matcher part = WORD.matcher(line);
        int end = -1;
        while (part.find()) {
            String text = Stream.of(1, 2, 3)
                    .map(part::group)
                    .filter(java.util.Objects::nonNull)
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

    /** As systemd puts values in: {@code $NAME} may become several words or none. */
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
