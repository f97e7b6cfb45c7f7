package org.ringcert.daemon.snippets.haproxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/** An address, or all that begin with the same bits. Immutable. */
record Network(InetAddress address, int prefix) {

    /** What is written as {@code ADDRESS} or {@code ADDRESS/BITS}; empty for all else, such as a name. */
    static Optional<Network> of(String written) {
        String[] parts = written.split("/", 2);
        try {
            InetAddress address = InetAddress.ofLiteral(parts[0]);
            int bits = address.getAddress().length * 8;
            int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
            return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new Network(address, prefix));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean has(InetAddress other) {
        byte[] own = address.getAddress();
        byte[] others = other.getAddress();
        int rest = own.length * 8 - prefix;
        return own.length == others.length
                && new BigInteger(1, own).shiftRight(rest).equals(new BigInteger(1, others).shiftRight(rest));
    }
}
