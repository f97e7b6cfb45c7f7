package org.ringcert.daemon.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.acme.ExternalAccountBinding;

/**
 * Reads the text of a file with credentials for external account binding. Its form is two lines, {@code kid = ...} and
 * {@code hmac = ...}, in any order. Read as well, because people paste it: quotes, a colon for the equals sign, a comma
 * at the end, {@code export}, comments after {@code #} at the start of a line, and the names that CAs and their clients
 * use. No message contains anything of the text, because any part of it may be the secret.
 */
final class BindingText {

    private static final Set<String> KEY_ID_NAMES =
            Set.of("kid", "keyid", "eabkid", "eabkeyid", "eabkeyidentifier", "keyidentifier");
    private static final Set<String> HMAC_NAMES = Set.of(
            "hmac", "hmackey", "eabhmac", "eabhmackey", "eabkey", "mackey", "eabmackey", "b64mackey", "eabmacb64key");

    private static final String FORM = "write two lines, kid = ... and hmac = ...";

    /** A name of letters, digits, and hyphens or underscores, then a separator. Base64 ends in = without a value. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("(?:export\\s+)?[\"']?([A-Za-z][A-Za-z0-9_-]{0,40})[\"']?\\s*[=:]\\s*([^=].*)");

    private static final Pattern NO_VALUE =
            Pattern.compile("(?:export\\s+)?[\"']?([A-Za-z][A-Za-z0-9_-]{0,40})[\"']?\\s*[=:]?\\s*,?");

    private Optional<String> keyId = Optional.empty();
    private Optional<String> hmac = Optional.empty();

    private BindingText() {}

    /**
     * Returns the credentials in a file for {@code eab-file}.
     *
     * @throws IllegalArgumentException if they are not both there, or not usable; the message says what to write where
     */
    static ExternalAccountBinding parse(String text) {
        BindingText credentials = new BindingText();
        credentials.readAssignments(text);
        return ExternalAccountBinding.parse(
                credentials.keyId.orElseThrow(() -> new IllegalArgumentException("the key id is missing; " + FORM)),
                credentials.hmac.orElseThrow(() -> new IllegalArgumentException("the HMAC key is missing; " + FORM)));
    }

    /**
     * Returns the HMAC key in a file for {@code eab-hmac-file}: alone, on one line or wrapped, or as {@code hmac =
     * ...}.
     *
     * @throws IllegalArgumentException if the file has no key or more than that; the message says what to write
     */
    static String parseHmac(String text) {
        List<String> lines = contentOf(text);
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("this file is empty; write the HMAC key there");
        }
        if (!ASSIGNMENT.matcher(lines.getFirst()).matches()) {
            return String.join("", lines);
        }
        BindingText credentials = new BindingText();
        credentials.readAssignments(text);
        if (credentials.keyId.isPresent()) {
            throw new IllegalArgumentException(
                    "this file has a key id as well; name it as eab-file, and leave eab-kid and eab-hmac-file out");
        }
        return credentials.hmac.orElseThrow();
    }

    private static List<String> contentOf(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private void readAssignments(String text) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                readAssignment(i + 1, withoutBrackets(line));
            }
        }
    }

    /** The output of gcloud begins with a bracket and ends with one. */
    private static String withoutBrackets(String line) {
        return line.replaceFirst("^\\[", "").replaceFirst("]$", "");
    }

    private void readAssignment(int number, String line) {
        Matcher assignment = ASSIGNMENT.matcher(line);
        String name = assignment.matches() ? normalized(assignment.group(1)) : "";
        checkHasValue(number, line);
        if (KEY_ID_NAMES.contains(name)) {
            keyId = onlyOnce(number, keyId, assignment.group(2));
        } else if (HMAC_NAMES.contains(name)) {
            hmac = onlyOnce(number, hmac, assignment.group(2));
        } else {
            throw new IllegalArgumentException("line " + number + " of this file is not understood; " + FORM);
        }
    }

    private static void checkHasValue(int number, String line) {
        Matcher nameAlone = NO_VALUE.matcher(line);
        if (nameAlone.matches()) {
            String name = normalized(nameAlone.group(1));
            if (KEY_ID_NAMES.contains(name) || HMAC_NAMES.contains(name)) {
                throw new IllegalArgumentException("line " + number + " of this file has a name and no value; " + FORM);
            }
        }
    }

    private static String normalized(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    private static boolean isQuote(char c) {
        return c == '"' || c == '\'' || c == '`';
    }

    private static Optional<String> onlyOnce(int number, Optional<String> previous, String value) {
        if (previous.isPresent()) {
            throw new IllegalArgumentException("line " + number + " of this file gives a value a second time; " + FORM);
        }
        String stripped = value.strip();
        String withoutComma = stripped.endsWith(",")
                ? stripped.substring(0, stripped.length() - 1).strip()
                : stripped;
        if (isQuote(withoutComma.charAt(0)) != isQuote(withoutComma.charAt(withoutComma.length() - 1))) {
            throw new IllegalArgumentException("the value in line " + number
                    + " of this file has a quote at one end only; write quotes at both ends or none");
        }
        return Optional.of(withoutComma);
    }
}
