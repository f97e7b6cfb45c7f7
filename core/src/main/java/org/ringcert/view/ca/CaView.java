package org.ringcert.view.ca;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.dns.AddressLookup;
import org.ringcert.dns.DnsResolver;
import org.ringcert.dns.HostAddresses;
import org.ringcert.pki.SerialNumber;
import org.ringcert.pki.SubjectNames;
import org.ringcert.view.visitor.TlsObservation;
import org.ringcert.view.visitor.TlsObserver;

/**
 * Looks at names as a CA does, at each of their published addresses. Thread-safe; methods block. Each look starts two
 * virtual threads for each address, of which it visits {@value #MAX_ADDRESSES} at most.
 */
public final class CaView {

    /** More addresses than any CA may be expected to try, few enough for a hostile DNS to be harmless. */
    static final int MAX_ADDRESSES = 16;

    /** What is kept free at the end of a look, so that walks end with a verdict before the look is given up. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    private final HostLookup lookup;
    private final Walker walker;
    private final ValidationRules rules;
    private final Reach reach;

    /** @param dns asked anew for each request */
    public CaView(DnsResolver dns, ValidationRules rules) {
        this(dns, rules, Reach.UNLIMITED);
    }

    /**
     * @param dns asked anew for each request
     * @param reach which servers looks may connect to, https included
     */
    public CaView(DnsResolver dns, ValidationRules rules, Reach reach) {
        this(dns, rules, reach, PublicInternet.registries());
    }

    CaView(DnsResolver dns, ValidationRules rules, PublicInternet internet) {
        this(dns, rules, Reach.UNLIMITED, internet);
    }

    CaView(DnsResolver dns, ValidationRules rules, Reach reach, PublicInternet internet) {
        this.lookup = new HostLookup(dns, rules.strictness(), internet);
        this.walker = new Walker(dns, rules, reach, internet);
        this.reach = reach;
        this.rules = rules;
    }

    /**
     * Looks at a name: one walk for each published address that a CA may use, with no other address to fall back to,
     * and https at each. CAs do not use the IPv4 addresses of a name that has IPv6 addresses, but what is wrong there
     * is reported as well.
     *
     * <p>Never fails; an interrupt ends the look soon and is preserved.
     *
     * @param probe what a node of the cluster has published and what a CA must get
     * @param timeout for the whole look. A walk without an answer by then is refused if the last server was silent for
     *     two seconds, and undecided if it had less time; https that has not been seen by then is missing, and the view
     *     is not complete.
     */
    public NameView look(HostName name, KeyAuthorization probe, Entry entry, Duration timeout) {
        return look(name, probe, entry, timeout, this::https);
    }

    /** Looks as {@link #look} does, but not at https. So it does not wait for a port 443 that does not answer. */
    public NameView lookWithoutHttps(HostName name, KeyAuthorization probe, Entry entry, Duration timeout) {
        return look(name, probe, entry, timeout, (_, _, _) -> new HttpsView.NotSeen());
    }

    /** Looks at https of a name at one address. */
    private interface HttpsLook {
        HttpsView look(HostName name, InetAddress address, Duration timeout);
    }

    private NameView look(HostName name, KeyAuthorization probe, Entry entry, Duration timeout, HttpsLook httpsLook) {
        Deadline deadline = Deadline.ofWalk(timeout);
        try {
            HostLookup.Result found = lookup.find(name, deadline);
            return lookAtEach(name, found, address -> new Visit(name, address, probe, entry, deadline, httpsLook));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            AddressLookup failed = new AddressLookup.Failed("interrupted");
            return new NameView(name, new HostAddresses(failed, failed), List.of(), List.of(), List.of(), false);
        }
    }

    private NameView lookAtEach(HostName name, HostLookup.Result found, Function<InetAddress, Visit> start)
            throws InterruptedException {
        List<Visit> visits =
                found.usable().stream().limit(MAX_ADDRESSES).map(start).toList();
        List<AddressView> views = new ArrayList<>();
        boolean isComplete =
                visits.size() == found.usable().size() && found.cutShort().isEmpty();
        try {
            for (Visit visit : visits) {
                isComplete &= visit.await(views::add);
            }
        } finally {
            visits.forEach(Visit::cancel);
        }
        return new NameView(
                name, found.answer(), views, found.problem().stream().toList(), found.warnings(), isComplete);
    }

    /** The walk to one address and the look at its https, on two virtual threads. */
    private final class Visit {

        private final InetAddress address;
        private final Deadline deadline;
        private final Task<Walk> walk;
        private final Task<HttpsView> https;

        Visit(
                HostName name,
                InetAddress address,
                KeyAuthorization probe,
                Entry entry,
                Deadline deadline,
                HttpsLook httpsLook) {
            this.address = address;
            this.deadline = deadline;
            this.walk = Task.start(() -> walker.walkFrom(name, address, entry, probe, deadline.earlierBy(MARGIN)));
            this.https = Task.start(() -> httpsLook.look(name, address, timeout()));
        }

        private Duration timeout() {
            Duration remaining = deadline.remaining().minus(MARGIN);
            return remaining.isNegative() ? Duration.ZERO : remaining;
        }

        /** Waits for the end of the look, and reports what has been seen. Returns whether that is everything. */
        boolean await(Consumer<AddressView> report) throws InterruptedException {
            Optional<Walk> walked = walk.await(deadline);
            Optional<HttpsView> seen = https.await(deadline);
            walked.ifPresent(
                    end -> report.accept(new AddressView(address, end, seen.orElseGet(HttpsView.NotSeen::new))));
            return walked.isPresent() && seen.isPresent();
        }

        void cancel() {
            walk.cancel();
            https.cancel();
        }
    }

    private record Task<T>(FutureTask<T> future, Thread thread) {

        static <T> Task<T> start(Callable<T> work) {
            FutureTask<T> future = new FutureTask<>(work);
            return new Task<>(future, Thread.ofVirtual().start(future));
        }

        Optional<T> await(Deadline deadline) throws InterruptedException {
            try {
                return Optional.of(future.get(Math.max(0, deadline.remaining().toNanos()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a part of a look failed", e.getCause());
            }
        }

        void cancel() {
            thread.interrupt();
        }
    }

    private HttpsView https(HostName name, InetAddress address, Duration timeout) {
        if (reach.refusal(address, rules.httpsPort()).isPresent()) {
            return new HttpsView.NotSeen();
        }
        InetSocketAddress server = new InetSocketAddress(address, rules.httpsPort());
        return switch (TlsObserver.observe(server, name, timeout)) {
            case TlsObservation.NoCertificate(var _, String reason) -> new HttpsView.None(reason);
            case TlsObservation.Served served -> certificate(served.leaf(), name);
        };
    }

    private static HttpsView certificate(X509Certificate leaf, HostName name) {
        return new HttpsView.Certificate(
                SerialNumber.of(leaf),
                leaf.getIssuerX500Principal().getName(),
                leaf.getNotBefore().toInstant(),
                leaf.getNotAfter().toInstant(),
                leaf.getSubjectX500Principal().equals(leaf.getIssuerX500Principal()),
                SubjectNames.matches(leaf, name));
    }
}
