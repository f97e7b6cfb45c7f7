package org.ringcert.daemon.front;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of the table in docs/HOSTILE.md: a request that no honest client sends, and how servers answer it.
 *
 * @param what what is wrong with the request
 * @param written the bytes in the notation of the table
 * @param nginx what nginx answers: status codes separated by spaces, {@code page} for text without a status, or
 *     {@code none}
 * @param apache what Apache answers, in the same form
 * @param ringcert what the front answers: status codes, and {@code , closed} if it then closes the connection
 * @param remark why the front is less strict than another server, if it is
 */
public record HostileRequest(String what, String written, String nginx, String apache, String ringcert, String remark) {

    private static final String CLOSED = ", closed";
    private static final Pattern REPEATED = Pattern.compile("\\{([0-9]+)×([^}]*)}");
    private static final Pattern BYTE = Pattern.compile("\\\\x([0-9a-f]{2})");

    /** Returns all rows of the section "Requests" of the file. */
    public static List<HostileRequest> all(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .dropWhile(line -> !line.equals("## Requests"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| ") && line.contains(" | `"))
                .map(HostileRequest::row)
                .toList();
    }

    private static HostileRequest row(String line) {
        String[] cells = line.substring(1).split("\\|", -1);
        if (cells.length != 7) {
            throw new IllegalArgumentException("not a row of six cells: " + line);
        }
        List<String> stripped = Arrays.stream(cells).map(String::strip).toList();
        String request = stripped.get(1);
        return new HostileRequest(
                stripped.get(0),
                // Not stripped inside the backticks, as a space may matter there.
                request.substring(1, request.length() - 1),
                stripped.get(2),
                stripped.get(3),
                stripped.get(4),
                stripped.get(5));
    }

    /** Returns the bytes to send. */
    public byte[] bytes() {
        return text().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the bytes to send, one character for each of them. */
    String text() {
        String whole = REPEATED.matcher(written)
                .replaceAll(match -> Matcher.quoteReplacement(match.group(2).repeat(Integer.parseInt(match.group(1)))))
                .replace("{host}", "HTTP/1.1¶Host: www.example.org¶")
                .replace("{acme}", "/.well-known/acme-challenge")
                .replace("¶", "\r\n");
        StringBuilder plain = new StringBuilder();
        whole.chars().forEach(c -> plain.append(plain(c)));
        return BYTE.matcher(plain)
                .replaceAll(
                        match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));
    }

    // A symbol such as U+2400 stands for the control character that it depicts.
    private static char plain(int c) {
        if (c >= '\u2400' && c < '\u2420') {
            return (char) (c - '\u2400');
        }
        return c == '\u2421' ? '\u007f' : (char) c;
    }

    /** Returns the status codes of the front. */
    List<Integer> statuses() {
        return Arrays.stream(ringcert.replace(CLOSED, "").split(" "))
                .map(Integer::valueOf)
                .toList();
    }

    /** Returns true if the front closes the connection afterwards. */
    boolean closed() {
        return ringcert.endsWith(CLOSED);
    }

    @Override
    public String toString() {
        return what + ": " + written;
    }
}
