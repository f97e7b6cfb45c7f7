package org.ringcert.daemon.check;

import java.time.Duration;
import java.util.Optional;

/** Whether a peer answers this server. */
sealed interface PeerState {

    /**
     * It answers.
     *
     * @param clockOffset how far its clock is ahead of this server's; empty if its response had no date
     */
    record Up(Optional<Duration> clockOffset) implements PeerState {}

    /**
     * It does not answer.
     *
     * @param reason half a sentence
     */
    record Down(String reason) implements PeerState {}

    /**
     * Something answers, but not in HTTP.
     *
     * @param where the address and the port
     */
    record Garbled(String where) implements PeerState {}
}
