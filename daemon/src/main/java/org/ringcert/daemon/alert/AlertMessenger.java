package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.issue.BackOff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the administrator's command. A command that fails is reported once and tried again after 1, 10 and 100 minutes,
 * then daily, until it works. Not thread-safe.
 */
final class AlertMessenger {

    private static final Logger log = LoggerFactory.getLogger("ringcert.alert");

    private static final Duration MAX_WAIT = BackOff.ALERT.delay(Integer.MAX_VALUE);

    private final CommandRunner runner;
    private List<String> command = List.of();
    private int failures;
    private Instant nextAttempt = Instant.MIN;

    AlertMessenger(CommandRunner runner) {
        this.runner = runner;
    }

    /** Uses this command from now on. Another one than before is tried at once. */
    void use(List<String> configured) {
        if (!configured.equals(command)) {
            command = List.copyOf(configured);
            failures = 0;
            nextAttempt = Instant.MIN;
            reportUnusable();
        }
    }

    private void reportUnusable() {
        if (!command.isEmpty()) {
            runner.problem(command)
                    .ifPresent(problem -> log.error(
                            "the [alert] command cannot be run: {}. Until it can, what it would say is in this log only",
                            problem));
        }
    }

    /** Returns whether there is a command, and it need not wait after a failure. */
    boolean isReady(Instant now) {
        // A later time was computed while the clock was wrong.
        boolean isWaiting = now.isBefore(nextAttempt) && !nextAttempt.isAfter(now.plus(MAX_WAIT));
        return !command.isEmpty() && !isWaiting;
    }

    /** Runs the command, and returns whether it has taken the message. Blocks for as long as it runs. */
    boolean tell(AlertChange change, HostName self, Instant now) {
        Optional<String> failure = runner.run(command, environment -> environment.putAll(change.environment(self)));
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        if (failure.isEmpty()) {
            if (failures > 0) {
                log.info("the [alert] command works again");
            }
            failures = 0;
            return true;
        }
        failures++;
        nextAttempt = now.plus(BackOff.ALERT.delay(failures));
        if (failures == 1) {
            // A command that fails or is killed may have sent its message by then.
            log.error(
                    "an alert may have reached nobody; the command is tried again at {}, then after 10 and 100 minutes,"
                            + " then daily, and tells again whomever it has reached. {}",
                    nextAttempt.truncatedTo(ChronoUnit.SECONDS),
                    failure.get());
        }
        return false;
    }
}
