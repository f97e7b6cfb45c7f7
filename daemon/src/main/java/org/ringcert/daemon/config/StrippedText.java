package org.ringcert.daemon.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The text of the file without comments and blank lines. The parser looks ahead over a whole run of such lines from
 * each of them, and a thousand lines of comment take it half a minute. Immutable.
 *
 * @param fileLines the line of the file for each line of the text
 */
record StrippedText(String text, List<Integer> fileLines) {

    private static final Pattern BLANK = Pattern.compile("[ \t]*\r?");
    private static final Pattern LINE_REFERENCE = Pattern.compile("\\bline ([0-9]+)");

    StrippedText {
        fileLines = List.copyOf(fileLines);
    }

    static StrippedText of(String file) {
        StringBuilder kept = new StringBuilder(file.length());
        List<Integer> fileLines = new ArrayList<>();
        String delimiter = "";
        int number = 0;
        for (String line : file.split("\n", -1)) {
            number++;
            boolean startsInString = !delimiter.isEmpty();
            LineScan scan = scan(line, delimiter);
            delimiter = scan.delimiter();
            String code = scan.end() == line.length()
                    ? line
                    : line.substring(0, scan.end()) + (line.endsWith("\r") ? "\r" : "");
            if (startsInString || !BLANK.matcher(code).matches()) {
                kept.append(code).append('\n');
                fileLines.add(number);
            }
        }
        fileLines.add(number);
        return new StrippedText(kept.toString(), fileLines);
    }

    /** Returns the line of the file for a line of the text, both counted from 1. */
    int fileLine(int textLine) {
        return fileLines.get(Math.min(textLine, fileLines.size()) - 1);
    }

    /** Returns a message of the parser with the lines that it mentions replaced by those of the file. */
    String withFileLines(String message) {
        return LINE_REFERENCE
                .matcher(message)
                .replaceAll(match -> "line " + fileLine(Integer.parseInt(match.group(1))));
    }

    /**
     * The result of scanning a line.
     *
     * @param end where its code ends and a comment may begin
     * @param delimiter the delimiter of the multi-line string that is still open; empty for none
     */
    private record LineScan(int end, String delimiter) {}

    private static LineScan scan(String line, String openDelimiter) {
        String open = openDelimiter;
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (!open.isEmpty()) {
                if (c == '\\' && open.startsWith("\"")) {
                    at += 2;
                } else if (line.startsWith(open, at)) {
                    // Up to two more quotes belong to the string that ends here.
                    int limit = Math.min(at + 5, line.length());
                    at += 3;
                    while (at < limit && line.charAt(at) == c) {
                        at++;
                    }
                    open = "";
                } else {
                    at++;
                }
            } else if (c == '#') {
                return new LineScan(at, "");
            } else if (line.startsWith("\"\"\"", at) || line.startsWith("'''", at)) {
                open = line.substring(at, at + 3);
                at += 3;
            } else if (c == '"' || c == '\'') {
                at = afterString(line, at);
            } else {
                at++;
            }
        }
        return new LineScan(line.length(), open);
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
