package org.ringcert.daemon.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a text is shown.
 *
 * @param isTerminal whether a person looks at it; if not, lines may have any length
 * @param hasColors whether escape sequences for colours are understood and wanted
 * @param movesCursor whether escape sequences that move the cursor and clear lines are understood
 */
record Screen(boolean isTerminal, boolean hasColors, boolean movesCursor, int columns, int lines) {

    /** A file or a pipe. Its lines are as long as they need to be, so that other programs can work with them. */
    static final Screen PIPE = new Screen(false, false, false, Integer.MAX_VALUE, Integer.MAX_VALUE);

    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_LINES = 24;

    /** Below this, a table is not readable anyway. */
    private static final int MIN_COLUMNS = 40;

    private static final int MIN_LINES = 5;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) (\\d{1,4})");

    /** Lines and columns of a terminal. */
    record Size(int lines, int columns) {}

    /** Returns the standard output of this process as it is now. The window of a terminal may change its size later. */
    static Screen ofStandardOutput() {
        return of(isTerminal(1), System.getenv(), Screen::terminalSize);
    }

    /** @param terminalSize asked only for a terminal whose size the environment does not tell */
    static Screen of(boolean isTerminal, Map<String, String> environment, Supplier<Optional<Size>> terminalSize) {
        if (!isTerminal) {
            return PIPE;
        }
        Optional<Integer> columns = number(environment.get("COLUMNS"));
        Optional<Integer> lines = number(environment.get("LINES"));
        Optional<Size> size = columns.isPresent() && lines.isPresent() ? Optional.empty() : terminalSize.get();
        return new Screen(
                true,
                hasColors(environment),
                understandsEscapes(environment),
                Math.max(MIN_COLUMNS, columns.or(() -> size.map(Size::columns)).orElse(DEFAULT_COLUMNS)),
                Math.max(MIN_LINES, lines.or(() -> size.map(Size::lines)).orElse(DEFAULT_LINES)));
    }

    /** See https://no-color.org: the variable counts if it is not empty. */
    private static boolean hasColors(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty() && understandsEscapes(environment);
    }

    /** Returns whether the terminal that this environment describes understands escape sequences. */
    static boolean understandsEscapes(Map<String, String> environment) {
        return !environment.getOrDefault("TERM", "dumb").equals("dumb");
    }

    private static Optional<Integer> number(@Nullable String text) {
        return Optional.ofNullable(text)
                .filter(it -> it.matches("[1-9]\\d{0,3}"))
                .map(Integer::valueOf);
    }

    /** Returns whether one of the standard streams of this process is a terminal. */
    static boolean isTerminal(int descriptor) {
        String target = target(descriptor);
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    }

    /**
     * Returns whether one of the standard streams of this process is a pipe or a socket. Writing to it fails only when
     * its reader has gone. The error's own words do not tell: the C library translates them.
     */
    static boolean isPipe(int descriptor) {
        String target = target(descriptor);
        return target.startsWith("pipe:") || target.startsWith("socket:");
    }

    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }

    /** Java cannot ask the terminal itself. */
    private static Optional<Size> terminalSize() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream output = stty.getInputStream()) {
                return stty.waitFor(1, TimeUnit.SECONDS)
                        ? parse(new String(output.readNBytes(100), StandardCharsets.US_ASCII))
                        : Optional.empty();
            } finally {
                stty.destroyForcibly();
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Parses the output of {@code stty size}. Some terminals do not know their size and have {@code 0 0}. */
    static Optional<Size> parse(String output) {
        Matcher matcher = SIZE.matcher(output.strip());
        return Optional.of(matcher)
                .filter(Matcher::matches)
                .map(it -> new Size(Integer.parseInt(it.group(1)), Integer.parseInt(it.group(2))))
                .filter(size -> size.lines() > 0 && size.columns() > 0);
    }
}
