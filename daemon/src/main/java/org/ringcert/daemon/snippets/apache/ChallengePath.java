package org.ringcert.daemon.snippets.apache;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.ringcert.challenge.Token;

/** Tests whether parts of a configuration concern the path of a challenge. When in doubt, the answer is yes. */
final class ChallengePath {

    private static final String FOLDER = Token.PATH_PREFIX;

    /** Two tokens as CAs create them, and one of the minimum length. */
    private static final List<String> TOKENS =
            List.of("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA", "_aaaaaaaaaaaaaa9", "0123456789abcdef");

    /** The beginning of the pattern in all rules that Ringcert has ever printed. */
    static final String PREFIX = "^/\\.well-known/acme-challenge/";

    /** The beginning of the one rule that all versions have: it answers 404 to anything that is not a token. */
    private static final String TOKEN_RULE = PREFIX + "(?!";

    private ChallengePath() {}

    /** Returns whether {@code ringcert web} has printed the directive. */
    static boolean isRingcertRule(ApacheDirective directive) {
        return directive.is("rewriterule") && directive.word(0).startsWith(TOKEN_RULE);
    }

    /** Returns whether the rule is for challenges only, as all of Ringcert's are. */
    static boolean isForChallenges(ApacheDirective rule) {
        return rule.word(0).startsWith(PREFIX);
    }

    /** Returns whether the section grants access to everybody, as {@code ringcert web} prints it. */
    static boolean grantsAccess(ApacheDirective section) {
        return section.is("if")
                && section.mentions("acme-challenge")
                && section.inside().stream()
                        .anyMatch(directive -> directive.is("require") && directive.hasWord("granted"));
    }

    /** Returns whether a rewrite rule's pattern, which an exclamation mark negates, matches a challenge. */
    static boolean matchesRulePattern(String pattern) {
        return pattern.startsWith("!")
                ? !matchesSome(pattern.substring(1)) || isUnsupported(pattern.substring(1))
                : matchesSome(pattern);
    }

    /** Returns whether a regular expression is found in the path of some challenge. */
    static boolean matchesSome(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return TOKENS.stream()
                    .anyMatch(token -> pattern.matcher(FOLDER + token).find());
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** Returns whether a regular expression is found in the path of every challenge. */
    static boolean matchesAll(String expression) {
        try {
            Pattern pattern = Pattern.compile(expression);
            return TOKENS.stream()
                    .allMatch(token -> pattern.matcher(FOLDER + token).find());
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static boolean isUnsupported(String expression) {
        try {
            Pattern.compile(expression);
            return false;
        } catch (PatternSyntaxException e) {
            return true;
        }
    }

    /** Returns whether a challenge lies below the path. The path may have wildcards, which do not match a slash. */
    static boolean covers(String path) {
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
