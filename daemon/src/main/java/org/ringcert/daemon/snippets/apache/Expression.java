package org.ringcert.daemon.snippets.apache;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition of an {@code <If>}, as requests for challenges meet it. What is not understood may hold, and does not
 * surely. Immutable.
 *
 * @param may whether it holds for some of them
 * @param surely whether it holds for all of them
 */
record Expression(boolean may, boolean surely) {

    private static final Expression ALL = new Expression(true, true);
    private static final Expression SOME = new Expression(true, false);
    private static final Expression NONE = new Expression(false, false);

    /** What is one thing, so that the signs within it join nothing; then the signs that join. */
    private static final Pattern PART = Pattern.compile(
            "(?<![\\w{])m([#|!,;:@/%+])(?:(?!\\1).)*\\1|(?<=~)\\s*/(?:\\\\.|[^/\\\\])*/|'[^']*'|\"[^\"]*\"|(?<and>&&|\\band\\b)|(?<other>\\|\\||\\bor\\b|\\bnot\\b|[()]|!(?![~=]))");

    private static final Pattern PATH = Pattern.compile(
            "%\\{REQUEST_URI\\}\\s*(?<sign>=~|!~)\\s*(?:m([#|!,;:@/%+])(?<marked>(?:(?!\\2).)*)\\2|/(?<slashed>(?:\\\\.|[^/\\\\])*)/)(?<flags>[a-z]*)");

    /** The condition of that section; an {@code <Else>} has none. */
    static Expression of(Directive section) {
        if (section.is("else")) {
            return ALL;
        }
        String text = section.word(0);
        Expression all = ALL;
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

    private Expression and(Expression other) {
        return new Expression(may && other.may, surely && other.surely);
    }

    private static Expression comparison(String text) {
        Matcher path = PATH.matcher(text.strip());
        if (path.matches()) {
            String marked = path.group("marked");
            String regex = marked != null ? marked : path.group("slashed").replace("\\/", "/");
            String flagged = path.group("flags").contains("i") ? "(?i)" + regex : regex;
            Expression matched = new Expression(Challenge.isMatched(flagged), Challenge.areAllMatched(flagged));
            return path.group("sign").equals("=~") ? matched : new Expression(!matched.surely, !matched.may);
        }
        return switch (text.strip()) {
            case "true" -> ALL;
            case "false" -> NONE;
            default -> SOME;
        };
    }
}
