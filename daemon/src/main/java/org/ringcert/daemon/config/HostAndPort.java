package org.ringcert.daemon.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two halves of {@code host:port}. The host is not checked yet. It contains colons only if it was in brackets. */
record HostAndPort(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]*:[^\\[\\]]*)]|([^:\\[\\]]+)):([^:]*)");

    /** @throws IllegalArgumentException if the form is wrong; the message shows the examples */
    static HostAndPort split(String written, String examples) {
        Matcher form = FORM.matcher(written);
        if (!form.matches()) {
            throw new IllegalArgumentException("write an address and a port, such as " + examples);
        }
        String inBrackets = form.group(1);
        return new HostAndPort(inBrackets == null ? form.group(2) : inBrackets, port(form.group(3)));
    }

    private static int port(String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException("a port is a number from 1 to 65535");
    }
}
