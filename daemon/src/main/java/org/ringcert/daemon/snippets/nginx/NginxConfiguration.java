package org.ringcert.daemon.snippets.nginx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The complete configuration of nginx, as {@code nginx -T} prints it: the main file and every included file. Immutable.
 */
public final class NginxConfiguration {

    private static final Pattern FILE = Pattern.compile("(?m)^# configuration file (.+):$\n");

    private final Map<String, List<NginxDirective>> files = new LinkedHashMap<>();
    private final List<String> unreadable = new ArrayList<>();
    private final String folder;
    private final List<NginxDirective> main;

    /** Parses the output of {@code nginx -T}. */
    public NginxConfiguration(String output) {
        Matcher file = FILE.matcher(output);
        boolean more = file.find();
        while (more) {
            String name = file.group(1);
            int start = file.end();
            more = file.find();
            NginxParser.Result result =
                    NginxParser.parse(name, output.substring(start, more ? file.start() : output.length()));
            files.putIfAbsent(name, result.directives());
            result.errorLine().ifPresent(line -> unreadable.add(name + ":" + line));
        }
        String first = files.keySet().stream().findFirst().orElse("");
        folder = first.substring(0, first.lastIndexOf('/') + 1);
        main = resolved(files.getOrDefault(first, List.of()), Set.of(first));
    }

    /** Returns whether the file is part of the configuration. */
    public boolean reads(String file) {
        return files.containsKey(file);
    }

    /** Returns where the parser could not read the rest of a file, as file and line. */
    public List<String> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Returns the directives in top-level blocks of that name, such as {@code http} or {@code stream}. */
    public List<NginxDirective> topLevel(String name) {
        return main.stream()
                .flatMap(directive -> directive.is("include") ? directive.inside() : Stream.of(directive))
                .filter(directive -> directive.is(name))
                .flatMap(NginxDirective::inside)
                .toList();
    }

    /** Returns the server blocks of http in the order that nginx uses. */
    public List<ServerBlock> servers() {
        return topLevel("http").stream()
                .filter(directive -> directive.is("server"))
                .map(ServerBlock::new)
                .toList();
    }

    private List<NginxDirective> resolved(List<NginxDirective> directives, Set<String> including) {
        return directives.stream()
                .map(directive -> new NginxDirective(
                        directive.words(),
                        directive.file(),
                        directive.line(),
                        directive.opening(),
                        directive.is("include") && directive.words().size() == 2
                                ? included(directive.words().getLast(), including)
                                : resolved(directive.block(), including)))
                .toList();
    }

    /** Returns the directives of all files that match the pattern, in nginx's order: by file name. */
    private List<NginxDirective> included(String path, Set<String> including) {
        Pattern pattern = glob(path.startsWith("/") ? path : folder + path);
        return files.keySet().stream()
                .filter(name -> pattern.matcher(name).matches() && !including.contains(name))
                .sorted()
                .flatMap(name -> {
                    Set<String> nested = new HashSet<>(including);
                    nested.add(name);
                    return resolved(files.getOrDefault(name, List.of()), nested).stream();
                })
                .toList();
    }

    /** Compiles a pattern as in glob(7): wildcards match neither a slash nor a dot at the beginning of a name. */
    private static Pattern glob(String path) {
        StringBuilder pattern = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            String visible = i > 0 && path.charAt(i - 1) == '/' ? "(?!\\.)" : "";
            int end = path.indexOf(']', i + 2);
            if (c == '*') {
                pattern.append(visible).append("[^/]*");
            } else if (c == '?') {
                pattern.append(visible).append("[^/]");
            } else if (c == '[' && end > 0) {
                String set = path.substring(i + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&", "\\&");
                pattern.append(visible)
                        .append(set.startsWith("!") ? "[^" + set.substring(1) : "[" + set)
                        .append("]");
                i = end;
            } else {
                pattern.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(pattern.toString());
    }
}
