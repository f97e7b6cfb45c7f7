package org.ringcert.cluster;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A DNS host name in the form that certificates and URLs carry: lower case, ASCII, letters, digits and hyphens, no
 * trailing dot, at most 253 characters (RFC 1123, section 2.1; RFC 5890 for A-labels). Immutable.
 */
public record HostName(String value) implements Comparable<HostName> {

    private static final int LONGEST = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /**
     * @throws IllegalArgumentException if the value is no host name in the canonical form; the message says what is
     *     wrong and what would be right, and does not repeat the value
     */
    public HostName {
        String reason = whyNot(value);
        if (!reason.isEmpty()) {
            throw new IllegalArgumentException(reason);
        }
    }

    /**
     * Reads a name as a person writes it: upper case is lowered.
     *
     * @throws IllegalArgumentException as the constructor
     */
    public static HostName of(String written) {
        return new HostName(written.toLowerCase(Locale.ROOT));
    }

    /** The part before the first dot; the whole name where there is none. */
    public String firstLabel() {
        int dot = value.indexOf('.');
        return dot < 0 ? value : value.substring(0, dot);
    }

    @Override
    public int compareTo(HostName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static String whyNot(String name) {
        if (name.isEmpty()) {
            return "a host name cannot be empty";
        }
        if (name.startsWith("*")) {
            return "wildcards cannot be validated by http-01: list each name";
        }
        if (name.endsWith(".")) {
            return "write the name without the dot at its end";
        }
        if (name.length() > LONGEST) {
            return "a host name has at most " + LONGEST + " characters, this has " + name.length();
        }
        if (!name.chars().allMatch(c -> c < 0x80)) {
            return inAscii(name);
        }
        for (String label : name.split("\\.", -1)) {
            if (label.length() > 63) {
                return "a label of a host name has at most 63 characters";
            }
            if (!LABEL.matcher(label).matches()) {
                return "a host name consists of labels of letters, digits and inner hyphens, joined by dots";
            }
        }
        return "";
    }

    private static String inAscii(String name) {
        String ascii = "";
        try {
            ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            // it has none
        }
        boolean isName = !ascii.isEmpty()
                && ascii.chars().allMatch(c -> c < 0x80)
                && whyNot(ascii).isEmpty();
        return isName
                ? "names are written in ASCII: " + ascii
                : "names are written in ASCII, and this one has no ASCII form";
    }
}
