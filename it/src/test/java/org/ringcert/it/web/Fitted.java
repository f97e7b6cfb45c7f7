package org.ringcert.it.web;

import java.util.regex.Pattern;

/**
 * Printed configuration for a test: where it listens at all addresses it is to listen at one, since several servers
 * share this machine. Nothing else is changed.
 */
final class Fitted {

    private Fitted() {}

    static String to(Make make, String printed, String address) {
        return switch (make) {
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

    private static String replace(String text, String pattern, String by) {
        return Pattern.compile(pattern).matcher(text).replaceAll(by);
    }
}
