package org.ringcert.view.ca;

import java.net.InetAddress;

/** Text from outside, made fit for messages. Stateless. */
final class Excerpt {

    private static final int MAX_CHARACTERS = 80;

    private Excerpt() {}

    /** Returns the text in printable ASCII, with a question mark for everything else, and shortened. */
    static String of(String text) {
        String start = text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) + "..." : text;
        StringBuilder printable = new StringBuilder();
        start.chars().forEach(c -> printable.append(c >= ' ' && c < 0x7f ? (char) c : '?'));
        return printable.toString();
    }

    /** Returns the address in its short form, without a scope. */
    static String of(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        return scope < 0 ? text : text.substring(0, scope);
    }
}
