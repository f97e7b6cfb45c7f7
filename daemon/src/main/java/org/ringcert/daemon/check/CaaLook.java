package org.ringcert.daemon.check;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.CaaLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.view.ca.CaaPolicy;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.CaaPolicy.Decision;

/** Asks before an order whether the CAA records of its names allow it. Thread-safe. */
final class CaaLook {

    private final DnsResolver dns;

    CaaLook(DnsResolver dns) {
        this.dns = dns;
    }

    /** Asks for all names at the same time. Blocks for as long as the lookups take. */
    Forecast forecast(List<HostName> names, Applicant applicant) throws InterruptedException {
        CaaPolicy policy = new CaaPolicy(new SharedLookups(dns));
        List<Callable<Decision>> decisions = names.stream()
                .<Callable<Decision>>map(name -> () -> policy.decide(name, applicant))
                .toList();
        List<Decision> decided = ParallelTasks.run(decisions);
        for (int i = 0; i < decided.size(); i++) {
            if (decided.get(i) instanceof Decision.Refused(var problem)) {
                return new Forecast.Failure(names.get(i) + ": " + Forecast.describe(problem));
            }
        }
        return new Forecast.Success();
    }

    /** Looks up each domain once. The names of a certificate often have the same parents. */
    private static final class SharedLookups implements DnsResolver {

        private final DnsResolver dns;
        private final Map<String, FutureTask<CaaLookup>> lookups = new ConcurrentHashMap<>();

        SharedLookups(DnsResolver dns) {
            this.dns = dns;
        }

        @Override
        public HostAddresses addresses(HostName name) {
            return dns.addresses(name);
        }

        @Override
        public CaaLookup caa(String domain) {
            FutureTask<CaaLookup> lookup =
                    lookups.computeIfAbsent(domain, _ -> new FutureTask<>(() -> dns.caa(domain)));
            lookup.run();
            try {
                return lookup.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new CaaLookup.Failed("the lookup was interrupted");
            } catch (ExecutionException e) {
                throw new IllegalStateException("a lookup never fails", e.getCause());
            }
        }
    }
}
