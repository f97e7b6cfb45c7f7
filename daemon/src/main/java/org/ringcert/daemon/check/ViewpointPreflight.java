package org.ringcert.daemon.check;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.ringcert.challenge.Challenges;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.BeforeOrder;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.HostAddresses;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.Preflight;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.Entry;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.ValidationRules;
import org.ringcert.view.ca.ViewpointReply;

/**
 * Publishes a test challenge and looks, as a CA does, whether it is found under all names of a certificate. If this
 * server sees it everywhere, that is enough. Otherwise the peers look, too. Meanwhile, asks whether the CAA records of
 * the names allow the order. Thread-safe.
 */
public final class ViewpointPreflight implements Preflight {

    /** How many certificates are looked at at the same time. */
    private static final int MAX_LOOKS = 16;

    /** A peer has four looks for us in progress, each with a token of its own. */
    private static final int NAMES_AT_PEERS = 4;

    /** A peer's look ends within four seconds; the rest is for the transfer. */
    private static final Duration PEER_TIMEOUT = Duration.ofSeconds(5);

    /** A look ends within this time by itself. */
    private static final Duration OWN_TIMEOUT = ValidationRules.MAX_TIME.plusSeconds(1);

    private static final int MAX_DOUBTS = 3;
    private static final String NO_PEER_LOOKED = " No other server has looked; one behind NAT may just not see itself.";

    private final Challenges challenges;
    private final SecureRandom random;
    private final PreflightViews views;
    private final CaaLook caa;
    private final Function<URI, Optional<Applicant>> applicants;
    private final Function<URI, BeforeOrder> settings;

    /** From the beginning of a look. What is not known by then about CAA records does not count. */
    private final Duration caaTimeout;

    private final Semaphore slots = new Semaphore(MAX_LOOKS);

    /**
     * @param challenges where the test challenges are published
     * @param applicants for whom CAA records must allow a certificate, by the URL of the CA's directory; empty if that
     *     is not known
     * @param settings what happens before an order, by the URL of the CA's directory
     */
    public ViewpointPreflight(
            Challenges challenges,
            SecureRandom random,
            PreflightViews views,
            Function<URI, Optional<Applicant>> applicants,
            Function<URI, BeforeOrder> settings) {
        this(challenges, random, views, applicants, settings, OWN_TIMEOUT);
    }

    ViewpointPreflight(
            Challenges challenges,
            SecureRandom random,
            PreflightViews views,
            Function<URI, Optional<Applicant>> applicants,
            Function<URI, BeforeOrder> settings,
            Duration caaTimeout) {
        this.challenges = challenges;
        this.random = random;
        this.views = views;
        this.caa = new CaaLook(views.dns());
        this.applicants = applicants;
        this.settings = settings;
        this.caaTimeout = caaTimeout;
    }

