package org.ringcert.daemon.alert;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.store.AlertFile;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One round after the other: surveys, logs what has begun and ended, and tells the command. Not thread-safe. */
final class AlertCycle {

    private static final Logger log = LoggerFactory.getLogger("ringcert.alert");

    /** The longest time that a round spends on messages before the next survey. */
    private static final Duration MAX_TELLING = Duration.ofMinutes(1);

    /** Entries that only wait are saved so often, because a change of theirs matters after a restart alone. */
    private static final Duration SAVE_INTERVAL = Duration.ofMinutes(30);

    private final AlertFile file;
    private final AlertMessenger messenger;
    private final InstantSource clock;
    private final AlertBook book;
    private Set<String> savedState;
    private Instant savedAt = Instant.MIN;
    private boolean isUnwritable;

    AlertCycle(AlertFile file, AlertMessenger messenger, InstantSource clock) {
        this.file = file;
        this.messenger = messenger;
        this.clock = clock;
        this.book = new AlertBook(read());
        this.savedState = states(book.entries());
    }

    private List<AlertEntry> read() {
        try {
            return file.read().map(AlertJson::read).orElse(List.of());
        } catch (IllegalArgumentException e) {
            setAside(String.valueOf(e.getMessage()));
        } catch (StoreException e) {
            setAside(e.getMessage());
        }
        return List.of();
    }

    private void setAside(String reason) {
        String consequence = "what has been told is forgotten, so it may be told again";
        try {
            log.warn(
                    "alerts.json of the store is damaged ({}). It is now {}; {}", reason, file.setAside(), consequence);
        } catch (StoreException e) {
            log.warn("alerts.json of the store cannot be used ({}); {}", e.getMessage(), consequence);
        }
    }

    /** Reports a command that cannot be run, before it is needed. */
    void prepare(List<String> command) {
        messenger.use(command);
    }

    /**
     * Makes one round.
     *
     * @param command the administrator's command; empty for none
     */
    void run(HostName self, Survey survey, List<String> command) {
        book.update(survey).forEach(change -> AlertLog.report(change, self));
        messenger.use(command);
        if (command.isEmpty()) {
            book.dropEnded();
        }
        save();
        tell(self);
    }

    private void tell(HostName self) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < MAX_TELLING.toNanos() && messenger.isReady(clock.instant())) {
            Optional<AlertChange> change = book.pending();
            if (change.isEmpty() || !messenger.tell(change.get(), self, clock.instant())) {
                return;
            }
            book.told(change.get());
            save();
        }
    }

    private void save() {
        List<AlertEntry> entries = book.entries();
        Set<String> state = states(entries);
        Instant now = clock.instant();
        boolean isRecent = !now.isBefore(savedAt) && !entries.isEmpty() && now.isBefore(savedAt.plus(SAVE_INTERVAL));
        if (state.equals(savedState) && (entries.isEmpty() || isRecent)) {
            return;
        }
        try {
            file.save(AlertJson.write(entries));
            savedState = state;
            savedAt = now;
            isUnwritable = false;
        } catch (StoreException e) {
            if (!isUnwritable) {
                log.warn("after a restart, alerts may be told again: {}", e.getMessage());
            }
            isUnwritable = true;
        }
    }

    private static Set<String> states(List<AlertEntry> entries) {
        return entries.stream()
                .map(entry -> entry.id() + " " + entry.state() + " " + entry.isTold())
                .collect(Collectors.toSet());
    }
}
