package org.ringcert.daemon.trial;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.Site;

/**
 * Requests a challenge that this server holds from the server itself: for each name that a CA may use, at each address
 * where a program listens. Contacts no other machine and looks up no name.
 */
public final class Trial {

    private static final int MAX_CONCURRENT = 8;

    private final Cluster cluster;
    private final List<Site> sites;
    private final List<HostName> uniqueNames;
    private final int httpsPort;
    private final Set<InetAddress> others;
    private final Duration timeout;

    /**
     * Creates a trial.
     *
     * @param uniqueNames further names that a CA may use, which need no https
     * @param httpsPort the port on which this server accepts TLS
     * @param others addresses of other servers, which are not contacted
     * @param timeout the timeout of each request
     */
    public Trial(
            Cluster cluster,
            List<Site> sites,
            List<HostName> uniqueNames,
            int httpsPort,
            Collection<InetAddress> others,
            Duration timeout) {
        this.cluster = cluster;
        this.sites = List.copyOf(sites);
        this.uniqueNames = List.copyOf(uniqueNames);
        this.httpsPort = httpsPort;
        this.others = Set.copyOf(others);
        this.timeout = timeout;
    }

    /** Returns all probes in the order of the report: first those of port 80, on which a program must listen. */
    public List<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        for (InetAddress address : LocalAddresses.listeningAt(port(), others)) {
            names().forEach(name -> probes.add(Probe.http(name, address, port())));
            uniqueNames.forEach(name -> probes.add(Probe.http(name, address, port())));
        }
        for (InetAddress address : LocalAddresses.listeningAt(httpsPort, others)) {
            names().forEach(name -> probes.add(Probe.https(name, address, httpsPort)));
        }
        return probes;
    }

    /** Runs the probes, several at a time. A probe that fails does not affect the others. Blocks until all are done. */
    public Map<Probe, ProbeResult> run(List<Probe> probes, KeyAuthorization challenge) throws InterruptedException {
        Map<Probe, ProbeResult> results = new LinkedHashMap<>();
        for (int first = 0; first < probes.size(); first += MAX_CONCURRENT) {
            Map<Probe, Future<ProbeResult>> running = new LinkedHashMap<>();
            for (Probe probe : probes.subList(first, Math.min(first + MAX_CONCURRENT, probes.size()))) {
                FutureTask<ProbeResult> task = new FutureTask<>(() -> ProbeWalk.of(this, challenge, probe));
                Thread.startVirtualThread(task);
                running.put(probe, task);
            }
            for (Map.Entry<Probe, Future<ProbeResult>> entry : running.entrySet()) {
                try {
                    results.put(entry.getKey(), entry.getValue().get());
                } catch (ExecutionException e) {
                    results.put(entry.getKey(), ProbeResult.internalError(e.getCause() == null ? e : e.getCause()));
                }
            }
        }
        return results;
    }

    int port() {
        return cluster.self().port();
    }

    int httpsPort() {
        return httpsPort;
    }

    Duration timeout() {
        return timeout;
    }

    Set<HostName> peers() {
        return cluster.peers().stream().map(Node::name).collect(Collectors.toSet());
    }

    /** Returns the names that lead to the same server as that name. */
    Set<HostName> namesOfSameServer(HostName name) {
        Set<HostName> names = new HashSet<>(List.of(name, cluster.self().name()));
        sites.stream().filter(site -> site.names().contains(name)).forEach(site -> names.addAll(site.names()));
        return names;
    }

    private Set<HostName> names() {
        return Stream.concat(Stream.of(cluster.self().name()), sites.stream().flatMap(site -> site.names().stream()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
