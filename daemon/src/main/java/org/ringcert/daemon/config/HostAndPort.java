package org.ringcert.daemon.config;

import java.net.Inet6Address;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two halves of {@code host:port}. The host is not checked yet. It contains colons only if it was in brackets. */
record HostAndPort(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:\\[([^\\[\\]]*:[^\\[\\]]*)]|([^:\\[\\]]+)):([^:]*)");
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** @throws IllegalArgumentException if the form is wrong; the message shows the examples */
    static HostAndPort split(String written, String examples) {
        Matcher form = FORM.matcher(written);
        if (!form.matches()) {
            throw new IllegalArgumentException(problem(written) + "write an address and a port, such as " + examples);
        }
        String inBrackets = form.group(1);
        return new HostAndPort(inBrackets == null ? form.group(2) : inBrackets, port(form.group(3)));
    }

    /** Returns what is wrong with the form, as the beginning of a sentence; empty if nothing special is. */
    private static String problem(String written) {
        int colon = written.lastIndexOf(':');
        if (colon == 0) {
            return "there is no address before the port; ";
        }
        if (colon < 0) {
            return IpLiteral.isMeantAsOne(written) && !DIGITS.matcher(written).matches() ? "there is no port; " : "";
        }
        if (IpLiteral.isMeantAsOne(written) && !written.startsWith("[") && written.indexOf(':') < colon) {
            return "an IPv6 address needs brackets" + inBrackets(written, colon) + "; ";
        }
        return "";
    }

    private static String inBrackets(String written, int colon) {
        String host = written.substring(0, colon);
        String port = written.substring(colon + 1);
        return isIpv6(host) && DIGITS.matcher(port).matches() ? ", [" + host + "]:" + port : "";
    }

    private static boolean isIpv6(String written) {
        try {
            return written.indexOf(':') >= 0 && IpLiteral.parse(written) instanceof Inet6Address;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static int port(String digits) {
        if (digits.matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(digits);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        String problem = DIGITS.matcher(digits).matches() ? "the port is out of range; " : "";
        throw new IllegalArgumentException(problem + "a port is a number from 1 to 65535");
    }
}
