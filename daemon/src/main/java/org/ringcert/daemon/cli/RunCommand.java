package org.ringcert.daemon.cli;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.Challenges;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.Version;
import org.ringcert.daemon.front.Front;
import org.ringcert.handoff.HandoffMode;
import org.ringcert.handoff.Left;
import org.ringcert.renew.RenewalLoop;
import org.ringcert.renew.Renewals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ringcert run}: the daemon. */
@Command(
        name = "run",
        description = "Answers on port 80 and keeps the certificates of this node renewed, until SIGTERM.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final Duration SWEEP = Duration.ofSeconds(30);

    private static final Duration WAIT_FOR_PEERS = Duration.ofSeconds(3);

    /** What is left of the two seconds that SIGTERM may take, after the front. */
    private static final Duration RENEWALS_END = Duration.ofMillis(800);

    @Mixin
    private Common common = new Common();

    @Override
    public Integer call() throws Exception {
        Logging.verbose();
        Logger log = LoggerFactory.getLogger("ringcert");
        LocalNode node = common.load().open();
        Front front = node.front();
        log.info(
                "ringcert {}: {} answers on {}",
                Version.CURRENT,
                node.cluster().self(),
                front.addresses().isEmpty()
                        ? "no port of its own"
                        : front.addresses().stream().map(Object::toString).collect(Collectors.joining(", ")));
        CountDownLatch stop = new CountDownLatch(1);
        warnOfALongRing(node, log);
        node.watchInterval()
                .ifPresent(interval -> Thread.ofVirtual()
                        .name("watch")
                        .start(() -> node.watch().run(interval, stop)));
        Thread sweeper = Thread.ofVirtual().name("sweeper").start(() -> sweep(node.challenges(), stop));
        Thread renewing = Thread.ofVirtual().name("renewals").start(() -> renew(node, stop));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.countDown();
            renewing.interrupt();
            front.close();
            join(renewing);
            log.info("ended");
            // the JVM's own status after a signal would be 143
            Runtime.getRuntime().halt(Ringcert.WELL);
        }));
        renewing.join();
        boolean asked = stop.getCount() == 0;
        stop.countDown();
        sweeper.join();
        return asked ? Ringcert.WELL : Ringcert.FAILED;
    }

    private static void warnOfALongRing(LocalNode node, Logger log) {
        int peers = node.cluster().peers().size();
        if (node.handoffMode() == HandoffMode.RING && peers > Left.MOST) {
            log.warn(
                    "a ring of {} servers: CAs follow {} redirects, so a challenge that more than {} servers away is held is not found;"
                            + " handoff = \"redirect\" has no such limit",
                    peers + 1,
                    Left.MOST,
                    Left.MOST);
        }
    }

    private static void renew(LocalNode node, CountDownLatch stop) {
        Narration narration = new Narration();
        try (CertificateAuthority authority = node.connect()) {
            Renewals renewals = node.renewals(authority, narration);
            node.watch().awaitPeers(WAIT_FOR_PEERS, stop);
            if (!stop.await(node.settling().toMillis(), TimeUnit.MILLISECONDS)) {
                new RenewalLoop(renewals, Clock.systemUTC(), narration::result).run(node.wishes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sweep(Challenges challenges, CountDownLatch stop) {
        try {
            do {
                challenges.sweep();
            } while (!stop.await(SWEEP.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(RENEWALS_END);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
