package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The variables that a shell would have after it has read a file, as far as that is certain without running it. What
 * stands inside an {@code if}, a loop or a function, after {@code &&} or {@code ||}, or is made by a command, is known
 * to be {@link Value.Computed}, never guessed.
 */
final class ShellSettings {

    /** What a variable holds. */
    sealed interface Value {

        /** This text. */
        record Known(String text) implements Value {}

        /** Something that only the shell can tell. Where that happens is a part of a sentence. */
        record Computed(String where) implements Value {}

        /** Nothing. */
        record Unset() implements Value {}
    }

    private static final int MOST_NESTED_FILES = 8;
    private static final Pattern ASSIGNMENT = Pattern.compile("(?s)([A-Za-z_][A-Za-z0-9_]*)(\\+?)=(.*)");
    private static final Set<String> WITH_COMMANDS_BEHIND = Set.of("if", "while", "until", "{");
    private static final Set<String> WITH_WORDS_BEHIND = Set.of("for", "case", "select");
    private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");
    private static final Set<String> BETWEEN = Set.of("then", "else", "elif", "do", "!");
    private static final Set<String> DECLARING = Set.of("export", "readonly", "declare", "typeset");

    private final Function<Path, Optional<String>> files;
    private final Map<String, Value> values = new HashMap<>();
    private Value others = new Value.Unset();

    /**
     * @param files what another file holds that is read by {@code .} or {@code source}; nothing where it is not there
     * @param presets what is set before the first file is read
     */
    ShellSettings(Function<Path, Optional<String>> files, Map<String, String> presets) {
        this.files = files;
        presets.forEach((name, text) -> values.put(name, new Value.Known(text)));
    }

    /** These, to be changed without the other. */
    ShellSettings copy() {
        ShellSettings copy = new ShellSettings(files, Map.of());
        copy.values.putAll(values);
        copy.others = others;
        return copy;
    }

    /** What the variable holds now; what is empty counts as not set. */
    Value value(String name) {
        Value value = values.getOrDefault(name, others);
        return value.equals(new Value.Known("")) ? new Value.Unset() : value;
    }

    /** The variable's text, where it is certain and not empty. */
    Optional<String> known(String name) {
        return value(name) instanceof Value.Known(String text) ? Optional.of(text) : Optional.empty();
    }

    /** Reads one more file, as {@code .} does. */
    void read(Path file, String text) {
        new Reading(file, true, 0).all(text);
    }

    private final class Reading {

        private final Path file;
        private final boolean isCertain;
        private final int nested;
        private int depth;

        Reading(Path file, boolean isCertain, int nested) {
            this.file = file;
            this.isCertain = isCertain;
            this.nested = nested;
        }

        void all(String text) {
            ShellCommands commands = ShellCommands.of(text);
            commands.all().forEach(command -> run(command, command.words()));
            if (depth != 0) {
                nothingIsCertain(file + ": its `if`, loops and functions do not end");
            }
            commands.brokenOff().ifPresent(line -> nothingIsCertain(at(line)));
        }

        private void run(ShellCommands.Command command, List<String> words) {
            if (words.isEmpty()) {
                return;
            }
            String first = words.getFirst();
            List<String> rest = words.subList(1, words.size());
            if (WITH_COMMANDS_BEHIND.contains(first)) {
                depth++;
                run(command, rest);
            } else if (WITH_WORDS_BEHIND.contains(first)) {
                depth++;
            } else if (CLOSING.contains(first)) {
                depth--;
            } else if (BETWEEN.contains(first)) {
                run(command, rest);
            } else if (DECLARING.contains(first)) {
                rest.forEach(word -> assign(command, word));
            } else if (first.equals("function")) {
                run(command, rest.subList(Math.min(1, rest.size()), rest.size()));
            } else if (first.equals("eval")) {
                nothingIsCertain(at(command.line()));
            } else if (first.equals(".") || first.equals("source")) {
                source(command, rest);
            } else if (first.equals("unset")) {
                rest.forEach(name -> set(command, name, new Value.Unset()));
            } else if (words.stream().allMatch(word -> ASSIGNMENT.matcher(word).matches())) {
                words.forEach(word -> assign(command, word));
            }
        }

        private void assign(ShellCommands.Command command, String word) {
            Matcher matcher = ASSIGNMENT.matcher(word);
            if (matcher.matches()) {
                Value value = matcher.group(2).isEmpty()
                        ? expanded(command, matcher.group(3))
                        : new Value.Computed(at(command.line()));
                set(command, matcher.group(1), value);
            }
        }

        private void set(ShellCommands.Command command, String name, Value value) {
            boolean isDone = isCertain && depth == 0 && command.isUnconditional();
            values.put(name, isDone ? value : new Value.Computed(at(command.line())));
        }

        private void source(ShellCommands.Command command, List<String> arguments) {
            boolean isDone = isCertain && depth == 0 && command.isUnconditional();
            if (arguments.size() == 1
                    && expanded(command, arguments.getFirst()) instanceof Value.Known(String path)
                    && path.startsWith("/")
                    && nested < MOST_NESTED_FILES) {
                Path other = Path.of(path);
                files.apply(other).ifPresent(text -> new Reading(other, isDone, nested + 1).all(text));
            } else {
                nothingIsCertain(at(command.line()));
            }
        }

        private Value expanded(ShellCommands.Command command, String word) {
            return ShellWord.expand(
                            word,
                            name -> value(name) instanceof Value.Known(String text)
                                    ? Optional.of(text)
                                    : Optional.empty())
                    .<Value>map(Value.Known::new)
                    .orElseGet(() -> new Value.Computed(at(command.line())));
        }

        private void nothingIsCertain(String where) {
            values.clear();
            others = new Value.Computed(where);
        }

        private String at(int line) {
            return file + ", line " + line;
        }
    }
}
