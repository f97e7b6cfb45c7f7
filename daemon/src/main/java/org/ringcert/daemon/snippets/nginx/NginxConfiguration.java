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
 * All of nginx's configuration, as {@code nginx -T} says it: the main file, and every file that is included. Immutable.
 */
public final class NginxConfiguration {

    private static final Pattern FILE = Pattern.compile("(?m)^# configuration file (.+):$\n");

    private final Map<String, List<Directive>> files = new LinkedHashMap<>();
    private final List<String> riddles = new ArrayList<>();
    private final String folder;
    private final List<Directive> main;

    /** What that output of {@code nginx -T} says. */
    public NginxConfiguration(String said) {
        Matcher file = FILE.matcher(said);
        boolean more = file.find();
        while (more) {
            String name = file.group(1);
            int start = file.end();
            more = file.find();
            NginxFile.Reading reading =
                    NginxFile.read(name, said.substring(start, more ? file.start() : said.length()));
            files.putIfAbsent(name, reading.directives());
            reading.trouble().ifPresent(line -> riddles.add(name + ":" + line));
        }
        String first = files.keySet().stream().findFirst().orElse("");
        folder = first.substring(0, first.lastIndexOf('/') + 1);
        main = resolved(files.getOrDefault(first, List.of()), Set.of(first));
    }

    /** Whether that file is a part of it. */
    public boolean reads(String file) {
        return files.containsKey(file);
    }

    /** Where a file could not be read to its end, as file and line. */
    public List<String> riddles() {
        return List.copyOf(riddles);
    }

    /** What stands directly in blocks of that name at the top: {@code http}, {@code stream}. */
    public List<Directive> top(String name) {
        return main.stream()
                .flatMap(directive -> directive.is("include") ? directive.inside() : Stream.of(directive))
                .filter(directive -> directive.is(name))
                .flatMap(Directive::inside)
                .toList();
    }

    /** The server blocks of http, in the order that counts for nginx. */
    public List<ServerBlock> servers() {
        return top("http").stream()
                .filter(directive -> directive.is("server"))
                .map(ServerBlock::new)
                .toList();
    }

    private List<Directive> resolved(List<Directive> directives, Set<String> within) {
        return directives.stream()
                .map(directive -> new Directive(
                        directive.words(),
                        directive.file(),
                        directive.line(),
                        directive.opening(),
                        directive.is("include") && directive.words().size() == 2
                                ? included(directive.words().getLast(), within)
                                : resolved(directive.block(), within)))
                .toList();
    }

    /** What the files have that the pattern names, in nginx's order: that of their names. */
    private List<Directive> included(String path, Set<String> within) {
        Pattern pattern = glob(path.startsWith("/") ? path : folder + path);
        return files.keySet().stream()
                .filter(name -> pattern.matcher(name).matches() && !within.contains(name))
                .sorted()
                .flatMap(name -> {
                    Set<String> inner = new HashSet<>(within);
                    inner.add(name);
                    return resolved(files.getOrDefault(name, List.of()), inner).stream();
                })
                .toList();
    }

    /** As glob(7) takes a pattern: nothing of it matches a slash, or a dot at the beginning of a name. */
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
