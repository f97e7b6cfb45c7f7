package org.ringcert.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.ScriptedDns.Behavior;
import org.ringcert.dns.ScriptedDns.Transports;
import org.xbill.DNS.ExtendedErrorCodeOption;

class DnsjavaResolverTest {

    private static final HostName WWW = new HostName("www.example.com");

    private ScriptedDns dns;
    private DnsResolver resolver;

    @BeforeEach
    void start() throws IOException {
        dns = ScriptedDns.start();
        resolver = DnsjavaResolver.of(dns.address());
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
    }

    @Test
    void findsBothFamiliesInTheOrderOfTheResponse() {
        dns.add("www.example.com", "A", "192.0.2.2").add("www.example.com", "A", "192.0.2.1");
        dns.add("www.example.com", "AAAA", "2001:db8::1");
        assertThat(resolver.addresses(WWW))
                .isEqualTo(new HostAddresses(found("192.0.2.2", "192.0.2.1"), found("2001:db8::1")));
        assertThat(dns.queries()).containsExactlyInAnyOrder("udp A www.example.com", "udp AAAA www.example.com");
    }

    @Test
    void aNameMayHaveOneFamilyOnly() {
        dns.add("www.example.com", "A", "192.0.2.1");
        assertThat(resolver.addresses(WWW)).isEqualTo(new HostAddresses(found("192.0.2.1"), new AddressLookup.None()));
    }

    @Test
    void aNameThatDoesNotExistHasNoAddress() {
        assertThat(resolver.addresses(WWW))
                .isEqualTo(new HostAddresses(new AddressLookup.NoSuchName(), new AddressLookup.NoSuchName()));
    }

    @Test
    void asksAnewEachTime() {
        dns.add("www.example.com", "A", "192.0.2.1");
        resolver.addresses(WWW);
        dns.clear("www.example.com").add("www.example.com", "A", "192.0.2.9");
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(found("192.0.2.9"));
    }

    @Test
    void doesNotReadTheHostsFile() {
        assertThat(resolver.addresses(new HostName("localhost")).all()).isEmpty();
    }

    @Test
    void oneFamilyMayFail() {
        dns.add("www.example.com", "A", "192.0.2.1").fail("www.example.com", "AAAA", "SERVFAIL");
        HostAddresses addresses = resolver.addresses(WWW);
        assertThat(addresses.ipv4()).isEqualTo(found("192.0.2.1"));
        assertThat(addresses.ipv6())
                .isEqualTo(new AddressLookup.Failed("DNS server " + server()
                        + " answered SERVFAIL: the domain's name servers give no valid answer, or DNSSEC fails"));
    }

