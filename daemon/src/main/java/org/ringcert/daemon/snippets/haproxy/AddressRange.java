package org.ringcert.daemon.snippets.haproxy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A range of addresses that begin with the same bits; a single address if the prefix has its full length. Immutable.
 */
record AddressRange(InetAddress address, int prefix) {

    /** Parses {@code ADDRESS} or {@code ADDRESS/BITS}; empty for anything else, such as a name. */
    static Optional<AddressRange> of(String written) {
        String[] parts = written.split("/", 2);
        try {
            InetAddress address = InetAddress.ofLiteral(parts[0]);
            int bits = address.getAddress().length * 8;
            int prefix = parts.length == 1 ? bits : Integer.parseInt(parts[1]);
            return prefix < 0 || prefix > bits ? Optional.empty() : Optional.of(new AddressRange(address, prefix));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean contains(InetAddress other) {
        byte[] ownBytes = address.getAddress();
        byte[] otherBytes = other.getAddress();
        int suffixLength = ownBytes.length * 8 - prefix;
        return ownBytes.length == otherBytes.length
                && new BigInteger(1, ownBytes)
                        .shiftRight(suffixLength)
                        .equals(new BigInteger(1, otherBytes).shiftRight(suffixLength));
    }
}
