package org.ringcert.daemon.front;

import java.time.Duration;

/**
 * What one front bears. Time limits are looked after once a second, so they hold to about a second.
 *
 * @param head from the first byte of a request (of the first one: from the connection's start) to the end of its head,
 *     however many bytes trickle in
 * @param idle without a byte between two requests
 * @param answer until whoever knows the challenges has answered; then 503
 * @param write until the client has taken an answer
 * @param linger after a last answer that the client does not expect to be the last, or has not finished its request
 *     for: so long, what still arrives is read and dropped, or the answer would be lost in a reset
 * @param connections at the same time; one more is closed as soon as it is accepted
 * @param connectionsPerAddress at the same time from one IPv4 address or one IPv6 network of 64 bits
 * @param loopbackExempt whether connections from this machine are not counted by address: a proxy may stand there
 * @param requests on one connection, then it is closed
 * @param answersInWork requests that wait for an answer at the same time; one more gets 503
 * @param unfinishedBytes memory for all heads that are not complete and answers that are not taken; the connection that
 *     needs more is closed
 */
public record FrontLimits(
        Duration head,
        Duration idle,
        Duration answer,
        Duration write,
        Duration linger,
        int connections,
        int connectionsPerAddress,
        boolean loopbackExempt,
        int requests,
        int answersInWork,
        long unfinishedBytes) {

    /**
     * What suits a heap of 64 MB. A CA's request comes in one piece and waits for ten seconds at most; a browser keeps
     * a handful of connections, a company behind one address some dozens; an answer takes a second where peers must be
     * asked. A connection in itself takes 1.5 KB, so 20,000 of them and all that is unfinished fill two thirds of the
     * heap.
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
                8L * 1024 * 1024);
    }
}
