package org.ringcert.cluster;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A DNS host name in the form used in certificates and URLs: at most 253 characters, labels of lower-case ASCII
 * letters, digits and hyphens, no trailing dot (RFC 1123, section 2.1; RFC 5890 for A-labels). Immutable.
 */
public record HostName(String value) implements Comparable<HostName> {

    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * @throws IllegalArgumentException if the value is not a host name in this form; the message says what is wrong and
     *     what would be right, and does not repeat the value
     */
    public HostName {
        String error = error(value);
        if (!error.isEmpty()) {
            throw new IllegalArgumentException(error);
        }
    }

    /**
     * Returns the host name, converted to lower case.
     *
     * @throws IllegalArgumentException if the name is not valid, with the same messages as the constructor
     */
    public static HostName of(String name) {
        return new HostName(name.toLowerCase(Locale.ROOT));
    }

    /** Returns the part before the first dot, or the whole name if it has no dot. */
    public String firstLabel() {
        int dot = value.indexOf('.');
        return dot < 0 ? value : value.substring(0, dot);
    }

    // Java generates a record's equals and hashCode when they are first called. That takes a command as long as reading
    // its whole store.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof HostName name && value.equals(name.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public int compareTo(HostName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    /** Returns what is wrong with the name; empty if it is valid. */
    private static String error(String name) {
        if (name.isEmpty()) {
            return "a host name must not be empty";
        }
        if (name.startsWith("*")) {
            return "http-01 cannot validate wildcards; list each name";
        }
        if (name.endsWith(".")) {
            return "write the name without the dot at its end";
        }
        if (name.length() > MAX_LENGTH) {
            return "a host name has at most " + MAX_LENGTH + " characters; this one has " + name.length();
        }
        if (!name.chars().allMatch(c -> c < 0x80)) {
            return notAsciiError(name);
        }
        for (String label : name.split("\\.", -1)) {
            if (label.length() > MAX_LABEL_LENGTH) {
                return "a label of a host name has at most " + MAX_LABEL_LENGTH + " characters";
            }
            if (!LABEL.matcher(label).matches()) {
                return "a host name consists of labels of letters, digits and hyphens, separated by dots;"
                        + " no label begins or ends with a hyphen";
            }
        }
        return "";
    }

    private static String notAsciiError(String name) {
        String ascii = "";
        try {
            ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // The name has no ASCII form.
        }
        boolean isHostName = !ascii.isEmpty()
                && ascii.chars().allMatch(c -> c < 0x80)
                && error(ascii).isEmpty();
        return isHostName
                ? "write the name in ASCII: " + ascii
                : "a host name must be in ASCII, and this one has no ASCII form";
    }
}
