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
 * Asks this very server for a challenge that it holds, under each name that a CA may come by, at each address where
 * somebody listens. No other machine is asked, and no name is looked up.
 */
public final class Trial {

    private static final int AT_A_TIME = 8;

    private final Cluster cluster;
    private final List<Site> sites;
    private final int httpsPort;
    private final Set<InetAddress> others;
    private final Duration patience;

    /**
     * What is to be asked.
     *
     * @param httpsPort where this server's TLS is reached
     * @param others addresses of other servers, which are left alone
     * @param patience for each request
     */
    public Trial(Cluster cluster, List<Site> sites, int httpsPort, Collection<InetAddress> others, Duration patience) {
        this.cluster = cluster;
        this.sites = List.copyOf(sites);
        this.httpsPort = httpsPort;
        this.others = Set.copyOf(others);
        this.patience = patience;
    }

    /** All questions, in the order in which they are shown: at port 80 first, where somebody has to listen. */
    public List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (boolean https : new boolean[] {false, true}) {
            int port = https ? httpsPort : port();
            for (InetAddress address : OwnAddresses.listeningAt(port, others)) {
                names().forEach(name -> questions.add(new Question(name, address, port, https)));
            }
        }
        return questions;
    }

    /** Asks them, some at a time; what fails in one is that one's outcome. Blocks. */
    public Map<Question, ProbeResult> ask(List<Question> questions, KeyAuthorization held) throws InterruptedException {
        Map<Question, ProbeResult> outcomes = new LinkedHashMap<>();
        for (int first = 0; first < questions.size(); first += AT_A_TIME) {
            Map<Question, Future<ProbeResult>> asked = new LinkedHashMap<>();
            for (Question question : questions.subList(first, Math.min(first + AT_A_TIME, questions.size()))) {
                FutureTask<ProbeResult> task = new FutureTask<>(() -> Visit.of(this, held, question));
                Thread.startVirtualThread(task);
                asked.put(question, task);
            }
            for (Map.Entry<Question, Future<ProbeResult>> each : asked.entrySet()) {
                try {
                    outcomes.put(each.getKey(), each.getValue().get());
                } catch (ExecutionException e) {
                    outcomes.put(each.getKey(), ProbeResult.defect(e.getCause() == null ? e : e.getCause()));
                }
            }
        }
        return outcomes;
    }

    int port() {
        return cluster.self().port();
    }

    int httpsPort() {
        return httpsPort;
    }

    Duration patience() {
        return patience;
    }

    Set<HostName> peers() {
        return cluster.peers().stream().map(Node::name).collect(Collectors.toSet());
    }

    /** The names that lead where that name leads. */
    Set<HostName> sameSite(HostName name) {
        Set<HostName> names = new HashSet<>(List.of(name, cluster.self().name()));
        sites.stream().filter(site -> site.names().contains(name)).forEach(site -> names.addAll(site.names()));
        return names;
    }

    private Set<HostName> names() {
        return Stream.concat(Stream.of(cluster.self().name()), sites.stream().flatMap(site -> site.names().stream()))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
