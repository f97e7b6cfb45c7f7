package org.ringcert.daemon.cli;

import java.net.InetSocketAddress;
import java.time.Clock;
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
import org.ringcert.event.HistoryRecorder;
import org.ringcert.event.JoinedListener;
import org.ringcert.handoff.HandoffMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ringcert run}: the daemon. */
final class RunCommand extends Command {

    private final NodeOptions options =
            new NodeOptions(this, notice -> LoggerFactory.getLogger("ringcert").warn("{}", notice));

    RunCommand() {
        super("Answers on port 80 and keeps the certificates of this node renewed, until SIGTERM.");
    }

    @Override
    public Integer call() throws Exception {
        Logging.showProgress();
        Logger log = LoggerFactory.getLogger("ringcert");
        HangupSignal hangup = new HangupSignal();
        ConfiguredNode configured = options.loadForDaemon();
        LocalNode node = configured.open();
        Termination termination = new Termination(log);
        Runtime.getRuntime().addShutdownHook(new Thread(termination));
        try {
            return run(node, new CertificateLog(configured.caNames()), hangup, termination, log);
        } finally {
            termination.commandReturned = true;
        }
    }

    private int run(
            LocalNode node, CertificateLog certificateLog, HangupSignal hangup, Termination termination, Logger log)
            throws Exception {
        HistoryRecorder history = new HistoryRecorder(node.store().history(), Clock.systemUTC());
        Daemon daemon = Daemon.start(node, new JoinedListener(certificateLog, history));
        termination.daemon = daemon;
        log.info(
                "ringcert {}: {} answers on {}",
                BuildVersion.CURRENT,
                node.cluster().self(),
                addresses(daemon));
        warnIfRingIsTooLong(node, log);
        Thread.ofVirtual()
                .name("reload")
                .start(() -> reloadOnHangup(
                        hangup, daemon, certificateLog, node.cluster().self().name(), log));
        return daemon.awaitTermination() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static String addresses(Daemon daemon) {
        return daemon.addresses().isEmpty()
                ? "no port of its own"
                : daemon.addresses().stream().map(RunCommand::text).collect(Collectors.joining(", "));
    }

    private static String text(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /**
     * The shutdown hook that handles SIGTERM, also while the daemon is still starting. It does nothing if the command
     * has returned, which sets the exit status itself.
     */
    private static final class Termination implements Runnable {

        private final Logger log;
        private volatile @Nullable Daemon daemon;
        private volatile boolean commandReturned;

        Termination(Logger log) {
            this.log = log;
        }

        @Override
        public void run() {
            if (commandReturned) {
                return;
            }
            Daemon started = daemon;
            if (started != null) {
                started.close();
            }
            log.info("ended");
            // After a signal, the JVM's own exit status would be 143.
            Runtime.getRuntime().halt(ExitStatus.OK);
        }
    }

    private void reloadOnHangup(
            HangupSignal hangup, Daemon daemon, CertificateLog certificateLog, HostName self, Logger log) {
        try {
            while (true) {
                hangup.awaitNext();
                reload(daemon, certificateLog, self, log);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reload(Daemon daemon, CertificateLog certificateLog, HostName self, Logger log) {
        try {
            Configuration next = load(self);
            log(daemon.reconfigure(next), log);
            certificateLog.renameCas(ConfiguredNode.caNames(next));
        } catch (UsageException e) {
            log.error("the previous configuration stays in force, because the file has mistakes:");
            String.valueOf(e.getMessage()).lines().forEach(log::error);
        } catch (RuntimeException e) {
            log.error("the configuration could not be reloaded; this is a bug in Ringcert", e);
        }
    }

    private Configuration load(HostName self) throws UsageException {
        ConfiguredNode node = options.loadForDaemon();
        if (!node.self().equals(self)) {
            throw new UsageException(
                    "the file makes this server " + node.self() + " instead of " + self + "; restart to apply that");
        }
        return node.configuration();
    }

    private static void log(ConfigurationChanges changes, Logger log) {
        List<String> applied = changes.applied();
        log.info("reloaded the configuration: {}", applied.isEmpty() ? "no changes" : String.join("; ", applied));
        changes.needingRestart().forEach(change -> log.warn("{} in the file; restart to apply that", change));
        warnIfRingIsTooLong(changes.next(), log);
    }

    private static void warnIfRingIsTooLong(LocalNode node, Logger log) {
        int peers = node.cluster().peers().size();
        if (node.handoffMode() == HandoffMode.RING && peers > Http01.MAX_REDIRECTS) {
            log.warn(
                    "the ring has {} servers, but CAs follow only {} redirects, so a challenge that is held more than {} servers"
                            + " away is not found; handoff = \"redirect\" has no such limit",
                    peers + 1,
                    Http01.MAX_REDIRECTS,
                    Http01.MAX_REDIRECTS);
        }
    }
}
