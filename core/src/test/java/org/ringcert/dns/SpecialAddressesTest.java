package org.ringcert.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialAddressesTest {

    /** The first and the last address of each block. */
    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.255.255.255, this network",
        "10.0.0.0, 10.255.255.255, a private address (RFC 1918)",
        "100.64.0.0, 100.127.255.255, NAT (RFC 6598)",
        "127.0.0.0, 127.255.255.255, loopback",
        "169.254.0.0, 169.254.255.255, link-local",
        "172.16.0.0, 172.31.255.255, a private address (RFC 1918)",
        "192.0.0.0, 192.0.0.255, protocols of the IETF",
        "192.0.2.0, 192.0.2.255, documentation",
        "192.31.196.0, 192.31.196.255, AS112",
        "192.52.193.0, 192.52.193.255, AMT",
        "192.88.99.0, 192.88.99.255, 6to4",
        "192.168.0.0, 192.168.255.255, a private address (RFC 1918)",
        "192.175.48.0, 192.175.48.255, AS112",
        "198.18.0.0, 198.19.255.255, benchmarks",
        "198.51.100.0, 198.51.100.255, documentation",
        "203.0.113.0, 203.0.113.255, documentation",
        "224.0.0.0, 239.255.255.255, multicast",
        "240.0.0.0, 255.255.255.254, reserved",
        "255.255.255.255, 255.255.255.255, broadcast",
        "::, ::, unspecified",
        "::1, ::1, loopback",
        "64:ff9b::, 64:ff9b::ffff:ffff, NAT64 (RFC 6052)",
        "64:ff9b:1::, 64:ff9b:1:ffff:ffff:ffff:ffff:ffff, NAT64 (RFC 8215)",
        "100::, 100::ffff:ffff:ffff:ffff, discarded",
        "100:0:0:1::, 100:0:0:1:ffff:ffff:ffff:ffff, dummy",
        "2001::, 2001:0:ffff:ffff:ffff:ffff:ffff:ffff, Teredo",
        "2001:1::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, protocols of the IETF",
        "2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 6to4",
        "2620:4f:8000::, 2620:4f:8000:ffff:ffff:ffff:ffff:ffff, AS112",
        "3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, documentation",
        "5f00::, 5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff, segment routing",
        "fc00::, fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, a private address (RFC 4193)",
        "fe80::, febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, link-local",
        "ff00::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, multicast",
    })
    void knowsEachBlockFromItsFirstAddressToItsLast(String first, String last, String purpose) {
        assertThat(SpecialAddresses.purpose(InetAddress.ofLiteral(first)))
                .hasValueSatisfying(text -> assertThat(text).contains(purpose));
        assertThat(SpecialAddresses.purpose(InetAddress.ofLiteral(last)))
                .hasValueSatisfying(text -> assertThat(text).contains(purpose));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.31.195.255",
                "192.31.197.0",
                "192.52.194.0",
                "192.88.98.255",
                "192.88.100.0",
                "192.167.255.255",
                "192.169.0.0",
                "192.175.49.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "::2",
                "64:ff9b:0:1::",
                "64:ff9b:2::",
                "100:0:0:2::",
                "2000::",
                "2001:200::",
                "2001:db7:ffff:ffff::",
                "2001:db9::",
                "2003::",
                "2620:4f:8001::",
                "2606:4700::1111",
                "3fff:1000::",
                "5f01::",
                "fbff:ffff::",
                "fe00::",
                "fec0::",
                "2a00:1450::1"
            })
    void knowsNothingSpecialOfTheNeighbors(String address) {
        assertThat(SpecialAddresses.purpose(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void anIpv4MappedAddressIsSpecialEvenWithAnOrdinaryAddressInside() throws UnknownHostException {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        bytes[12] = 8;
        bytes[15] = 8;
        assertThat(SpecialAddresses.purpose(Inet6Address.getByAddress(null, bytes, -1)))
                .hasValueSatisfying(text -> assertThat(text).contains("IPv4 address in the form of an IPv6"));
    }

    @Test
    void aScopeDoesNotMatter() throws UnknownHostException {
        InetAddress address =
                Inet6Address.getByAddress(null, InetAddress.ofLiteral("fe80::1").getAddress(), 1);
        assertThat(SpecialAddresses.purpose(address)).isPresent();
    }
}
