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
import org.ringcert.view.ca.Walk.Verdict;

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
     * @param problem why there is no usable address; empty if there is one, or if the lookup was cut short
     * @param warnings about the addresses that are not used, and about failed lookups
     * @param cutShort why it is not known whether there are addresses; empty if it is
     */
    record Result(
            HostAddresses answer,
            List<InetAddress> usable,
            Optional<Problem> problem,
            List<Problem> warnings,
            Optional<Verdict.Undecided> cutShort) {

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
        Deadline started = Deadline.after(DnsResolver.TIMEOUT);
        FutureTask<HostAddresses> lookup = new FutureTask<>(() -> dns.addresses(name));
        Thread thread = Thread.ofVirtual().name("lookup " + name).start(lookup);
        try {
            return result(name, lookup.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            return withoutAnswer(name.value(), started, deadline);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the lookup of " + name + " failed", e.getCause());
        } finally {
            thread.interrupt();
        }
    }

    /**
     * Returns the result of a lookup without an answer. One that takes longer than a lookup may take has waited for its
     * turn on this machine, so the DNS is not to blame.
     */
    private static Result withoutAnswer(String name, Deadline started, Deadline deadline) {
        boolean isSilence = !started.hasPassed() && started.elapsed().compareTo(Deadline.FAIR_TIME) >= 0;
        Optional<Problem> problem = isSilence
                ? Optional.of(TargetProblems.lookupTimeout(name))
                : Optional.of(TargetProblems.lookupTooLate(name)).filter(_ -> deadline.isLimitOfCas());
        AddressLookup failed = new AddressLookup.Failed("no answer in time");
        return new Result(
                new HostAddresses(failed, failed),
                List.of(),
                problem,
                List.of(),
                problem.isPresent()
                        ? Optional.empty()
                        : Optional.of(Problems.cutShort("the lookup of " + name + " was done")));
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
            return new Result(answer, List.of(), problem, List.of(), Optional.empty());
        }
        reportFailure("A", name, answer.ipv4(), warnings);
        reportFailure("AAAA", name, answer.ipv6(), warnings);
        return new Result(answer, List.copyOf(usable), Optional.empty(), List.copyOf(warnings), Optional.empty());
    }

    private static Problem noAddress(HostName name, HostAddresses answer) {
        List<String> failures = new ArrayList<>();
        for (AddressLookup lookup : List.of(answer.ipv4(), answer.ipv6())) {
            if (lookup instanceof AddressLookup.Failed(String reason)) {
                failures.add(reason);
            }
        }
        if (!failures.isEmpty()) {
            return TargetProblems.lookupFailed(name.value(), failures);
        }
        boolean exists = !(answer.ipv4() instanceof AddressLookup.NoSuchName)
                && !(answer.ipv6() instanceof AddressLookup.NoSuchName);
        return exists ? TargetProblems.noAddress(name.value()) : TargetProblems.noSuchName(name.value());
    }

    private static void reportFailure(String family, HostName name, AddressLookup lookup, List<Problem> warnings) {
        if (lookup instanceof AddressLookup.Failed(String reason)) {
            warnings.add(TargetProblems.oneFamilyFailed(name.value(), family, reason));
        }
    }
}
