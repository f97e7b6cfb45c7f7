package org.ringcert.daemon.alert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.daemon.alert.AlertChange.Phase;
import org.ringcert.daemon.alert.AlertEntry.State;

/**
 * Decides when a person is told that a problem begins or ends: once each. Pure: it knows neither clock nor files. Not
 * thread-safe.
 *
 * <p>A problem begins when it has lasted for its grace. It ends when a survey no longer has it. The command is told of
 * an end only if it has been told of the beginning. Other words for the same subject are no new problem.
 */
final class AlertBook {

    private final Map<String, AlertEntry> entries = new LinkedHashMap<>();

    /** @param saved what {@link #entries} returned earlier */
    AlertBook(Collection<AlertEntry> saved) {
        saved.forEach(this::put);
    }

    /** Takes in a survey, and returns what has begun and ended. */
    List<AlertChange> update(Survey survey) {
        List<AlertChange> changes = new ArrayList<>();
        Set<String> present = new HashSet<>(survey.unknown());
        for (Condition condition : survey.conditions()) {
            present.add(condition.subject().id());
            see(condition, changes);
        }
        List.copyOf(entries.values()).stream()
                .filter(entry -> !present.contains(entry.id()))
                .forEach(entry -> miss(entry, changes));
        return changes;
    }

    private void see(Condition condition, List<AlertChange> changes) {
        AlertEntry known = entries.get(condition.subject().id());
        AlertEntry entry = known == null ? AlertEntry.first(condition) : known.seenAgain(condition);
        if (entry.isDue()) {
            entry = entry.withState(State.OPEN);
        }
        if (entry.state() == State.OPEN && (known == null || known.state() != State.OPEN)) {
            changes.add(change(Phase.BEGIN, entry));
        }
        put(entry);
    }

    private void miss(AlertEntry entry, List<AlertChange> changes) {
        if (entry.state() == State.OPEN) {
            changes.add(change(Phase.END, entry));
        }
        if (entry.isTold()) {
            put(entry.withState(State.ENDED));
        } else {
            entries.remove(entry.id());
        }
    }

    /** Returns what the command is to be told next: ends first, then the oldest problem. Empty if it knows all. */
    Optional<AlertChange> pending() {
        Optional<AlertEntry> ended = entries.values().stream()
                .filter(entry -> entry.state() == State.ENDED)
                .findFirst();
        Optional<AlertEntry> begun = entries.values().stream()
                .filter(entry -> entry.state() == State.OPEN && !entry.isTold())
                .min(Comparator.comparing(AlertEntry::since));
        return ended.map(entry -> change(Phase.END, entry)).or(() -> begun.map(entry -> change(Phase.BEGIN, entry)));
    }

    /** Takes in that the command has been told. */
    void told(AlertChange change) {
        String id = change.condition().subject().id();
        switch (change.phase()) {
            case BEGIN -> entries.computeIfPresent(id, (_, entry) -> entry.told());
            case END -> entries.remove(id);
        }
    }

    /** Takes in that there is no command to be told: what has ended is forgotten. */
    void dropEnded() {
        entries.values().removeIf(entry -> entry.state() == State.ENDED);
    }

    List<AlertEntry> entries() {
        return List.copyOf(entries.values());
    }

    private void put(AlertEntry entry) {
        entries.put(entry.id(), entry);
    }

    private static AlertChange change(Phase phase, AlertEntry entry) {
        return new AlertChange(phase, entry.condition(), entry.since());
    }
}
