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
import org.ringcert.challenge.Token;

/**
 * Evaluates the conditions of rules (section 7 of HAProxy's Configuration Manual) for requests for challenges. A
 * condition follows {@code if} or {@code unless} and consists of named and anonymous ACLs, which must all hold, in
 * alternatives separated by {@code or}. Conditions that are not understood evaluate to {@link Applicability#MAYBE}.
 * Immutable.
 */
public final class ConditionEvaluator {

    /** The variable that marks a request for a challenge, so that rules for the response can test it. */
    public static final String CHALLENGE_VARIABLE = "txn.ringcert";

    /**
     * When HAProxy evaluates a rule. It knows no path before it has read the request, nor when it has the response; an
     * ACL that tests the path is false then.
     */
    public enum Moment {
        CONNECTION,
        CONTENT,
        REQUEST,
        RESPONSE
    }

    /** Whether requests for challenges have the variable {@link #CHALLENGE_VARIABLE}. */
    public enum Marking {
        MARKED,
        UNMARKED
    }

    private static final String FOLDER = Token.PATH_PREFIX;

    /** Paths of challenges: two with tokens as CAs create them, and one of the minimum length. */
    private static final List<String> PATHS = List.of(
            FOLDER + "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA",
            FOLDER + "_aaaaaaaaaaaaaa9",
            FOLDER + "0123456789abcdef");

    private static final Pattern PATH = Pattern.compile(
            "(?<fetch>path|pathq|url|capture\\.req\\.uri)(?:_(?<match>[a-z]+))?(?<converters>(?:,lower|,url_dec)*)");

    /** Predefined ACLs (section 7.4 of the manual). A CA sends GET. */
    private static final Map<String, Applicability> PREDEFINED = Map.ofEntries(
            Map.entry("TRUE", Applicability.ALWAYS),
            Map.entry("HTTP", Applicability.ALWAYS),
            Map.entry("METH_GET", Applicability.ALWAYS),
            Map.entry("HTTP_URL_SLASH", Applicability.ALWAYS),
            Map.entry("WAIT_END", Applicability.ALWAYS),
            Map.entry("FALSE", Applicability.NEVER),
            Map.entry("HTTP_CONTENT", Applicability.NEVER),
            Map.entry("HTTP_URL_ABS", Applicability.NEVER),
            Map.entry("HTTP_URL_STAR", Applicability.NEVER),
            Map.entry("METH_CONNECT", Applicability.NEVER),
            Map.entry("METH_DELETE", Applicability.NEVER),
            Map.entry("METH_HEAD", Applicability.NEVER),
            Map.entry("METH_OPTIONS", Applicability.NEVER),
            Map.entry("METH_POST", Applicability.NEVER),
            Map.entry("METH_PUT", Applicability.NEVER),
            Map.entry("METH_TRACE", Applicability.NEVER));

    private final List<HaproxyLine> acls;
    private final Moment moment;
    private final Marking marking;
    private final List<InetAddress> peerAddresses;

    /**
     * Evaluates the conditions of one section.
     *
     * @param acls its {@code acl} lines
     * @param moment when the rules are evaluated
     * @param marking whether requests for challenges have the variable {@link #CHALLENGE_VARIABLE}
     * @param peerAddresses addresses that request challenges, in addition to those of the CA, which nobody knows in
     *     advance
     */
    public ConditionEvaluator(List<HaproxyLine> acls, Moment moment, Marking marking, List<InetAddress> peerAddresses) {
        this.acls = List.copyOf(acls);
        this.moment = moment;
        this.marking = marking;
        this.peerAddresses = List.copyOf(peerAddresses);
    }

    /** Returns whether the rule of a line applies to challenges; always if it has no condition. */
    public Applicability evaluate(HaproxyLine line) {
        for (int i = 1; i < line.words().size(); i++) {
            List<String> condition = line.words().subList(i + 1, line.words().size());
            switch (line.word(i)) {
                case "if" -> {
                    return disjunction(condition);
                }
                case "unless" -> {
                    return disjunction(condition).not();
                }
                default -> {}
            }
        }
        return Applicability.ALWAYS;
    }

