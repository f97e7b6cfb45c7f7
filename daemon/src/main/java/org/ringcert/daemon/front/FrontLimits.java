package org.ringcert.daemon.front;

import java.time.Duration;

/**
 * Limits of one front. Timeouts are checked once a second, so they are exact to about a second.
 *
 * @param headTimeout from the first byte of a request (for the first request, from the start of the connection) to the
 *     end of its head, however many bytes trickle in
 * @param idleTimeout without a byte between two requests
 * @param answerTimeout for the responder to answer a challenge or to look; then 503
 * @param writeTimeout for the client to take a response
 * @param drainTimeout for reading and dropping what still arrives after the last response, if the client does not
 *     expect it to be the last or has not finished its request; without this, a reset could destroy the response
 * @param maxConnections open at the same time; any further one is closed as soon as it is accepted
 * @param maxConnectionsPerAddress open at the same time from one IPv4 address or one IPv6 network of 64 bits
 * @param loopbackExempt whether connections from this machine are exempt from the limit per address, as a proxy may run
 *     there
 * @param maxRequestsPerConnection after which a connection is closed
 * @param maxPendingAnswers requests that wait for an answer at the same time; any further one gets 503
 * @param maxPendingLooks requests to look that wait for an answer at the same time; any further one gets 503
 * @param maxUnfinishedBytes memory for all incomplete heads and unsent responses; the connection that exceeds it is
 *     closed
 */
public record FrontLimits(
        Duration headTimeout,
        Duration idleTimeout,
        Duration answerTimeout,
        Duration writeTimeout,
        Duration drainTimeout,
        int maxConnections,
        int maxConnectionsPerAddress,
        boolean loopbackExempt,
        int maxRequestsPerConnection,
        int maxPendingAnswers,
        int maxPendingLooks,
        long maxUnfinishedBytes) {

    /**
     * Returns limits for a heap of 64 MB. A CA's request arrives in one piece, and the CA waits for ten seconds at
     * most. A browser keeps a handful of connections open; a company behind one address keeps a few dozen. An answer
     * takes a second if peers must be asked, and four seconds if this node must look at a name. A connection itself
     * takes 1.5 KB, so 20,000 of them and all unfinished bytes fill two thirds of the heap.
     */
    public static FrontLimits standard() {
        return new FrontLimits(
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                20_000,
                100,
                true,
                1_000,
                1_000,
                16,
                8L * 1024 * 1024);
    }
}
