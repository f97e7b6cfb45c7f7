package org.ringcert.view.ca;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The value of a CAA record about issuance (RFC 8659, section 4.2), read as strictly as Let's Encrypt does. Immutable.
 *
 * @param issuer the CA's name as written; empty if the record allows no CA
 */
record CaaIssue(String issuer, List<Parameter> parameters) {

    /** One parameter. The tag is in lower case. */
    record Parameter(String tag, String value) {}

    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9]+");
    private static final Pattern VALUE = Pattern.compile("[!-:<-~]*");
    private static final Pattern METHOD = Pattern.compile("[A-Za-z0-9-]+");

    CaaIssue {
        parameters = List.copyOf(parameters);
    }

    /** Returns the parsed value, or empty if it is malformed. A malformed record allows nothing. */
    static Optional<CaaIssue> parse(String value) {
        String[] parts = value.split(";", -1);
        List<Parameter> parameters = new ArrayList<>();
        // A single semicolon may follow the name of the CA.
        boolean isWithoutParameters = parts.length == 2 && strip(parts[1]).isEmpty();
        for (int i = 1; i < parts.length && !isWithoutParameters; i++) {
            Optional<Parameter> parameter = parameter(parts[i]);
            if (parameter.isEmpty()) {
                return Optional.empty();
            }
            parameters.add(parameter.get());
        }
        return Optional.of(new CaaIssue(strip(parts[0]), parameters));
    }

    private static Optional<Parameter> parameter(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        String tag = strip(text.substring(0, equals));
        String value = strip(text.substring(equals + 1));
        return TAG.matcher(tag).matches() && VALUE.matcher(value).matches()
                ? Optional.of(new Parameter(tag.toLowerCase(Locale.ROOT), value))
                : Optional.empty();
    }

    /** Strips blanks and tabs, the only white space of the grammar. */
    private static String strip(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Returns whether the record is for one account or several. */
    boolean namesAccounts() {
        return !values("accounturi").isEmpty();
    }

    /** Two accounts in one record match none (RFC 8657, section 3). */
    boolean allowsAccount(Optional<String> url) {
        List<String> accounts = values("accounturi");
        return accounts.isEmpty()
                || (accounts.size() == 1
                        && url.filter(accounts.getFirst()::equals).isPresent());
    }

    /** One malformed method, or two lists, make the record match none (RFC 8657, section 4). */
    boolean allowsMethod(String method) {
        List<String> lists = values("validationmethods");
        if (lists.isEmpty()) {
            return true;
        }
        List<String> methods = List.of(lists.getFirst().split(",", -1));
        return lists.size() == 1
                && methods.contains(method)
                && methods.stream().allMatch(each -> METHOD.matcher(each).matches());
    }

    private List<String> values(String tag) {
        return parameters.stream()
                .filter(each -> each.tag().equals(tag))
                .map(Parameter::value)
                .toList();
    }
}
