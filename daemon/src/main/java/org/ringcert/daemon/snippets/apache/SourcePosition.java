package org.ringcert.daemon.snippets.apache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The position of a directive, in Apache's own notation.
 *
 * @param file a path; for a directive that mod_macro has expanded, the text {@code macro 'NAME' (defined on line N of
 *     "FILE") used on line M of "FILE"}
 * @param line counted from 1; in a macro, within its text
 */
record SourcePosition(String file, int line) {

    private static final Pattern MACRO = Pattern.compile(
            "macro '(?<name>[^']+)' \\(defined on line (?<defined>[0-9]+) of \"(?<file>/[^\"]+)\"\\) used on line (?<used>[0-9]+) of \"(?<user>.+)\"");

    /** Returns the file and line where a person can change the directive: for a macro its definition, not its use. */
    String editable() {
        Matcher macro = MACRO.matcher(file);
        return macro.matches()
                ? macro.group("file") + ":"
                        + physicalLine(macro.group("file"), Integer.parseInt(macro.group("defined")))
                : file + ":" + line;
    }

    /** Returns the same, and for a macro also where it is used. */
    @Override
    public String toString() {
        Matcher macro = MACRO.matcher(file);
        return macro.matches()
                ? editable() + " (macro " + macro.group("name") + ", used in "
                        + new SourcePosition(macro.group("user"), Integer.parseInt(macro.group("used"))).editable()
                        + ")"
                : editable();
    }

    /** mod_macro skips empty lines and counts lines after joining those that end in a backslash. */
    private int physicalLine(String definition, int defined) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(definition), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            return defined + line;
        }
        int count = 0;
        boolean continued = false;
        for (int index = defined; index < lines.size(); index++) {
            String text = lines.get(index);
            if (!continued && !text.isBlank() && ++count == line) {
                return index + 1;
            }
            continued = text.endsWith("\\");
        }
        return defined + line;
    }
}
