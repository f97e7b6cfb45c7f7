package org.ringcert.dns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * The suffixes under which names of the public DNS are registered, such as {@code com} and {@code co.uk}: the ICANN
 * section of the Public Suffix List, by <a href="https://publicsuffix.org/list/">its algorithm</a>. The private
 * section, which has the suffixes of hosting services, is not read. Immutable.
 *
 * <p>The list is {@code public_suffix_list.dat} next to this class, unchanged. Its head has its version and its
 * licence, the Mozilla Public License 2.0.
 */
public final class PublicSuffixes {

    private static final String END = "// ===END ICANN DOMAINS===";

    /** The rules as in the list, in ASCII: a suffix, {@code *.} and a suffix, or {@code !} and a name. */
    private final Set<String> rules;

    private PublicSuffixes(Set<String> rules) {
        this.rules = rules;
    }

    /** Reads the list when it is first used. */
    private static final class Bundled {
        static final PublicSuffixes LIST = read();

        private static PublicSuffixes read() {
            InputStream file = Objects.requireNonNull(
                    PublicSuffixes.class.getResourceAsStream("public_suffix_list.dat"), "the list is not in the jar");
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
                return parse(reader.lines());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Returns the list that this version came with. The first call reads it, some 330 kB. */
    public static PublicSuffixes bundled() {
        return Bundled.LIST;
    }

    /** @param lines of the list's file */
    static PublicSuffixes parse(Stream<String> lines) {
        Set<String> rules = new HashSet<>(1 << 14);
        lines.takeWhile(line -> !line.startsWith(END))
                .filter(line -> !line.isBlank() && !line.startsWith("//"))
                .map(PublicSuffixes::rule)
                .forEach(rules::add);
        return new PublicSuffixes(rules);
    }

    /** Returns the rule in a line, up to the first white space. */
    private static String rule(String line) {
        int end = 0;
        boolean isAscii = true;
        while (end < line.length() && line.charAt(end) > ' ') {
            isAscii &= line.charAt(end) < 0x80;
            end++;
        }
        String rule = end == line.length() ? line : line.substring(0, end);
        // The JDK knows the scripts of Unicode 3.2 only.
        return isAscii ? rule : IDN.toASCII(rule, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    }

    /** Returns whether the name is a suffix or ends in one, as all names of the public DNS do. */
    public boolean isPublic(HostName name) {
        return suffix(name).isPresent();
    }

    /** Returns the longest suffix that the name ends in, which may be the whole name. */
    Optional<String> suffix(HostName name) {
        for (String end = name.value(); !end.isEmpty(); end = parent(end)) {
            if (rules.contains("!" + end)) {
                return Optional.of(parent(end));
            }
        }
        for (String end = name.value(); !end.isEmpty(); end = parent(end)) {
            if (rules.contains(end) || rules.contains("*." + parent(end))) {
                return Optional.of(end);
            }
        }
        return Optional.empty();
    }

    /** Returns the name without its first label. */
    private static String parent(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1);
    }
}
