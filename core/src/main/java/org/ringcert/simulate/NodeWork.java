package org.ringcert.simulate;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.ringcert.acme.AcmeException.Fault;
import org.ringcert.acme.ClockTolerance;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.renew.ProgressAfterFailure;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalPlan;
import org.ringcert.renew.RenewalWait;
import org.ringcert.renew.ScheduleAfterPoll;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.FailedTest;
import org.ringcert.store.FailureKind;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Progress;
import org.ringcert.store.RenewalSchedule;

/**
 * What the daemons of all nodes do, as {@code SiteRenewer} does it: with the same decisions, on virtual time. A pass
 * that would decide the same as the one before is left out, and so is a poll that would get the same answer. Confined
 * to one thread.
 */
final class NodeWork {

    /** An order with its validation takes this long, at random. */
    private static final long MIN_ORDER_TIME = 5_000;

    private static final long MAX_ORDER_TIME = 65_000;

    /** A running daemon notices within this time what changes around it. */
    private static final long PASS_INTERVAL = Duration.ofMinutes(10).toMillis();

    /** How many orders of one node are under way at the same time. */
    private static final int CONCURRENT_ORDERS = 128;

    /** The CA forgets an order that is not finished (Let's Encrypt's classic profile). */
    private static final long ORDER_LIFETIME = Duration.ofDays(7).toMillis();

    private static final long TIME_TO_TELL = Duration.ofDays(1).toMillis();

    /** A site that has moved is noticed when the CA is polled for the last time before the window. */
    private static final long LAST_POLL = Duration.ofHours(4).toMillis();

    private final Scenario scenario;
    private final World world;
    private final ModelCa ca;
    private final EventQueue events;
    private final Counters counters;
    private final SplittableRandom random;
    private final NodeTurns turns;
    private final Canaries canaries;
    private final int[] certificatesOfNode;

    NodeWork(
            Scenario scenario, World world, ModelCa ca, EventQueue events, Counters counters, SplittableRandom random) {
        this.scenario = scenario;
        this.world = world;
        this.ca = ca;
        this.events = events;
        this.counters = counters;
        this.random = random;
        this.turns = new NodeTurns(scenario, world, ca);
        this.canaries = new Canaries(scenario, world);
        this.certificatesOfNode = new int[scenario.nodes()];
    }

    /** A pass looks at a certificate. */
    void wake(NodeCertificate certificate, long now) {
        if (certificate.wakeAt() != now) {
            return;
        }
        certificate.setWakeAt(IssuedCertificate.NEVER);
        if (!certificate.node().isUp() || !certificate.node().knowsSite(certificate.site())) {
            return;
        }
        NodeCertificate.OpenOrder order = certificate.order();
        if (order != null && now < order.expiry()) {
            continueOrder(certificate, now);
        } else {
            certificate.setOrder(null);
            renewIfNeeded(certificate, now);
        }
    }

    private void renewIfNeeded(NodeCertificate certificate, long now) {
        Instant clock = certificate.node().clock(now);
        refreshSchedule(certificate, now);
        RenewalPlan plan = plan(certificate, clock);
        Optional<FailedTest> failed =
                plan.source().isPresent() ? canaries.failedTest(certificate, plan.due(), now) : Optional.empty();
        if (failed.isPresent()) {
            certificate.setProgress(certificate.progress().withFailedTest(failed));
            sleepUntil(certificate, failed.get().nextTest(), now);
        } else if (plan.source().isPresent()) {
            order(certificate, plan.source().get(), now);
        } else {
            sleepUntil(certificate, plan.pendingWait().map(RenewalWait::next).orElse(plan.next()), now);
        }
    }

    private RenewalPlan plan(NodeCertificate certificate, Instant clock) {
        return RenewalPlan.of(
                certificate.spec(),
                Optional.ofNullable(certificate.current()),
                certificate.schedule(),
                progress(certificate, clock),
                RenewalMode.DUE_ONLY,
                clock);
    }

    private static Progress progress(NodeCertificate certificate, Instant clock) {
        return certificate.progress().equals(Progress.NONE)
                ? Progress.NONE
                : certificate.node().answers().endWaits(certificate.progress().asOf(clock), clock);
    }

