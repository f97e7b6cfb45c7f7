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
import org.ringcert.daemon.migration.ShellCommands.ShellCommand;

/**
 * The variables that a shell would have after it has read a file, as far as they are certain without running it. A
 * variable is {@link Value.Computed}, and never guessed, if it is set inside an {@code if}, a loop or a function, or
 * after {@code &&} or {@code ||}, or by the output of a command.
 */
final class ShellSettings {

    /** The value of a variable. */
    sealed interface Value {

        /** A text that is certain. */
        record Known(String text) implements Value {}

        /**
         * A value that only the shell can compute.
         *
         * @param where the file and line where that happens, as part of a sentence
         */
        record Computed(String where) implements Value {}

        /** The variable is not set, or empty. */
        record Unset() implements Value {}
    }

    private static final int MAX_NESTED_FILES = 8;
    private static final Pattern ASSIGNMENT = Pattern.compile("(?s)([A-Za-z_][A-Za-z0-9_]*)(\\+?)=(.*)");

    /** Words that open a compound command and are followed by a command. */
    private static final Set<String> OPENING_BEFORE_COMMAND = Set.of("if", "while", "until", "{");

    /** Words that open a compound command and are followed by other words. */
    private static final Set<String> OPENING_BEFORE_WORDS = Set.of("for", "case", "select");

    private static final Set<String> CLOSING = Set.of("fi", "done", "esac", "}");
    private static final Set<String> INSIDE = Set.of("then", "else", "elif", "do", "!");
    private static final Set<String> DECLARING = Set.of("export", "readonly", "declare", "typeset");

    private final Function<Path, Optional<String>> files;
    private final Map<String, Value> values = new HashMap<>();
    private Value valueOfOthers = new Value.Unset();

    /**
     * Creates settings that no file has been read into yet.
     *
     * @param files returns the content of a file that is included by {@code .} or {@code source}; nothing if there is
     *     no such file
     * @param presets variables that are set before the first file is read
     */
    ShellSettings(Function<Path, Optional<String>> files, Map<String, String> presets) {
        this.files = files;
        presets.forEach((name, text) -> values.put(name, new Value.Known(text)));
    }

    /** Returns an independent copy. */
    ShellSettings copy() {
        ShellSettings copy = new ShellSettings(files, Map.of());
        copy.values.putAll(values);
        copy.valueOfOthers = valueOfOthers;
        return copy;
    }

    /** Returns the current value of a variable. An empty variable counts as unset. */
    Value value(String name) {
        Value value = values.getOrDefault(name, valueOfOthers);
        return value.equals(new Value.Known("")) ? new Value.Unset() : value;
    }

    /** Returns the variable's text if it is certain and not empty. */
    Optional<String> knownText(String name) {
        return value(name) instanceof Value.Known(String text) ? Optional.of(text) : Optional.empty();
    }

    /** Reads another file, as {@code .} does. */
    void read(Path file, String text) {
        new FileEvaluation(file, Inclusion.CERTAIN, 0).evaluate(text);
    }

    /** Whether a shell would read a file. */
    private enum Inclusion {
        CERTAIN,
        POSSIBLE
    }

    private final class FileEvaluation {

        private final Path file;
        private final Inclusion inclusion;
        private final int nesting;
        private int openCompounds;

        /**
         * @param inclusion whether the file is certainly read
         * @param nesting number of files that include this one, directly or not
         */
        FileEvaluation(Path file, Inclusion inclusion, int nesting) {
            this.file = file;
            this.inclusion = inclusion;
            this.nesting = nesting;
        }

        void evaluate(String text) {
            ShellCommands commands = ShellCommands.parse(text);
            commands.all().forEach(command -> run(command, command.words()));
            if (openCompounds != 0) {
                forgetAll(file + ": its `if`, loops and functions do not end");
            }
            commands.unreadableFrom().ifPresent(line -> forgetAll(location(line)));
        }

        private void run(ShellCommand command, List<String> words) {
            if (words.isEmpty()) {
                return;
            }
            String first = words.getFirst();
            List<String> rest = words.subList(1, words.size());
            if (OPENING_BEFORE_COMMAND.contains(first)) {
                openCompounds++;
                run(command, rest);
            } else if (OPENING_BEFORE_WORDS.contains(first)) {
                openCompounds++;
            } else if (CLOSING.contains(first)) {
                openCompounds--;
            } else if (INSIDE.contains(first)) {
                run(command, rest);
            } else if (DECLARING.contains(first)) {
                rest.forEach(word -> assign(command, word));
            } else if (first.equals("function")) {
                run(command, rest.subList(Math.min(1, rest.size()), rest.size()));
            } else if (first.equals("eval")) {
                forgetAll(location(command.line()));
            } else if (first.equals(".") || first.equals("source")) {
                include(command, rest);
            } else if (first.equals("unset")) {
                rest.forEach(name -> set(command, name, new Value.Unset()));
            } else if (words.stream().allMatch(word -> ASSIGNMENT.matcher(word).matches())) {
                words.forEach(word -> assign(command, word));
            }
        }

        private void assign(ShellCommand command, String word) {
            Matcher matcher = ASSIGNMENT.matcher(word);
            if (matcher.matches()) {
                Value value = matcher.group(2).isEmpty()
                        ? expand(command, matcher.group(3))
                        : new Value.Computed(location(command.line()));
                set(command, matcher.group(1), value);
            }
        }

        private void set(ShellCommand command, String name, Value value) {
            values.put(name, isCertainToRun(command) ? value : new Value.Computed(location(command.line())));
        }

        private void include(ShellCommand command, List<String> arguments) {
            if (arguments.size() == 1
                    && expand(command, arguments.getFirst()) instanceof Value.Known(String path)
                    && path.startsWith("/")
                    && nesting < MAX_NESTED_FILES) {
                Path included = Path.of(path);
                files.apply(included)
                        .ifPresent(text -> new FileEvaluation(
                                        included,
                                        isCertainToRun(command) ? Inclusion.CERTAIN : Inclusion.POSSIBLE,
                                        nesting + 1)
                                .evaluate(text));
            } else {
                forgetAll(location(command.line()));
            }
        }

        private boolean isCertainToRun(ShellCommand command) {
            return inclusion == Inclusion.CERTAIN && openCompounds == 0 && command.isUnconditional();
        }

        private Value expand(ShellCommand command, String word) {
            return ShellWord.expand(word, ShellSettings.this::knownText)
                    .<Value>map(Value.Known::new)
                    .orElseGet(() -> new Value.Computed(location(command.line())));
        }

        /** Makes every variable computed: nothing is certain any longer. */
        private void forgetAll(String where) {
            values.clear();
            valueOfOthers = new Value.Computed(where);
        }

        private String location(int line) {
            return file + ", line " + line;
        }
    }
}
