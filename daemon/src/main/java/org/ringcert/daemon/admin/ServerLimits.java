package org.ringcert.daemon.admin;

/**
 * The limits of the JDK's HTTP server. It reads them from system properties, once in the life of a JVM, when the first
 * server is made.
 *
 * <p>What a request costs: a connection without a byte takes 1 KB. From the first byte on it takes 30 KB, for the
 * buffers that the server allocates. {@link RequestThreads} limits how many do.
 */
final class ServerLimits {

    /** From the first byte of a request to the end of its head. A connection without a byte ends after it as well. */
    static final int REQUEST_SECONDS = 5;

    /** From the end of a request to the last byte of its response. The slowest answer is that of {@code /readyz}. */
    static final int RESPONSE_SECONDS = 30;

    /** For the names and values of all header fields. */
    static final int MAX_HEADER_BYTES = 8 * 1024;

    static final int MAX_HEADER_FIELDS = 64;

    /** Any further connection is closed as soon as it is accepted. */
    static final int MAX_CONNECTIONS = 4_000;

    private ServerLimits() {}

    /** Sets the properties. Has an effect only before the first server of this JVM is made. */
    static void apply() {
        System.setProperty("sun.net.httpserver.maxReqTime", String.valueOf(REQUEST_SECONDS));
        System.setProperty("sun.net.httpserver.maxRspTime", String.valueOf(RESPONSE_SECONDS));
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", String.valueOf(MAX_HEADER_BYTES));
        System.setProperty("sun.net.httpserver.maxReqHeaders", String.valueOf(MAX_HEADER_FIELDS));
        System.setProperty("jdk.httpserver.maxConnections", String.valueOf(MAX_CONNECTIONS));
        // Connections without a byte are closed by this timer, too. By default it runs every ten seconds.
        System.setProperty("sun.net.httpserver.clockTick", "1000");
        System.setProperty("sun.net.httpserver.idleInterval", String.valueOf(REQUEST_SECONDS));
        // Bodies are refused, so nothing is read of them.
        System.setProperty("sun.net.httpserver.drainAmount", "0");
        // Otherwise the header and the body are two packets, and the second waits for the first to be acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }
}
