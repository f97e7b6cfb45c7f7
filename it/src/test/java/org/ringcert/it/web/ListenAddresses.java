package org.ringcert.it.web;

import java.util.regex.Pattern;

/**
 * Replaces addresses in printed configuration: instead of all addresses, a server of a test listens at one only,
 * because several servers share this machine. Nothing else is changed.
 */
final class ListenAddresses {

    private ListenAddresses() {}

    static String restrict(ServerProduct product, String printed, String address) {
        return switch (product) {
            case APACHE -> replace(printed, "(?m)^Listen (\\d+)$", "Listen " + address + ":$1");
            case NGINX ->
                replace(
                        replace(printed, "(?m)^ +listen \\[::\\]:.*\n", ""),
                        "(?m)^( +)listen (\\d+)",
                        "$1listen " + address + ":$2");
            case HAPROXY ->
                replace(printed, "(?m)^( +)bind (?:\\[::\\])?:(\\d+)(?: v4v6)?", "$1bind " + address + ":$2");
        };
    }

    private static String replace(String text, String pattern, String replacement) {
        return Pattern.compile(pattern).matcher(text).replaceAll(replacement);
    }
}
