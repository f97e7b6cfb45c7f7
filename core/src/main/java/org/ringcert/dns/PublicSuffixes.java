package org.ringcert.dns;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * The suffixes under which names are registered, such as {@code com} and {@code co.uk}, by the Public Suffix List and
 * <a href="https://publicsuffix.org/list/">its algorithm</a>. The ICANN section has those of the public DNS, the
 * private section those under which hosting services and the like give names to their customers. Immutable.
 *
 * <p>The list is {@code public_suffix_list.dat} next to this class, unchanged. Its head has its version and its
 * licence, the Mozilla Public License 2.0.
 */
public final class PublicSuffixes {

    private static final String END_OF_ICANN = "// ===END ICANN DOMAINS===";

    /** The rules as in the list, in ASCII: a suffix, {@code *.} and a suffix, or {@code !} and a name. */
    private final Set<String> rules;

    private PublicSuffixes(Set<String> rules) {
        this.rules = rules;
    }

    /** Reads the ICANN section when it is first used. */
    private static final class Bundled {
        static final PublicSuffixes ICANN = read(PublicSuffixes::parseIcann);
    }

    /** Returns the ICANN section of the list that this version came with. The first call reads it, some 200 kB. */
    public static PublicSuffixes bundled() {
        return Bundled.ICANN;
    }

    /**
     * Returns both sections of the list that this version came with, as far as they concern these names. Reads the
     * list, some 330 kB, with each call, and keeps only the rules for these names.
     */
    public static PublicSuffixes forNames(Collection<HostName> names) {
        Set<String> ends = new HashSet<>();
        names.forEach(name -> addEnds(name, ends));
        return read(lines -> parse(lines.filter(line -> concerns(line, ends))));
    }

    private static void addEnds(HostName name, Set<String> ends) {
        String end = name.value();
        while (!end.isEmpty() && ends.add(end)) {
            end = parent(end);
        }
    }

    /** Returns whether a line may have a rule for names with these ends. */
    private static boolean concerns(String line, Set<String> ends) {
        String rule = rule(line);
        return ends.contains(
                rule.startsWith("*.") ? rule.substring(2) : rule.startsWith("!") ? rule.substring(1) : rule);
    }

    private static PublicSuffixes read(Function<Stream<String>, PublicSuffixes> parser) {
        InputStream file = Objects.requireNonNull(
                PublicSuffixes.class.getResourceAsStream("public_suffix_list.dat"), "the list is not in the jar");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return parser.apply(reader.lines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param lines of the list's file, whose ICANN section is read */
    static PublicSuffixes parseIcann(Stream<String> lines) {
        return parse(lines.takeWhile(line -> !line.startsWith(END_OF_ICANN)));
    }

    private static PublicSuffixes parse(Stream<String> lines) {
        Set<String> rules = new HashSet<>();
        lines.filter(line -> !line.isBlank() && !line.startsWith("//"))
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

    /**
     * Returns the registered domain that the name belongs to: one label more than its suffix, or than its last label if
     * the list has no suffix for it. The name itself if it is no longer than that.
     */
    public HostName registeredDomain(HostName name) {
        String suffix = suffix(name).orElseGet(() -> lastLabel(name.value()));
        String domain = name.value();
        for (String parent = parent(domain); parent.length() > suffix.length(); parent = parent(parent)) {
            domain = parent;
        }
        return domain.equals(name.value()) ? name : new HostName(domain);
    }

    private static String lastLabel(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
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
