package org.ringcert.dns;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.ringcert.cluster.AddressText;
import org.ringcert.dns.DnsTransport.InvalidResponseException;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedErrorCodeOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * Asks recursive DNS servers in turn: the first over UDP, and over TCP if the response is truncated or UDP is closed.
 * After a silence, the next server (or the same, if there is one) is asked over UDP and TCP at the same time, because a
 * firewall may let only one of them through. A server that reports a failure is not asked again. Thread-safe.
 */
final class NameServers {

    private static final int MAX_TRIES = 3;
    private static final Duration TRY_TIMEOUT = Duration.ofSeconds(1);
    private static final int DNS_PORT = 53;

    private final List<InetSocketAddress> servers;

    /** @param servers at least one */
    NameServers(List<InetSocketAddress> servers) {
        this.servers = List.copyOf(servers);
    }

    /**
     * Returns the response: NOERROR or NXDOMAIN, and complete.
     *
     * @param deadline as in {@link System#nanoTime}
     */
    Message ask(Record question, long deadline) throws LookupFailedException {
        Map<InetSocketAddress, String> failures = new LinkedHashMap<>();
        Deque<InetSocketAddress> next = new ArrayDeque<>(servers);
        for (int tries = 0; tries < MAX_TRIES && !next.isEmpty() && System.nanoTime() < deadline; tries++) {
            InetSocketAddress server = next.poll();
            try {
                Message response = failures.isEmpty()
                        ? overUdpThenTcp(server, question, deadline)
                        : overBoth(server, question, deadline);
                if (isUsable(response)) {
                    return response;
                }
                failures.put(server, describe(response));
            } catch (SocketTimeoutException | InvalidResponseException e) {
                next.add(server);
                failures.putIfAbsent(server, describe(e));
            } catch (IOException e) {
                failures.putIfAbsent(server, describe(e));
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new LookupFailedException("the lookup was interrupted");
            }
        }
        throw new LookupFailedException(failures.isEmpty() ? "the lookup took too long" : describe(failures));
    }

    private Message overBoth(InetSocketAddress server, Record question, long deadline) throws IOException {
        List<Callable<Message>> transports =
                List.of(() -> overUdpThenTcp(server, question, deadline), () -> overTcp(server, question, deadline));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            return threads.invokeAny(transports);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketTimeoutException("interrupted");
        }
    }

    private Message overUdpThenTcp(InetSocketAddress server, Record question, long deadline) throws IOException {
        Message response;
        try {
            response = exchange(DnsTransport::overUdp, server, question, deadline);
        } catch (PortUnreachableException _) {
            return overTcp(server, question, deadline);
        }
        if (!response.getHeader().getFlag(Flags.TC)) {
            return response;
        }
        try {
            return overTcp(server, question, deadline);
        } catch (IOException e) {
            throw new TruncatedResponseException(e);
        }
    }

    private Message overTcp(InetSocketAddress server, Record question, long deadline) throws IOException {
        return exchange(DnsTransport::overTcp, server, question, deadline);
    }

    private static Message exchange(Transport transport, InetSocketAddress server, Record question, long deadline)
            throws IOException {
        Message query = Message.newQuery(question);
        query.addRecord(new OPTRecord(DnsTransport.UDP_PAYLOAD, 0, 0), Section.ADDITIONAL);
        Message response = transport.exchange(server, query, tryTimeout(deadline));
        // An old server does not know EDNS (RFC 6891, section 7).
        boolean isWithoutEdns = response.getOPT() == null
                && (response.getRcode() == Rcode.FORMERR || response.getRcode() == Rcode.NOTIMP);
        return isWithoutEdns ? transport.exchange(server, Message.newQuery(question), tryTimeout(deadline)) : response;
    }

    @FunctionalInterface
    private interface Transport {
        Message exchange(InetSocketAddress server, Message query, Duration timeout) throws IOException;
    }

    private static Duration tryTimeout(long deadline) {
        Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
        return remaining.compareTo(TRY_TIMEOUT) < 0 ? remaining : TRY_TIMEOUT;
    }

    private static boolean isUsable(Message response) {
        return (response.getRcode() == Rcode.NOERROR || response.getRcode() == Rcode.NXDOMAIN) && !isReferral(response);
    }

    /** Whether the server refers to the name servers of a domain, because it does no recursion. */
    private static boolean isReferral(Message response) {
        List<Record> authority = response.getSection(Section.AUTHORITY);
        return response.getSection(Section.ANSWER).isEmpty()
                && !response.getHeader().getFlag(Flags.AA)
                && !response.getHeader().getFlag(Flags.RA)
                && authority.stream().anyMatch(NSRecord.class::isInstance)
                && authority.stream().noneMatch(SOARecord.class::isInstance);
    }

    private static String describe(Message response) {
        if (isReferral(response)) {
            return "does not resolve names of other domains (no recursion)";
        }
        return switch (response.getRcode()) {
            case Rcode.SERVFAIL ->
                "answered SERVFAIL: "
                        + extendedError(response)
                                .orElse("the domain's name servers give no valid answer, or DNSSEC fails");
            case Rcode.REFUSED -> "answered REFUSED: it does not resolve names for this server";
            default -> "answered " + Rcode.string(response.getRcode());
        };
    }

    /** Returns the meaning of the first extended error (RFC 8914); never the server's own text. */
    private static Optional<String> extendedError(Message response) {
        OPTRecord edns = response.getOPT();
        if (edns == null) {
            return Optional.empty();
        }
        return edns.getOptions(EDNSOption.Code.EDNS_EXTENDED_ERROR).stream()
                .map(option -> ((ExtendedErrorCodeOption) option).getErrorCode())
                .map(code ->
                        ExtendedErrorCodeOption.text(code).replace('_', ' ').toLowerCase(Locale.ROOT))
                .findFirst();
    }

    private static String describe(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> "did not respond";
            case InvalidResponseException _ -> "sent an invalid response";
            case TruncatedResponseException _ -> "truncated its response over UDP, and does not respond over TCP";
            case ConnectException _ -> "refuses connections over UDP and TCP";
            default -> "could not be asked: " + e.getMessage();
        };
    }

    private static String describe(Map<InetSocketAddress, String> failures) {
        return failures.entrySet().stream()
                .map(each -> "DNS server " + describe(each.getKey()) + " " + each.getValue())
                .collect(Collectors.joining("; "));
    }

    private static String describe(InetSocketAddress server) {
        return server.getPort() == DNS_PORT
                ? AddressText.of(server.getAddress())
                : AddressText.inUrl(server.getAddress()) + ":" + server.getPort();
    }

    /** The response over UDP was truncated, and the server did not give it over TCP. */
    private static final class TruncatedResponseException extends IOException {
        private static final long serialVersionUID = 1;

        TruncatedResponseException(IOException cause) {
            super(cause);
        }
    }
}