    private void refreshSchedule(NodeCertificate certificate, long now) {
        IssuedCertificate current = certificate.current();
        Instant clock = certificate.node().clock(now);
        if (current == null || !ScheduleAfterPoll.isDue(current, certificate.schedule(), clock)) {
            return;
        }
        RenewalSchedule stored = certificate.schedule();
        if (scenario.renewalInfo() == Scenario.RenewalInfoSupport.MISSING) {
            certificate.setSchedule(ScheduleAfterPoll.notOffered(
                    current, stored, turns.share(certificate), certificate::previouslyPlanned, clock));
        } else if (ca.isDown()) {
            certificate.setSchedule(ScheduleAfterPoll.unreachable(stored, clock));
        } else {
            answered(certificate.node(), now);
            if (current.isRevoked(now)) {
                current.noticeRecall();
            }
            certificate.setSchedule(ScheduleAfterPoll.answered(
                    stored, ca.renewalInfo(current, now), () -> canaries.place(certificate), clock));
        }
    }

    private void order(NodeCertificate certificate, CertificateSpec.Source source, long now) {
        Optional<PendingTurn> turn = turns.decide(certificate, source, now);
        setTurn(certificate, source, turn);
        if (turn.isPresent()) {
            sleepUntil(certificate, turn.get().nextLook(), now);
        } else if (ca.isDown()) {
            failed(certificate, FailureKind.UNREACHABLE, "The CA is down", now);
        } else if (!ClockTolerance.allows(certificate.node().clockError())) {
            failed(certificate, FailureKind.UNCOUNTED, "The clocks differ by more than a day", now);
        } else {
            askCa(certificate, source, now);
        }
    }

    private static void setTurn(
            NodeCertificate certificate, CertificateSpec.Source source, Optional<PendingTurn> turn) {
        AuthorityProgress atCa = certificate.progress().at(source.directory());
        if (!atCa.turn().equals(turn)) {
            certificate.setProgress(certificate.progress().with(atCa.withTurn(turn)));
        }
    }

    private void askCa(NodeCertificate certificate, CertificateSpec.Source source, long now) {
        @Nullable IssuedCertificate replaced = replaced(certificate);
        answered(certificate.node(), now);
        switch (ca.newOrder(certificate.set(), certificate.node().account(), replaced, now)) {
            case ModelCa.Answer.Accepted(boolean isExempt) -> {
                certificate.setOrder(new NodeCertificate.OpenOrder(replaced, isExempt, now + ORDER_LIFETIME));
                continueOrder(certificate, now);
            }
            case ModelCa.Answer.Refused refused -> {
                counters.refused(certificate, now);
                PendingTurn turn = turns.refused(certificate, refused, now);
                setTurn(certificate, source, Optional.of(turn));
                sleepUntil(certificate, turn.nextLook(), now);
            }
        }
    }

    private @Nullable IssuedCertificate replaced(NodeCertificate certificate) {
        IssuedCertificate current = certificate.current();
        return scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED
                        && current != null
                        && current.account() == certificate.node().account()
                        && !current.isReplaced()
                ? current
                : null;
    }

    private void continueOrder(NodeCertificate certificate, long now) {
        long time = random.nextLong(MIN_ORDER_TIME, MAX_ORDER_TIME);
        events.add(now + time, SimulatedEvent.ISSUE.of(certificate.index()));
        certificate.setOrderDoneAt(now + time);
    }

    private void failed(NodeCertificate certificate, FailureKind kind, String reason, long now) {
        URI directory = certificate.spec().preferredSource().directory();
        Instant clock = certificate.node().clock(now);
        Progress progress = ProgressAfterFailure.failed(
                progress(certificate, clock),
                directory,
                new IssuanceOutcome.Failed(reason, Optional.empty(), Fault.CA, kind),
                RenewalMode.DUE_ONLY,
                clock);
        certificate.setProgress(progress);
        certificate.node().answers().keepWait(certificate.spec().name(), progress);
        sleepUntil(certificate, progress.at(directory).failure().orElseThrow().nextAttempt(), now);
    }

    /** The CA issues the certificate of an order, if the node is still there. */
    void finishOrder(NodeCertificate certificate, long now) {
        NodeCertificate.OpenOrder order = certificate.order();
        if (order == null
                || certificate.orderDoneAt() != now
                || !certificate.node().isUp()) {
            return;
        }
        if (ca.isDown()) {
            failed(certificate, FailureKind.UNREACHABLE, "The CA is down", now);
            return;
        }
        IssuedCertificate issued = ca.issue(
                certificate.set(),
                certificate.origin(),
                Optional.of(certificate.spec().preferredSource().keyType()),
                certificate.node().account(),
                order.replaced(),
                order.isExempt(),
                now);
        counters.issued(certificate, now);
        if (certificate.current() == null) {
            certificatesOfNode[certificate.node().index()]++;
        }
        certificate.install(issued);
        answered(certificate.node(), now);
        renewIfNeeded(certificate, now);
    }