    private Applicability disjunction(List<String> words) {
        Applicability any = Applicability.NEVER;
        Applicability all = Applicability.ALWAYS;
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
                all = Applicability.ALWAYS;
                continue;
            }
            Applicability term;
            if (word.equals("{")) {
                List<String> remaining = words.subList(i + 1, words.size());
                int end = remaining.contains("}") ? remaining.indexOf("}") : remaining.size();
                term = evaluateTest(remaining.subList(0, end));
                i += end + 1;
            } else {
                term = evaluateNamed(word);
            }
            all = all.and(negated ? term.not() : term);
            negated = false;
        }
        return any.or(all);
    }

    private Applicability evaluateNamed(String name) {
        return acls.stream()
                .filter(line -> line.word(1).equals(name))
                .map(line -> evaluateTest(line.words().subList(2, line.words().size())))
                .reduce(Applicability::or)
                .orElseGet(() -> PREDEFINED.getOrDefault(name, Applicability.MAYBE));
    }

    private Applicability evaluateTest(List<String> words) {
        String fetch = words.isEmpty() ? "" : words.getFirst();
        String match = "";
        boolean ignoreCase = false;
        List<String> values = new ArrayList<>();
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            if (!values.isEmpty() || !word.startsWith("-")) {
                values.add(word);
            } else if (word.equals("-i")) {
                ignoreCase = true;
            } else if (word.equals("-m")) {
                match = i + 1 < words.size() ? words.get(++i) : "";
            } else if (word.equals("--")) {
                values.addAll(words.subList(i + 1, words.size()));
                break;
            } else {
                return fetch.equals("src") ? source(List.of()) : Applicability.MAYBE;
            }
        }
        Matcher path = PATH.matcher(fetch);
        if (path.matches()) {
            return path(path, match, ignoreCase, values);
        }
        return switch (fetch) {
            case "always_true" -> Applicability.ALWAYS;
            case "always_false" -> Applicability.NEVER;
            case "method" -> values.contains("GET") ? Applicability.ALWAYS : Applicability.NEVER;
            case "src" -> source(values);
            case "var(" + CHALLENGE_VARIABLE + ")" ->
                marking == Marking.MARKED ? Applicability.ALWAYS : Applicability.NEVER;
            default -> Applicability.MAYBE;
        };
    }

    /**
     * Evaluates a test of the source address. Nobody knows the CA's addresses, so no list is assumed to contain them: a
     * list of rejected addresses does not affect the CA, and a list of allowed addresses excludes it.
     */
    private Applicability source(List<String> values) {
        if (moment != Moment.CONNECTION && moment != Moment.CONTENT) {
            return Applicability.MAYBE;
        }
        return peerAddresses.stream()
                        .anyMatch(peer -> values.stream()
                                .flatMap(value -> AddressRange.of(value).stream())
                                .anyMatch(range -> range.contains(peer)))
                ? Applicability.MAYBE
                : Applicability.NEVER;
    }

    private Applicability path(Matcher path, String flag, boolean ignoreCase, List<String> values) {
        boolean captured = path.group("fetch").startsWith("capture");
        if (moment == Moment.CONNECTION || (moment == Moment.RESPONSE && !captured)) {
            return Applicability.NEVER;
        }
        // A captured URI is known with the response only if something else, such as a log format, made HAProxy keep it.
        if (moment == Moment.CONTENT || moment == Moment.RESPONSE) {
            return Applicability.MAYBE;
        }
        String match = path.group("match") != null ? path.group("match") : flag;
        boolean lower = ignoreCase || path.group("converters").contains("lower");
        Applicability result = Applicability.NEVER;
        for (String value : values) {
            result = result.or(matches(match, ignoreCase, lower, value));
        }
        return match.equals("found") ? Applicability.ALWAYS : result;
    }

    private static Applicability matches(String match, boolean ignoreCase, boolean lower, String written) {
        String value = ignoreCase ? written.toLowerCase(Locale.ROOT) : written;
        Predicate<String> test;
        switch (match) {
            case "", "str" -> test = value::equals;
            case "beg" -> test = path -> path.startsWith(value);
            case "end" -> test = path -> path.endsWith(value);
            case "sub" -> test = path -> path.contains(value);
            case "dir" -> test = path -> (path + "/").contains("/" + value.replaceAll("^/+|/+$", "") + "/");
            case "reg" -> {
                try {
                    test = Pattern.compile(written, ignoreCase ? Pattern.CASE_INSENSITIVE : 0)
                            .asPredicate();
                } catch (PatternSyntaxException e) {
                    return Applicability.MAYBE;
                }
            }
            default -> {
                return Applicability.MAYBE;
            }
        }
        long matchCount = PATHS.stream()
                .map(path -> lower ? path.toLowerCase(Locale.ROOT) : path)
                .filter(test)
                .count();
        boolean isOneToken = written.startsWith(FOLDER) && written.length() > FOLDER.length();
        return matchCount == PATHS.size()
                ? Applicability.ALWAYS
                : matchCount > 0 || isOneToken ? Applicability.MAYBE : Applicability.NEVER;
    }
}
