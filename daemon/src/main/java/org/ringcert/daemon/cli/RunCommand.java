package org.ringcert.daemon.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ringcert.challenge.Http01;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.BuildVersion;
import org.ringcert.daemon.ConfigurationChanges;
import org.ringcert.daemon.Daemon;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.handoff.HandoffMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ringcert run}: the daemon. */
final class RunCommand extends Command {

    private final NodeOptions options = new NodeOptions(this);

    RunCommand() {
        super("Answers on port 80 and keeps the certificates of this node renewed, until SIGTERM.");
    }

    @Override
    public Integer call() throws Exception {
        Logging.verbose();
        Logger log = LoggerFactory.getLogger("ringcert");
        HangupSignal hangup = new HangupSignal();
        LocalNode node = options.load().open();
        Termination termination = new Termination(log);
        Runtime.getRuntime().addShutdownHook(new Thread(termination));
        try {
            return work(node, hangup, termination, log);
        } finally {
            termination.ended = true;
        }
    }

    private int work(LocalNode node, HangupSignal hangup, Termination termination, Logger log) throws Exception {
        CertificateLog certificateLog = new CertificateLog();
        Daemon daemon = Daemon.start(node, certificateLog, certificateLog::onResult);
        termination.daemon = daemon;
        log.info(
                "ringcert {}: {} answers on {}",
                BuildVersion.CURRENT,
                node.cluster().self(),
                daemon.addresses().isEmpty()
                        ? "no port of its own"
                        : daemon.addresses().stream().map(Object::toString).collect(Collectors.joining(", ")));
        warnOfALongRing(node, log);
        Thread.ofVirtual()
                .name("reread")
                .start(() -> reread(hangup, daemon, node.cluster().self().name(), log));
        return daemon.awaitTermination() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    /**
     * What SIGTERM does, also while the daemon still waits to begin. A command that ends by itself has a status of its
     * own.
     */
    private static final class Termination implements Runnable {

        private final Logger log;
        private volatile @Nullable Daemon daemon;
        private volatile boolean ended;

        Termination(Logger log) {
            this.log = log;
        }

        @Override
        public void run() {
            if (ended) {
                return;
            }
            Daemon begun = daemon;
            if (begun != null) {
                begun.close();
            }
            log.info("ended");
            // the JVM's own status after a signal would be 143
            Runtime.getRuntime().halt(ExitStatus.OK);
        }
    }

    private void reread(HangupSignal hangup, Daemon daemon, HostName self, Logger log) {
        try {
            while (true) {
                hangup.await();
                try {
                    tell(daemon.reconfigure(reread(self)), log);
                } catch (UsageException e) {
                    log.error("the configuration that was read before stays in force, as the file is wrong now:");
                    String.valueOf(e.getMessage()).lines().forEach(log::error);
                } catch (RuntimeException e) {
                    log.error("the file could not be reread: a defect of this program", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Configuration reread(HostName self) throws UsageException {
        ConfiguredNode loaded = options.load();
        if (!loaded.self().equals(self)) {
            throw new UsageException(
                    "this server is " + self + " and would be " + loaded.self() + " by the file; that takes a restart");
        }
        return loaded.configuration();
    }

    private static void tell(ConfigurationChanges changes, Logger log) {
        List<String> words = changes.applied();
        log.info("reread the configuration: {}", words.isEmpty() ? "nothing is new" : String.join("; ", words));
        changes.needingRestart().forEach(what -> log.warn("{} in the file; that takes a restart", what));
        warnOfALongRing(changes.next(), log);
    }

    private static void warnOfALongRing(LocalNode node, Logger log) {
        int peers = node.cluster().peers().size();
        if (node.handoffMode() == HandoffMode.RING && peers > Http01.MAX_REDIRECTS) {
            log.warn(
                    "a ring of {} servers: CAs follow {} redirects, so a challenge that more than {} servers away is held is not found;"
                            + " handoff = \"redirect\" has no such limit",
                    peers + 1,
                    Http01.MAX_REDIRECTS,
                    Http01.MAX_REDIRECTS);
        }
    }
}