    @Override
    public Result look(CertificateSpec spec, CertificateSpec.Source source) {
        BeforeOrder setting = settings.apply(source.directory());
        if (setting == BeforeOrder.OFF) {
            return new Result.Proceed();
        }
        try {
            slots.acquire();
            try (Probes probes = new Probes(challenges, random)) {
                return result(forecast(spec.names(), source.directory(), probes), setting);
            } finally {
                slots.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result.Proceed();
        } catch (StoreException e) {
            // The challenges of an order could not be published either. The order reports that.
            return new Result.Proceed();
        }
    }

    @Override
    public Optional<String> uniqueNameProblem(CertificateSpec spec, CertificateSpec.Source source) {
        if (settings.apply(source.directory()) == BeforeOrder.OFF) {
            return Optional.empty();
        }
        HostName uniqueName = spec.uniqueName().orElseThrow();
        return UniqueNameLookup.problem(uniqueName, views.dns().addresses(uniqueName))
                .or(() -> look(new CertificateSpec(new Site(List.of(uniqueName)), spec.sources()), source)
                                instanceof Result.Postpone(String reason)
                        ? Optional.of(reason)
                        : Optional.empty());
    }

    private static Result result(Forecast forecast, BeforeOrder setting) {
        return switch (forecast) {
            case Forecast.Success() -> new Result.Proceed();
            case Forecast.Doubt(String reason) -> new Result.ProceedWithWarning("Validation may fail. " + reason);
            case Forecast.Failure(String reason) ->
                setting == BeforeOrder.POSTPONE
                        ? new Result.Postpone(reason)
                        : new Result.ProceedWithWarning("Validation will probably fail. " + reason
                                + " It is ordered all the same, because `before-order` in [check] is \"warn\" for"
                                + " this CA.");
        };
    }

    /** Looks at the way to the answer and, meanwhile, at the CAA records. */
    private Forecast forecast(List<HostName> names, URI ca, Probes probes) throws InterruptedException, StoreException {
        long start = System.nanoTime();
        try (PendingResult<Forecast> pending = PendingResult.start(() -> caaForecast(names, ca))) {
            Forecast validation = validationForecast(names, probes);
            Duration remaining = caaTimeout.minusNanos(System.nanoTime() - start);
            Forecast records = pending.await(remaining.isNegative() ? Duration.ZERO : remaining)
                    .orElseGet(Forecast.Success::new);
            return validation.and(records);
        }
    }

    /** Says nothing about a CA whose name in CAA records is not known. */
    private Forecast caaForecast(List<HostName> names, URI ca) throws InterruptedException {
        Optional<Applicant> applicant =
                applicants.apply(ca).filter(each -> !each.identities().isEmpty());
        return applicant.isPresent() ? caa.forecast(names, applicant.get()) : new Forecast.Success();
    }

    private Forecast validationForecast(List<HostName> names, Probes probes)
            throws InterruptedException, StoreException {
        List<NameView> unwell = lookFromHere(names, probes.get(0)).stream()
                .filter(view -> !view.isAnsweredEverywhere())
                .toList();
        return unwell.isEmpty() ? new Forecast.Success() : forecastWithPeers(unwell, probes);
    }

    private List<NameView> lookFromHere(List<HostName> names, KeyAuthorization probe) throws InterruptedException {
        List<Optional<NameView>> seen = run(
                names.stream()
                        .map(name -> (Callable<NameView>)
                                () -> views.here().look(name, probe, Entry.ANY_NODE, ValidationRules.MAX_TIME))
                        .toList(),
                OWN_TIMEOUT);
        return IntStream.range(0, names.size())
                .mapToObj(index -> seen.get(index).orElseGet(() -> nothing(names.get(index))))
                .toList();
    }

    private static NameView nothing(HostName name) {
        HostAddresses none = new HostAddresses(new AddressLookup.None(), new AddressLookup.None());
        return new NameView(name, none, List.of(), List.of(), List.of(), false);
    }

    /** Lets the peers look at a few names at a time, until one of them will fail or no peer replies. */
    private Forecast forecastWithPeers(List<NameView> unwell, Probes probes)
            throws InterruptedException, StoreException {
        List<String> doubts = new ArrayList<>();
        boolean doPeersReply = true;
        try (PendingResult<NodeAddresses> nodes = PendingResult.start(this::nodeAddresses)) {
            for (int first = 0; first < unwell.size(); first += NAMES_AT_PEERS) {
                List<NameView> own = unwell.subList(first, Math.min(first + NAMES_AT_PEERS, unwell.size()));
                List<NameViews> all = doPeersReply
                        ? withPeers(own, probes)
                        : own.stream().map(this::alone).toList();
                doPeersReply = all.stream().anyMatch(each -> !each.ofPeers().isEmpty());
                NameJudge judge = new NameJudge(doPeersReply ? nodes.await() : new NodeAddresses());
                List<String> failures = new ArrayList<>();
                for (NameViews each : all) {
                    switch (Forecast.of(judge.judge(each))) {
                        case Forecast.Failure(String reason) ->
                            failures.add(reason + (each.ofPeers().isEmpty() ? NO_PEER_LOOKED : ""));
                        case Forecast.Doubt(String reason) -> doubts.add(reason);
                        case Forecast.Success() -> {}
                    }
                }
                if (!failures.isEmpty()) {
                    return new Forecast.Failure(
                            failures.getFirst() + otherNames(failures.size() - 1, first + own.size() < unwell.size()));
                }
            }
        }
        return doubts.isEmpty() ? new Forecast.Success() : new Forecast.Doubt(summary(doubts));
    }

    /** @param areSomeUnseen whether there are names that the peers have not looked at */
    private static String otherNames(int others, boolean areSomeUnseen) {
        if (others == 0) {
            return "";
        }
        String count = (areSomeUnseen ? "At least " : "") + others;
        return " " + count + (others == 1 ? " other name fails" : " other names fail")
                + ", too; `ringcert check` lists all problems.";
    }

    private NodeAddresses nodeAddresses() throws InterruptedException {
        return NodeAddresses.of(views.cluster(), views.dns());
    }

    private NameViews alone(NameView own) {
        return new NameViews(own.name(), views.self(), Map.of(views.self(), own));
    }

    /** Adds what the peers see. Those that cannot look or do not reply are left out. */
    private List<NameViews> withPeers(List<NameView> own, Probes probes) throws InterruptedException, StoreException {
        HostName self = views.self();
        List<Callable<Sighting>> looks = new ArrayList<>();
        List<List<Sighting>> sightings = new ArrayList<>();
        for (int i = 0; i < own.size(); i++) {
            HostName name = own.get(i).name();
            KeyAuthorization probe = probes.get(i);
            views.peers().forEach(peer -> looks.add(() -> new Sighting(peer.node(), peer.look(name, probe))));
            sightings.add(new ArrayList<>(List.of(new Sighting(self, new ViewpointReply.Seen(own.get(i))))));
        }
        List<Optional<Sighting>> replies = run(looks, PEER_TIMEOUT);
        for (int i = 0; i < replies.size(); i++) {
            replies.get(i).ifPresent(sightings.get(i / views.peers().size())::add);
        }
        return IntStream.range(0, own.size())
                .mapToObj(i -> NameViews.of(own.get(i).name(), self, sightings.get(i)))
                .toList();
    }

    private static String summary(List<String> doubts) {
        String more = doubts.size() > MAX_DOUBTS ? " The same look left doubts about other names." : "";
        return String.join(" ", doubts.subList(0, Math.min(MAX_DOUBTS, doubts.size()))) + more;
    }

    /** Runs tasks at the same time. Those that do not end in time have no result. */
    private static <T> List<Optional<T>> run(List<Callable<T>> tasks, Duration timeout) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Optional<T>> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(tasks, timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                results.add(future.state() == Future.State.CANCELLED ? Optional.empty() : Optional.of(result(future)));
            }
            return results;
        }
    }

    private static <T> T result(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
