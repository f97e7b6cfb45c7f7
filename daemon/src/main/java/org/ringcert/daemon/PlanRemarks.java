package org.ringcert.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.plan.PlanWords;
import org.ringcert.dns.DnsResolver;
import org.ringcert.plan.LimitKind;

/** What a reader of a plan should know about what it leaves out, in sentences. */
final class PlanRemarks {

    private final Configuration configuration;
    private final HostName self;
    private final DnsResolver dns;
    private final AcmeSettings ca;

    PlanRemarks(Configuration configuration, HostName self, DnsResolver dns) {
        this.configuration = configuration;
        this.self = self;
        this.dns = dns;
        this.ca = configuration.authorities().getFirst();
    }

    /**
     * Returns the remarks. Looks up the unique names of this node, many at a time; an interrupt ends that and is
     * preserved.
     *
     * @param nodesWithout how many nodes have no certificate at all, so that they may have no account yet
     */
    List<String> of(int nodesWithout) {
        List<String> remarks = new ArrayList<>();
        unusableNames().ifPresent(remarks::add);
        accounts(nodesWithout).ifPresent(remarks::add);
        if (ca.limits().limits().isEmpty()) {
            remarks.add("No limits of this CA are known, so nobody waits for another. If it has any, write them to a"
                    + " file for `limits` in [acme] (docs/limits.md).");
        }
        if (configuration.authorities().size() > 1) {
            remarks.add("Other CAs are left out. A server without a good certificate asks the next one if this CA has"
                    + " failed for an hour, or if its turn here is more than an hour away.");
        }
        return remarks;
    }

    /** An order leaves out a name that has no address, and then counts with those of the other servers. */
    private Optional<String> unusableNames() {
        List<HostName> unusable = withoutAddress(configuration.sites().stream()
                .flatMap(site -> configuration.uniqueName(site, self).stream())
                .distinct()
                .toList());
        if (unusable.isEmpty()) {
            return Optional.empty();
        }
        String parent = unusable.getFirst()
                .value()
                .substring(unusable.getFirst().firstLabel().length() + 1);
        return Optional.of("This plan is too early: " + PlanWords.list(unusable)
                + (unusable.size() == 1 ? " has" : " have")
                + " no address in the DNS. Orders leave such a name out, and then share the limits of the other"
                + " servers. Publish a wildcard record beside each site, such as *." + parent
                + ", with the addresses of the site.");
    }

    private List<HostName> withoutAddress(List<HostName> names) {
        List<HostName> without = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> lookups = threads.invokeAll(names.stream()
                    .<Callable<Boolean>>map(
                            name -> () -> dns.addresses(name).all().isEmpty())
                    .toList());
            for (int i = 0; i < names.size(); i++) {
                if (lookups.get(i).get()) {
                    without.add(names.get(i));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a lookup failed", e.getCause());
        }
        return without;
    }

    private Optional<String> accounts(int nodesWithout) {
        return ca.limits()
                .find(LimitKind.ACCOUNTS_PER_ADDRESS)
                .filter(limit -> nodesWithout > limit.capacity())
                .map(limit -> PlanWords.newAccounts(limit, nodesWithout));
    }
}
