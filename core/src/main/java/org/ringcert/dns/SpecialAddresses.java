package org.ringcert.dns;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The blocks of IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890), and multicast. Let's Encrypt
 * connects to none of them, even where a part of a block is in public use.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry/">IPv4 registry</a>
 * @see <a href="https://www.iana.org/assignments/iana-ipv6-special-registry/">IPv6 registry</a>
 */
public final class SpecialAddresses {

    /** Where blocks overlap, the smaller one comes first. */
    private static final List<Block> BLOCKS = List.of(
            block("0.0.0.0/8", "an address of \"this network\" (RFC 791)"),
            block("10.0.0.0/8", "a private address (RFC 1918)"),
            block("100.64.0.0/10", "an address of a provider's NAT (RFC 6598)"),
            block("127.0.0.0/8", "a loopback address (RFC 1122)"),
            block("169.254.0.0/16", "a link-local address (RFC 3927)"),
            block("172.16.0.0/12", "a private address (RFC 1918)"),
            block("192.0.0.0/24", "an address for protocols of the IETF (RFC 6890)"),
            block("192.0.2.0/24", "an address for documentation (RFC 5737)"),
            block("192.31.196.0/24", "an AS112 address (RFC 7535)"),
            block("192.52.193.0/24", "an AMT address (RFC 7450)"),
            block("192.88.99.0/24", "an address of former 6to4 relays (RFC 7526)"),
            block("192.168.0.0/16", "a private address (RFC 1918)"),
            block("192.175.48.0/24", "an AS112 address (RFC 7534)"),
            block("198.18.0.0/15", "an address for benchmarks (RFC 2544)"),
            block("198.51.100.0/24", "an address for documentation (RFC 5737)"),
            block("203.0.113.0/24", "an address for documentation (RFC 5737)"),
            block("224.0.0.0/4", "a multicast address (RFC 5771)"),
            block("255.255.255.255/32", "the broadcast address (RFC 919)"),
            block("240.0.0.0/4", "a reserved address (RFC 1112)"),
            block("::/128", "the unspecified address (RFC 4291)"),
            block("::1/128", "a loopback address (RFC 4291)"),
            block("::ffff:0:0/96", "an IPv4 address in the form of an IPv6 one (RFC 4291)"),
            block("64:ff9b::/96", "an address of NAT64 (RFC 6052)"),
            block("64:ff9b:1::/48", "an address of NAT64 (RFC 8215)"),
            block("100::/64", "an address for discarded packets (RFC 6666)"),
            block("100:0:0:1::/64", "an address for dummy routes (RFC 9780)"),
            block("2001::/32", "an address of Teredo (RFC 4380)"),
            block("2001::/23", "an address for protocols of the IETF (RFC 2928)"),
            block("2001:db8::/32", "an address for documentation (RFC 3849)"),
            block("2002::/16", "an address of 6to4 (RFC 3056)"),
            block("2620:4f:8000::/48", "an AS112 address (RFC 7534)"),
            block("3fff::/20", "an address for documentation (RFC 9637)"),
            block("5f00::/16", "an address for segment routing (RFC 9602)"),
            block("fc00::/7", "a private address (RFC 4193)"),
            block("fe80::/10", "a link-local address (RFC 4291)"),
            block("ff00::/8", "a multicast address (RFC 4291)"));

    private SpecialAddresses() {}

    /** Returns what the address is for, such as "a private address (RFC 1918)"; empty if it is an ordinary one. */
    public static Optional<String> purpose(InetAddress address) {
        byte[] bytes = address.getAddress();
        return BLOCKS.stream()
                .filter(block -> block.contains(bytes))
                .map(block -> block.purpose)
                .findFirst();
    }

    private static final class Block {

        private final byte[] prefix;
        private final int length;
        private final String purpose;

        Block(byte[] prefix, int length, String purpose) {
            this.prefix = prefix;
            this.length = length;
            this.purpose = purpose;
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                if (((address[bit / 8] ^ prefix[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private static Block block(String cidr, String purpose) {
        int slash = cidr.indexOf('/');
        return new Block(prefix(cidr.substring(0, slash)), Integer.parseInt(cidr.substring(slash + 1)), purpose);
    }

    private static byte[] prefix(String literal) {
        byte[] bytes = InetAddress.ofLiteral(literal).getAddress();
        if (literal.contains(":") && bytes.length == 4) {
            // InetAddress makes an IPv4 address of an IPv4-mapped one.
            byte[] mapped = new byte[16];
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            System.arraycopy(bytes, 0, mapped, 12, 4);
            return mapped;
        }
        return bytes;
    }
}
