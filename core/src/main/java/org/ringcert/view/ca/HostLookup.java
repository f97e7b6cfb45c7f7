package org.ringcert.view.ca;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.ValidationRules.Strictness;

/** Finds the addresses of a host that a CA may use. Thread-safe. */
final class HostLookup {

    private final DnsResolver dns;
    private final Strictness strictness;
    private final PublicInternet internet;

    HostLookup(DnsResolver dns, Strictness strictness, PublicInternet internet) {
        this.dns = dns;
        this.strictness = strictness;
        this.internet = internet;
    }

    /**
     * The result of a lookup.
     *
     * @param answer what the DNS said; two failures if it said nothing in time
     * @param usable the addresses that a CA may use, IPv6 first
     * @param problem why there is no usable address; empty if there is one
     * @param warnings about the addresses that are not used, and about failed lookups
     */
    record Result(HostAddresses answer, List<InetAddress> usable, Optional<Problem> problem, List<Problem> warnings) {

        List<InetAddress> ipv6() {
            return usable.stream().filter(Inet6Address.class::isInstance).toList();
        }

        List<InetAddress> ipv4() {
            return usable.stream().filter(Inet4Address.class::isInstance).toList();
        }

        /** Returns the addresses of the family that CAs prefer. */
        List<InetAddress> preferred() {
            return ipv6().isEmpty() ? ipv4() : ipv6();
        }
    }

    /**
     * Looks up a host, within the deadline.
     *
     * @throws InterruptedException if this thread is interrupted
     */
    Result find(HostName name, Deadline deadline) throws InterruptedException {
        FutureTask<HostAddresses> lookup = new FutureTask<>(() -> dns.addresses(name));
        Thread thread = Thread.ofVirtual().name("lookup " + name).start(lookup);
        try {
            return result(name, lookup.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            String reason = "no answer within " + deadline.limitText();
            AddressLookup failed = new AddressLookup.Failed(reason);
            return new Result(
                    new HostAddresses(failed, failed),
                    List.of(),
                    Optional.of(TargetProblems.lookupTimeout(name.value(), deadline.limitText())),
                    List.of());
        } catch (ExecutionException e) {
            throw new IllegalStateException("the lookup of " + name + " failed", e.getCause());
        } finally {
            thread.interrupt();
        }
    }

    /** Returns why CAs do not use an address of a host; empty if they do, or may do so. */
    Optional<Problem> refusal(String host, InetAddress address) {
        return strictness == Strictness.PUBLIC_CA
                ? internet.specialPurpose(address).map(kind -> TargetProblems.specialAddress(host, address, kind))
                : Optional.empty();
    }

    private Result result(HostName name, HostAddresses answer) {
        List<Problem> warnings = new ArrayList<>();
        List<InetAddress> usable = new ArrayList<>();
        Optional<Problem> special = Optional.empty();
        for (InetAddress address : answer.all()) {
            Optional<Problem> problem = internet.specialPurpose(address)
                    .map(kind -> TargetProblems.specialAddress(name.value(), address, kind));
            problem.ifPresent(warnings::add);
            if (problem.isPresent() && strictness == Strictness.PUBLIC_CA) {
                special = special.or(() -> problem);
            } else {
                usable.add(address);
            }
        }
        if (usable.isEmpty()) {
            Optional<Problem> problem = special.or(() -> Optional.of(noAddress(name, answer)));
            return new Result(answer, List.of(), problem, List.of());
        }
        reportFailure("A", name, answer.ipv4(), warnings);
        reportFailure("AAAA", name, answer.ipv6(), warnings);
        return new Result(answer, List.copyOf(usable), Optional.empty(), List.copyOf(warnings));
    }

    private static Problem noAddress(HostName name, HostAddresses answer) {
        List<String> failures = new ArrayList<>();
        for (AddressLookup lookup : List.of(answer.ipv4(), answer.ipv6())) {
            if (lookup instanceof AddressLookup.Failed(String reason)) {
                failures.add(reason);
            }
        }
        return failures.isEmpty()
                ? TargetProblems.noAddress(name.value())
                : TargetProblems.lookupFailed(name.value(), failures);
    }

    private static void reportFailure(String family, HostName name, AddressLookup lookup, List<Problem> warnings) {
        if (lookup instanceof AddressLookup.Failed(String reason)) {
            warnings.add(TargetProblems.oneFamilyFailed(name.value(), family, reason));
        }
    }
}
