package org.ringcert.daemon.snippets.apache;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition of an {@code <If>}, evaluated for requests for challenges. A condition that is not understood may hold
 * for some of them and does not hold for all. Immutable.
 *
 * @param possible whether it may hold for some challenges
 * @param certain whether it holds for all challenges
 */
record IfCondition(boolean possible, boolean certain) {

    private static final IfCondition ALL = new IfCondition(true, true);
    private static final IfCondition SOME = new IfCondition(true, false);
    private static final IfCondition NONE = new IfCondition(false, false);

    /** A regular expression or a quoted string, within which no operator counts; otherwise an operator. */
    private static final Pattern PART = Pattern.compile(
            "(?<![\\w{])m([#|!,;:@/%+])(?:(?!\\1).)*\\1|(?<=~)\\s*/(?:\\\\.|[^/\\\\])*/|'[^']*'|\"[^\"]*\"|(?<and>&&|\\band\\b)|(?<other>\\|\\||\\bor\\b|\\bnot\\b|[()]|!(?![~=]))");

    private static final Pattern PATH = Pattern.compile(
            "%\\{REQUEST_URI\\}\\s*(?<sign>=~|!~)\\s*(?:m([#|!,;:@/%+])(?<delimited>(?:(?!\\2).)*)\\2|/(?<slashed>(?:\\\\.|[^/\\\\])*)/)(?<flags>[a-z]*)");

    /** Returns the condition of a section; an {@code <Else>} has none. */
    static IfCondition of(ApacheDirective section) {
        if (section.is("else")) {
            return ALL;
        }
        String text = section.word(0);
        IfCondition all = ALL;
        int begin = 0;
        Matcher part = PART.matcher(text);
        while (part.find()) {
            if (part.group("other") != null) {
                return SOME;
            }
            if (part.group("and") != null) {
                all = all.and(comparison(text.substring(begin, part.start())));
                begin = part.end();
            }
        }
        return all.and(comparison(text.substring(begin)));
    }

    private IfCondition and(IfCondition other) {
        return new IfCondition(possible && other.possible, certain && other.certain);
    }

    private static IfCondition comparison(String text) {
        Matcher path = PATH.matcher(text.strip());
        if (path.matches()) {
            String delimited = path.group("delimited");
            String regex = delimited != null ? delimited : path.group("slashed").replace("\\/", "/");
            String flagged = path.group("flags").contains("i") ? "(?i)" + regex : regex;
            IfCondition matched =
                    new IfCondition(ChallengePath.matchesSome(flagged), ChallengePath.matchesAll(flagged));
            return path.group("sign").equals("=~") ? matched : new IfCondition(!matched.certain, !matched.possible);
        }
        return switch (text.strip()) {
            case "true" -> ALL;
            case "false" -> NONE;
            default -> SOME;
        };
    }
}
