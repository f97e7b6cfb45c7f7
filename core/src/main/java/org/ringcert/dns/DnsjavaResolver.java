package org.ringcert.dns;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * A {@link DnsResolver} that asks recursive DNS servers over UDP and TCP. It does no DNSSEC validation of its own: a
 * validating server answers SERVFAIL where signatures are wrong.
 *
 * <p>At most {@value #MAX_LOOKUPS} lookups run at the same time. A further one waits for its turn, and
 * {@link DnsResolver#TIMEOUT} begins after that. A lookup starts virtual threads, and there are no others. An interrupt
 * makes a lookup fail and leaves the thread interrupted.
 */
public final class DnsjavaResolver implements DnsResolver {

    private static final int MAX_LOOKUPS = 64;

    private final Supplier<List<InetSocketAddress>> servers;
    private final Semaphore turns = new Semaphore(MAX_LOOKUPS, true);

    private DnsjavaResolver(Supplier<List<InetSocketAddress>> servers) {
        this.servers = servers;
    }

    /** Returns a resolver that asks this server. */
    public static DnsjavaResolver of(InetSocketAddress server) {
        return of(List.of(server));
    }

    static DnsjavaResolver of(List<InetSocketAddress> servers) {
        return new DnsjavaResolver(() -> servers);
    }

    /** Returns a resolver that asks the servers in {@code /etc/resolv.conf}. The file is read for each lookup. */
    public static DnsjavaResolver ofSystem() {
        return new DnsjavaResolver(new ResolvConf()::servers);
    }

    @Override
    public HostAddresses addresses(HostName name) {
        if (!awaitTurn()) {
            return new HostAddresses(interrupted(), interrupted());
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            NameServers nameServers = new NameServers(servers.get());
            long deadline = deadline();
            Future<AddressLookup> ipv4 = threads.submit(() -> addresses(nameServers, name, Type.A, deadline));
            Future<AddressLookup> ipv6 = threads.submit(() -> addresses(nameServers, name, Type.AAAA, deadline));
            return new HostAddresses(ipv4.get(), ipv6.get());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new HostAddresses(interrupted(), interrupted());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lookup never fails", e.getCause());
        } finally {
            turns.release();
        }
    }

    @Override
    public CaaLookup caa(String domain) {
        if (!awaitTurn()) {
            return new CaaLookup.Failed("the lookup was interrupted");
        }
        try {
            List<Record> found = new RecordLookup(new NameServers(servers.get()), Type.CAA, deadline())
                    .find(domain)
                    .records();
            List<CaaRecord> records = new ArrayList<>();
            for (Record each : found) {
                records.add(CaaWire.parse(each.rdataToWireCanonical()));
            }
            return new CaaLookup.Found(records);
        } catch (LookupFailedException e) {
            return new CaaLookup.Failed(message(e));
        } finally {
            turns.release();
        }
    }

    private boolean awaitTurn() {
        try {
            turns.acquire();
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static AddressLookup interrupted() {
        return new AddressLookup.Failed("the lookup was interrupted");
    }

    private static long deadline() {
        return System.nanoTime() + TIMEOUT.toNanos();
    }

    private static AddressLookup addresses(NameServers nameServers, HostName name, int type, long deadline) {
        try {
            RecordLookup.Result result = new RecordLookup(nameServers, type, deadline).find(name.value());
            if (!result.nameExists()) {
                return new AddressLookup.NoSuchName();
            }
            List<InetAddress> found = result.records().stream()
                    .map(each -> address(each.rdataToWireCanonical()))
                    .distinct()
                    .toList();
            return found.isEmpty() ? new AddressLookup.None() : new AddressLookup.Found(found);
        } catch (LookupFailedException e) {
            return new AddressLookup.Failed(message(e));
        }
    }

    /** Keeps an IPv4-mapped IPv6 address what it is. {@link InetAddress#getByAddress(byte[])} makes it an IPv4 one. */
    private static InetAddress address(byte[] bytes) {
        try {
            return bytes.length == 16 ? Inet6Address.getByAddress(null, bytes, -1) : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address record has 4 or 16 bytes", e);
        }
    }

    private static String message(LookupFailedException e) {
        return String.valueOf(e.getMessage());
    }
}