    @Test
    void passesOnWhyItIsServfail() {
        dns.fail("www.example.com", "SERVFAIL").extendedError(ExtendedErrorCodeOption.SIGNATURE_EXPIRED);
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(
                        new AddressLookup.Failed("DNS server " + server() + " answered SERVFAIL: signature expired"));
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, answered REFUSED: it does not resolve names for this server",
        "FORMERR, answered FORMERR",
        "NOTIMP, answered NOTIMP",
    })
    void reportsOtherErrors(String rcode, String words) {
        dns.fail("www.example.com", rcode);
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed("DNS server " + server() + " " + words));
    }

    @Test
    void aServerWithoutRecursionIsAFailureAndNotANameWithoutAddress() {
        dns.behave(Behavior.REFERRAL);
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed(
                        "DNS server " + server() + " does not resolve names of other domains (no recursion)"));
    }

    @Test
    void asksAnOldServerWithoutEdns() {
        dns.add("www.example.com", "A", "192.0.2.1").behave(Behavior.NO_EDNS);
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(found("192.0.2.1"));
    }

    @Test
    void givesUpOnASilentServerInTime() {
        dns.behave(Behavior.SILENT);
        long start = System.nanoTime();
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(noResponse());
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(DnsResolver.TIMEOUT.minusMillis(100), DnsResolver.TIMEOUT.plusSeconds(2));
        assertThat(dns.queries().stream().filter(each -> each.equals("udp A www.example.com")))
                .hasSize(3);
    }

    @Test
    void asksOverTcpWhereUdpIsSilent() throws IOException {
        try (ScriptedDns tcpOnly = ScriptedDns.start(Transports.TCP_ONLY)) {
            tcpOnly.add("www.example.com", "A", "192.0.2.1");
            assertThat(DnsjavaResolver.of(tcpOnly.address()).addresses(WWW).ipv4())
                    .isEqualTo(found("192.0.2.1"));
        }
    }

    @Test
    void asksOverTcpAtOnceWhereUdpIsClosed() throws IOException {
        try (ScriptedDns tcpOnly = ScriptedDns.start(Transports.TCP_LISTENS_ONLY)) {
            tcpOnly.add("www.example.com", "A", "192.0.2.1");
            assertThat(DnsjavaResolver.of(tcpOnly.address()).addresses(WWW).ipv4())
                    .isEqualTo(found("192.0.2.1"));
            assertThat(tcpOnly.queries())
                    .containsExactlyInAnyOrder("tcp A www.example.com", "tcp AAAA www.example.com");
        }
    }

    @Test
    void reportsThatNothingListens() throws IOException {
        InetSocketAddress closed;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            closed = (InetSocketAddress) socket.getLocalSocketAddress();
        }
        assertThat(DnsjavaResolver.of(closed).addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed(
                        "DNS server 127.0.0.1:" + closed.getPort() + " refuses connections over UDP and TCP"));
    }

    @Test
    void asksOverTcpForWhatIsTruncated() {
        dns.behave(Behavior.TRUNCATED).add("www.example.com", "A", "192.0.2.1");
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(found("192.0.2.1"));
        assertThat(dns.queries()).contains("udp A www.example.com", "tcp A www.example.com");
    }

    @Test
    void manyAddressesComeOverTcp() {
        IntStream.rangeClosed(1, 200).forEach(i -> dns.add("www.example.com", "A", "192.0.2." + i));
        assertThat(resolver.addresses(WWW).ipv4().found()).hasSize(200);
    }

    @Test
    void reportsATruncatedResponseWithoutTcp() throws IOException {
        try (ScriptedDns udpOnly = ScriptedDns.start(Transports.UDP_ONLY)) {
            udpOnly.behave(Behavior.TRUNCATED).add("www.example.com", "A", "192.0.2.1");
            assertThat(DnsjavaResolver.of(udpOnly.address()).addresses(WWW).ipv4())
                    .isEqualTo(new AddressLookup.Failed("DNS server 127.0.0.1:"
                            + udpOnly.address().getPort()
                            + " truncated its response over UDP, and does not respond over TCP"));
        }
    }

    @Test
    void reportsAnInvalidResponse() {
        dns.behave(Behavior.GARBAGE);
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed("DNS server " + server() + " sent an invalid response"));
    }

    @Test
    void takesNoResponseToAnotherQuery() {
        dns.behave(Behavior.WRONG_ID).add("www.example.com", "A", "192.0.2.1");
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed("DNS server " + server() + " sent an invalid response"));
    }

    @Test
    void asksTheNextServerAfterAFailureOrASilence() throws IOException {
        dns.add("www.example.com", "A", "192.0.2.1");
        try (ScriptedDns silent = ScriptedDns.start();
                ScriptedDns failing = ScriptedDns.start()) {
            silent.behave(Behavior.SILENT);
            failing.fail("www.example.com", "SERVFAIL");
            DnsResolver all = DnsjavaResolver.of(List.of(failing.address(), silent.address(), dns.address()));
            assertThat(all.addresses(WWW).ipv4()).isEqualTo(found("192.0.2.1"));
            assertThat(failing.queries()).hasSize(2);
        }
    }

    @Test
    void reportsAllServers() throws IOException {
        dns.fail("www.example.com", "REFUSED");
        try (ScriptedDns silent = ScriptedDns.start()) {
            silent.behave(Behavior.SILENT);
            String reason = failure(DnsjavaResolver.of(List.of(silent.address(), dns.address()))
                    .addresses(WWW)
                    .ipv4());
            assertThat(reason)
                    .isEqualTo("DNS server 127.0.0.1:" + silent.address().getPort() + " did not respond; DNS server "
                            + server() + " answered REFUSED: it does not resolve names for this server");
        }
    }

    @Test
    void followsAChainOfCnames() {
        dns.add("www.example.com", "CNAME", "cdn.example.net.").add("cdn.example.net", "CNAME", "edge.example.org.");
        dns.add("edge.example.org", "A", "192.0.2.1");
        assertThat(resolver.addresses(WWW)).isEqualTo(new HostAddresses(found("192.0.2.1"), new AddressLookup.None()));
        assertThat(dns.queries()).hasSize(2);
    }

    @Test
    void followsAChainThatTheServerLeavesOpen() {
        dns.add("www.example.com", "CNAME", "cdn.example.net.").add("cdn.example.net", "CNAME", "edge.example.org.");
        dns.add("edge.example.org", "A", "192.0.2.1").behave(Behavior.OPEN_CHAINS);
        assertThat(resolver.addresses(WWW)).isEqualTo(new HostAddresses(found("192.0.2.1"), new AddressLookup.None()));
        assertThat(dns.queries()).contains("udp A cdn.example.net", "udp A edge.example.org");
    }

    @Test
    void aCnameThatLeadsNowhereHasNoAddress() {
        dns.add("www.example.com", "CNAME", "gone.example.net.");
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(new AddressLookup.NoSuchName());
    }

    @ParameterizedTest
    @CsvSource({"NORMAL", "OPEN_CHAINS"})
    void noticesALoopOfCnames(Behavior behavior) {
        dns.add("www.example.com", "CNAME", "a.example.com.").add("a.example.com", "CNAME", "www.example.com.");
        dns.behave(behavior);
        assertThat(resolver.addresses(WWW).ipv4()).isEqualTo(new AddressLookup.Failed("its CNAME records form a loop"));
    }

    @Test
    void followsNoEndlessChain() {
        dns.add("www.example.com", "CNAME", "c0.example.com.").behave(Behavior.OPEN_CHAINS);
        IntStream.range(0, 30)
                .forEach(i -> dns.add("c" + i + ".example.com", "CNAME", "c" + (i + 1) + ".example.com."));
        assertThat(resolver.addresses(WWW).ipv4())
                .isEqualTo(new AddressLookup.Failed("it is a chain of more than 16 CNAME records"));
        assertThat(dns.queries().stream().filter(each -> each.startsWith("udp A ")))
                .hasSize(17);
    }

    @Test
    void anIpv4MappedAddressStaysAnIpv6Address() {
        dns.add("www.example.com", "AAAA", "::ffff:8.8.8.8");
        assertThat(resolver.addresses(WWW).ipv6().found()).hasSize(1).allSatisfy(each -> {
            assertThat(each).isInstanceOf(Inet6Address.class);
            assertThat(SpecialAddresses.purpose(each)).isPresent();
        });
    }

    @Test
    void findsCaaRecords() {
        dns.add("example.com", "CAA", "0 issue \"letsencrypt.org; validationmethods=http-01\"");
        dns.add("example.com", "CAA", "128 iodef \"mailto:a@example.com\"");
        assertThat(resolver.caa("example.com"))
                .isEqualTo(new CaaLookup.Found(List.of(
                        new CaaRecord(0, "issue", "letsencrypt.org; validationmethods=http-01"),
                        new CaaRecord(128, "iodef", "mailto:a@example.com"))));
        assertThat(resolver.caa("www.example.com")).isEqualTo(new CaaLookup.Found(List.of()));
    }

    /** Tags are compared without case (RFC 8659, section 4.1). */
    @Test
    void acceptsAnyTag() {
        dns.add("example.com", "CAA", rawCaa(128, "Issue", "ca.example"))
                .add("example.com", "CAA", rawCaa(1, "x_y", "\1"));
        assertThat(resolver.caa("example.com"))
                .isEqualTo(new CaaLookup.Found(
                        List.of(new CaaRecord(128, "issue", "ca.example"), new CaaRecord(1, "x_y", "\1"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\# 1 00", "\\# 2 0000", "\\# 3 000241"})
    void refusesAMalformedCaaRecord(String data) {
        dns.add("example.com", "CAA", data);
        assertThat(resolver.caa("example.com")).isEqualTo(new CaaLookup.Failed("a CAA record is malformed"));
    }

    @Test
    void caaOfAnAliasIsThatOfItsTarget() {
        dns.add("www.example.com", "CNAME", "cdn.example.net.").add("cdn.example.net", "CAA", "0 issue \"ca.example\"");
        assertThat(resolver.caa("www.example.com"))
                .isEqualTo(new CaaLookup.Found(List.of(new CaaRecord(0, "issue", "ca.example"))));
    }

    @Test
    void reportsAFailedLookupOfCaa() {
        dns.fail("example.com", "CAA", "SERVFAIL");
        assertThat(resolver.caa("example.com")).isInstanceOf(CaaLookup.Failed.class);
        assertThat(resolver.caa("a..b")).isEqualTo(new CaaLookup.Failed("this is not a domain name"));
    }

    @Test
    void manyLookupsAtTheSameTimeAllSucceed() throws Exception {
        dns.add("www.example.com", "A", "192.0.2.1");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<HostAddresses>> lookups = Collections.nCopies(300, () -> resolver.addresses(WWW));
            for (Future<HostAddresses> each : threads.invokeAll(lookups)) {
                assertThat(each.get().ipv4()).isEqualTo(found("192.0.2.1"));
            }
        }
    }

    @Test
    void anInterruptEndsALookup() throws Exception {
        dns.behave(Behavior.SILENT);
        CountDownLatch done = new CountDownLatch(1);
        boolean[] isInterrupted = new boolean[1];
        AddressLookup[] result = new AddressLookup[1];
        Thread thread = Thread.ofVirtual().start(() -> {
            result[0] = resolver.addresses(WWW).ipv4();
            isInterrupted[0] = Thread.currentThread().isInterrupted();
            done.countDown();
        });
        while (dns.queries().isEmpty()) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        done.await();
        assertThat(result[0]).isEqualTo(new AddressLookup.Failed("the lookup was interrupted"));
        assertThat(isInterrupted[0]).isTrue();
    }

    private AddressLookup.Failed noResponse() {
        return new AddressLookup.Failed("DNS server " + server() + " did not respond");
    }

    private String server() {
        return "127.0.0.1:" + dns.address().getPort();
    }

    /** Returns a record in the form of RFC 3597, which the server does not check. */
    private static String rawCaa(int flags, String tag, String value) {
        byte[] text = (tag + value).getBytes(StandardCharsets.ISO_8859_1);
        return "\\# " + (text.length + 2) + " " + HexFormat.of().toHexDigits((byte) flags)
                + HexFormat.of().toHexDigits((byte) tag.length())
                + HexFormat.of().formatHex(text);
    }

    private static String failure(AddressLookup lookup) {
        return lookup instanceof AddressLookup.Failed(String reason) ? reason : "it did not fail";
    }

    private static AddressLookup.Found found(String... addresses) {
        return new AddressLookup.Found(
                Arrays.stream(addresses).map(InetAddress::ofLiteral).toList());
    }
}
