package org.ringcert.daemon.snippets.apache;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What in a configuration is about the path of a challenge. What cannot be told is taken for a yes. */
final class Challenge {

    private static final String FOLDER = "/.well-known/acme-challenge/";

    /** Tokens as CAs make them, and one as the shortest may be. */
    private static final List<String> TOKENS =
            List.of("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "_aaaaaaaaaaaaaa9", "0123456789abcdef");

    /** How the path begins in our rules, whatever their version. */
    private static final String PREFIX = "^/\\.well-known/acme-challenge/";

    /** The one rule that all have: what is no token gets 404. */
    private static final String OURS = PREFIX + "(?!";

    private Challenge() {}

    /** Whether that is a rule that {@code ringcert web} has printed. */
    static boolean isOurs(Directive directive) {
        return directive.is("rewriterule") && directive.word(0).startsWith(OURS);
    }

    /** Whether that is about challenges alone, as all our rules are. */
    static boolean isAboutChallenges(Directive rule) {
        return rule.word(0).startsWith(PREFIX);
    }

    /** Whether that section lets everybody in, as {@code ringcert web} prints it. */
    static boolean opens(Directive section) {
        return section.is("if")
                && section.mentions("acme-challenge")
                && section.inside().stream()
                        .anyMatch(directive -> directive.is("require") && directive.says("granted"));
    }

    /** A rule's pattern, which an exclamation mark turns round. */
    static boolean isMatchedByRule(String pattern) {
        return pattern.startsWith("!")
                ? !isMatched(pattern.substring(1)) || isRiddle(pattern.substring(1))
                : isMatched(pattern);
    }

    /** A regular expression that is looked for in the path. */
    static boolean isMatched(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return TOKENS.stream()
                    .anyMatch(token -> pattern.matcher(FOLDER + token).find());
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** The same, and that it is found in every path of a challenge. */
    static boolean areAllMatched(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return TOKENS.stream()
                    .allMatch(token -> pattern.matcher(FOLDER + token).find());
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean isRiddle(String expression) {
        try {
            Pattern.compile(expression);
            return false;
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** A path that stands for all below it, with wildcards that do not go beyond a slash. */
    static boolean isBelow(String path) {
        if (path.matches(".*[*?\\[].*")) {
            try {
                return FileSystems.getDefault()
                        .getPathMatcher("glob:" + path)
                        .matches(Path.of(FOLDER + TOKENS.getFirst()));
            } catch (PatternSyntaxException | InvalidPathException e) {
                return true;
            }
        }
        String folder = path.endsWith("/") ? path : path + "/";
        return FOLDER.startsWith(folder) || (FOLDER + TOKENS.getFirst()).equals(path);
    }
}
