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
 * Where a directive stands, in Apache's own words.
 *
 * @param file a path; for what mod_macro has brought forth, the words {@code macro 'NAME' (defined on line N of "FILE")
 *     used on line M of "FILE"}
 * @param line counted from 1; of a macro, within its text
 */
record Place(String file, int line) {

    private static final Pattern MACRO = Pattern.compile(
            "macro '(?<name>[^']+)' \\(defined on line (?<defined>[0-9]+) of \"(?<file>/[^\"]+)\"\\) used on line (?<used>[0-9]+) of \"(?<user>.+)\"");

    /** File and line where a person can change it: a macro's text, not its use. */
    String editable() {
        Matcher macro = MACRO.matcher(file);
        return macro.matches()
                ? macro.group("file") + ":" + physical(macro.group("file"), Integer.parseInt(macro.group("defined")))
                : file + ":" + line;
    }

    /** The same, and for a macro where it is used. */
    @Override
    public String toString() {
        Matcher macro = MACRO.matcher(file);
        return macro.matches()
                ? editable() + " (macro " + macro.group("name") + ", used in "
                        + new Place(macro.group("user"), Integer.parseInt(macro.group("used"))).editable() + ")"
                : editable();
    }

    /** mod_macro leaves out empty lines, and counts after those that end in a backslash are joined. */
    private int physical(String definition, int defined) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(definition), StandardCharsets.ISO_8859_1);
        } catch (IOException | InvalidPathException e) {
            return defined + line;
        }
        int counted = 0;
        boolean goesOn = false;
        for (int at = defined; at < lines.size(); at++) {
            String text = lines.get(at);
            if (!goesOn && !text.isBlank() && ++counted == line) {
                return at + 1;
            }
            goesOn = text.endsWith("\\");
        }
        return defined + line;
    }
}
