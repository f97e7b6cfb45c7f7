package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The text of the file without comments and blank lines, and where each line of it was. The parser looks ahead over a
 * whole run of such lines from each of them: a thousand lines of comment take it half a minute.
 */
record StrippedText(String text, List<Integer> lines) {

    private static final Pattern BLANK = Pattern.compile("[ \t]*\r?");
    private static final Pattern LINE_REFERENCE = Pattern.compile("\\bline ([0-9]+)");

    StrippedText {
        lines = List.copyOf(lines);
    }

    static StrippedText of(String file) {
        StringBuilder kept = new StringBuilder(file.length());
        List<Integer> lines = new ArrayList<>();
        String delimiter = "";
        int number = 0;
        for (String line : file.split("\n", -1)) {
            number++;
            boolean inString = !delimiter.isEmpty();
            Scan scan = scan(line, delimiter);
            delimiter = scan.delimiter();
            String code = scan.end() == line.length()
                    ? line
                    : line.substring(0, scan.end()) + (line.endsWith("\r") ? "\r" : "");
            if (inString || !BLANK.matcher(code).matches()) {
                kept.append(code).append('\n');
                lines.add(number);
            }
        }
        lines.add(number);
        return new StrippedText(kept.toString(), lines);
    }

    /** The line of the file that a line of the text was. */
    int line(int textLine) {
        return lines.get(Math.min(textLine, lines.size()) - 1);
    }

    /** A message of the parser with the lines that it mentions made those of the file. */
    String located(String message) {
        return LINE_REFERENCE.matcher(message).replaceAll(match -> "line " + line(Integer.parseInt(match.group(1))));
    }

    /** Where the code of a line ends, and the delimiter of the multi-line string that is open there; empty for none. */
    private record Scan(int end, String delimiter) {}

    private static Scan scan(String line, String openDelimiter) {
        String open = openDelimiter;
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (!open.isEmpty()) {
                if (c == '\\' && open.startsWith("\"")) {
                    at += 2;
                } else if (line.startsWith(open, at)) {
                    // up to two more quotes belong to the string that ends here
                    int most = Math.min(at + 5, line.length());
                    at += 3;
                    while (at < most && line.charAt(at) == c) {
                        at++;
                    }
                    open = "";
                } else {
                    at++;
                }
            } else if (c == '#') {
                return new Scan(at, "");
            } else if (line.startsWith("\"\"\"", at) || line.startsWith("'''", at)) {
                open = line.substring(at, at + 3);
                at += 3;
            } else if (c == '"' || c == '\'') {
                at = afterString(line, at);
            } else {
                at++;
            }
        }
        return new Scan(line.length(), open);
    }

    private static int afterString(String line, int start) {
        char quote = line.charAt(start);
        int at = start + 1;
        while (at < line.length() && line.charAt(at) != quote) {
            at += quote == '"' && line.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
