package org.ringcert.daemon.snippets.haproxy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The conditions of rules (section 7 of HAProxy's Configuration Manual), as a request for a challenge meets them: named
 * and anonymous ACLs, which all have to hold up to an {@code or}, behind {@code if} or {@code unless}. What is not
 * understood holds {@link Holds#SOMETIMES}. Immutable.
 */
public final class Condition {

    /** A variable by which a request for a challenge is known when the answer comes. */
    public static final String MARK = "txn.ringcert";

    /**
     * When a rule is looked at. HAProxy knows no path before the request is there, nor when the answer is: an ACL that
     * asks for it does not hold then.
     */
    public enum Moment {
        CONNECTION,
        CONTENT,
        REQUEST,
        ANSWER
    }

    private static final String FOLDER = "/.well-known/acme-challenge/";

    /** Paths of challenges, with tokens as CAs make them and one as the shortest may be. */
    private static final List<String> PATHS = List.of(
            FOLDER + "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA",
            FOLDER + "_aaaaaaaaaaaaaa9",
            FOLDER + "0123456789abcdef");

    private static final Pattern PATH = Pattern.compile(
            "(?<what>path|pathq|url|capture\\.req\\.uri)(?:_(?<match>[a-z]+))?(?<converters>(?:,lower|,url_dec)*)");

    /** Section 7.4 of the manual; a CA sends GET. */
    private static final Map<String, Holds> PREDEFINED = Map.ofEntries(
            Map.entry("TRUE", Holds.ALWAYS),
            Map.entry("HTTP", Holds.ALWAYS),
            Map.entry("METH_GET", Holds.ALWAYS),
            Map.entry("HTTP_URL_SLASH", Holds.ALWAYS),
            Map.entry("WAIT_END", Holds.ALWAYS),
            Map.entry("FALSE", Holds.NEVER),
            Map.entry("HTTP_CONTENT", Holds.NEVER),
            Map.entry("HTTP_URL_ABS", Holds.NEVER),
            Map.entry("HTTP_URL_STAR", Holds.NEVER),
            Map.entry("METH_CONNECT", Holds.NEVER),
            Map.entry("METH_DELETE", Holds.NEVER),
            Map.entry("METH_HEAD", Holds.NEVER),
            Map.entry("METH_OPTIONS", Holds.NEVER),
            Map.entry("METH_POST", Holds.NEVER),
            Map.entry("METH_PUT", Holds.NEVER),
            Map.entry("METH_TRACE", Holds.NEVER));

    private final List<Line> lists;
    private final Moment moment;
    private final boolean marked;
    private final List<InetAddress> askers;

    /**
     * Conditions of one section.
     *
     * @param lists its {@code acl} lines
     * @param marked whether requests for challenges get {@link #MARK}
     * @param askers addresses from which challenges are asked for, beside those of the CA, which nobody knows
     *     beforehand
     */
    public Condition(List<Line> lists, Moment moment, boolean marked, List<InetAddress> askers) {
        this.lists = List.copyOf(lists);
        this.moment = moment;
        this.marked = marked;
        this.askers = List.copyOf(askers);
    }

    /** Whether the line's rule is for challenges; always, where it has no condition. */
    public Holds holds(Line line) {
        for (int i = 1; i < line.words().size(); i++) {
            List<String> terms = line.words().subList(i + 1, line.words().size());
            switch (line.word(i)) {
                case "if" -> {
                    return terms(terms);
                }
                case "unless" -> {
                    return terms(terms).not();
                }
                default -> {}
            }
        }
        return Holds.ALWAYS;
    }

    private Holds terms(List<String> words) {
        Holds any = Holds.NEVER;
        Holds all = Holds.ALWAYS;
        boolean negated = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            while (word.startsWith("!")) {
                negated = !negated;
                word = word.substring(1);
            }
            if (word.isEmpty()) {
                continue;
            }
            if (word.equals("or") || word.equals("||")) {
                any = any.or(all);
                all = Holds.ALWAYS;
                continue;
            }
            Holds term;
            if (word.equals("{")) {
                List<String> rest = words.subList(i + 1, words.size());
                int end = rest.contains("}") ? rest.indexOf("}") : rest.size();
                term = test(rest.subList(0, end));
                i += end + 1;
            } else {
                term = named(word);
            }
            all = all.and(negated ? term.not() : term);
            negated = false;
        }
        return any.or(all);
    }

    private Holds named(String name) {
        return lists.stream()
                .filter(line -> line.word(1).equals(name))
                .map(line -> test(line.words().subList(2, line.words().size())))
                .reduce(Holds::or)
                .orElseGet(() -> PREDEFINED.getOrDefault(name, Holds.SOMETIMES));
    }

    private Holds test(List<String> words) {
        String what = words.isEmpty() ? "" : words.getFirst();
        String match = "";
        boolean anyCase = false;
        List<String> values = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (!values.isEmpty() || !word.startsWith("-")) {
                values.add(word);
            } else if (word.equals("-i")) {
                anyCase = true;
            } else if (word.equals("-m")) {
                match = i + 1 < words.size() ? words.get(++i) : "";
            } else if (word.equals("--")) {
                values.addAll(words.subList(i + 1, words.size()));
                break;
            } else {
                return what.equals("src") ? source(List.of()) : Holds.SOMETIMES;
            }
        }
        Matcher path = PATH.matcher(what);
        if (path.matches()) {
            return path(path, match, anyCase, values);
        }
        return switch (what) {
            case "always_true" -> Holds.ALWAYS;
            case "always_false" -> Holds.NEVER;
            case "method" -> values.contains("GET") ? Holds.ALWAYS : Holds.NEVER;
            case "src" -> source(values);
            case "var(" + MARK + ")" -> marked ? Holds.ALWAYS : Holds.NEVER;
            default -> Holds.SOMETIMES;
        };
    }

    /**
     * A list of addresses that are refused is none of the CA's, as far as anyone knows; a list of those that are let in
     * is.
     */
    private Holds source(List<String> values) {
        if (moment != Moment.CONNECTION && moment != Moment.CONTENT) {
            return Holds.SOMETIMES;
        }
        return askers.stream()
                        .anyMatch(asker -> values.stream()
                                .flatMap(value -> Network.of(value).stream())
                                .anyMatch(network -> network.has(asker)))
                ? Holds.SOMETIMES
                : Holds.NEVER;
    }

    private Holds path(Matcher path, String flag, boolean anyCase, List<String> values) {
        boolean captured = path.group("what").startsWith("capture");
        if (moment == Moment.CONNECTION || (moment == Moment.ANSWER && !captured)) {
            return Holds.NEVER;
        }
        // With an answer it is there only where something else, such as a format of the log, has made HAProxy keep it.
        if (moment == Moment.CONTENT || moment == Moment.ANSWER) {
            return Holds.SOMETIMES;
        }
        String match = path.group("match") != null ? path.group("match") : flag;
        boolean lower = anyCase || path.group("converters").contains("lower");
        Holds holds = Holds.NEVER;
        for (String value : values) {
            holds = holds.or(matches(match, anyCase, lower, value));
        }
        return match.equals("found") ? Holds.ALWAYS : holds;
    }

    private static Holds matches(String match, boolean anyCase, boolean lower, String written) {
        String value = anyCase ? written.toLowerCase(Locale.ROOT) : written;
        Predicate<String> test;
        switch (match) {
            case "", "str" -> test = value::equals;
            case "beg" -> test = path -> path.startsWith(value);
            case "end" -> test = path -> path.endsWith(value);
            case "sub" -> test = path -> path.contains(value);
            case "dir" -> test = path -> (path + "/").contains("/" + value.replaceAll("^/+|/+$", "") + "/");
            case "reg" -> {
                try {
                    test = Pattern.compile(written, anyCase ? Pattern.CASE_INSENSITIVE : 0)
                            .asPredicate();
                } catch (PatternSyntaxException e) {
                    return Holds.SOMETIMES;
                }
            }
            default -> {
                return Holds.SOMETIMES;
            }
        }
        long matched = PATHS.stream()
                .map(path -> lower ? path.toLowerCase(Locale.ROOT) : path)
                .filter(test)
                .count();
        boolean one = written.startsWith(FOLDER) && written.length() > FOLDER.length();
        return matched == PATHS.size() ? Holds.ALWAYS : matched > 0 || one ? Holds.SOMETIMES : Holds.NEVER;
    }
}