    /** The CA has answered: certificates for which it could not be reached need not wait any longer. */
    private void answered(SimulatedNode node, long now) {
        Instant clock = node.clock(now);
        node.answers().add(World.DIRECTORY, clock);
        for (CertificateName name : node.answers().takeRecovered(clock)) {
            NodeCertificate recovered = world.certificate(node.name(), name);
            if (recovered.order() == null) {
                wakeAt(recovered, now + 1);
            }
        }
    }

    /** Wakes up when the daemon would look at the certificate next, at the latest. */
    private void sleepUntil(NodeCertificate certificate, Instant next, long now) {
        Instant attention = certificate.current() != null
                        && scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED
                        && certificate.schedule().suggestion().isEmpty()
                        && certificate.schedule().nextPoll().isBefore(next)
                ? certificate.schedule().nextPoll()
                : next;
        wakeAt(certificate, Math.max(now + 1000, certificate.node().whenClockSays(attention)));
    }

    void wakeAt(NodeCertificate certificate, long time) {
        certificate.setWakeAt(time);
        events.add(time, SimulatedEvent.WAKE.of(certificate.index()));
    }

    /** The daemon starts and looks at all its certificates. */
    void startAll(SimulatedNode node, long now) {
        int count = scenario.sites() * scenario.kinds();
        node.daemonStarted(now);
        world.certificatesOf(node).forEach(NodeWork::forgetPlannedTurn);
        wakeAllWithin(node, 1000 + MAX_ORDER_TIME * (count / CONCURRENT_ORDERS), now);
    }

    /** A daemon that has started decides again about turns. */
    private static void forgetPlannedTurn(NodeCertificate certificate) {
        CertificateSpec.Source source = certificate.spec().preferredSource();
        certificate
                .progress()
                .at(source.directory())
                .turn()
                .filter(turn -> turn.cause() == PendingTurn.Cause.PLAN)
                .ifPresent(_ -> setTurn(certificate, source, Optional.empty()));
    }

    private void wakeAllWithin(SimulatedNode node, long time, long now) {
        for (NodeCertificate certificate : world.certificatesOf(node)) {
            if (node.knowsSite(certificate.site())) {
                wakeAt(certificate, now + 1 + random.nextLong(time));
            }
        }
    }

    void stop(SimulatedNode node, long now) {
        node.down(now);
    }

    void start(SimulatedNode node, long now) {
        if (node.up(now)) {
            startAll(node, now);
        }
    }

    void clockStepped(SimulatedNode node, long now) {
        wakeAllWithin(node, PASS_INTERVAL, now);
    }

    void lose(NodeCertificate certificate, long now) {
        if (certificate.current() != null) {
            certificatesOfNode[certificate.node().index()]--;
        }
        certificate.lose(now);
    }

    /**
     * A certificate was revoked. The node hears of it when it polls the CA next. Without renewal information an
     * administrator tells it, within a day.
     */
    void revoked(NodeCertificate certificate, long now) {
        long time = scenario.renewalInfo() == Scenario.RenewalInfoSupport.OFFERED
                ? ca.pollInterval().toMillis()
                : TIME_TO_TELL;
        events.add(now + random.nextLong(time), SimulatedEvent.RECALL.of(certificate.index()));
    }

    /** A node hears that a certificate was revoked. If it is down, it hears that when it polls after its start. */
    void noticeRecall(NodeCertificate certificate, long now) {
        IssuedCertificate current = certificate.current();
        if (current == null || !current.isRevoked(now)) {
            return;
        }
        if (scenario.renewalInfo() == Scenario.RenewalInfoSupport.MISSING) {
            current.tellRevocation(certificate.node().clock(now));
        }
        RenewalSchedule stored = certificate.schedule();
        certificate.setSchedule(
                new RenewalSchedule(stored.suggestion(), Instant.EPOCH, stored.failedPolls(), stored.planned()));
        if (certificate.node().isUp() && certificate.order() == null) {
            wakeAt(certificate, now);
        }
    }

    /** A site leads to another node, which the nodes notice when they poll for the last time before a window. */
    void move(int site, int node, long now) {
        world.move(site, node);
        for (NodeCertificate certificate : world.certificates()) {
            if (certificate.site() == site) {
                certificate
                        .schedule()
                        .suggestion()
                        .map(window -> certificate.node().whenClockSays(window.start()) - random.nextLong(LAST_POLL))
                        .filter(time -> time > now)
                        .ifPresent(time -> wakeAt(certificate, time));
            }
        }
    }

    /** Returns how many certificates the CA is polled about. */
    int certificatesInUse() {
        int count = 0;
        for (SimulatedNode node : world.nodes()) {
            count += node.isUp() ? certificatesOfNode[node.index()] : 0;
        }
        return count;
    }
}
