package org.ringcert.daemon.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ringcert.store.StoreLayout;

/**
 * A directory of the store whose mode was wrong until the store was opened. Immutable.
 *
 * @param previous the mode that it had
 * @param current the mode that it has now
 */
public record CorrectedMode(Path directory, Set<PosixFilePermission> previous, Set<PosixFilePermission> current) {

    public CorrectedMode {
        previous = Set.copyOf(previous);
        current = Set.copyOf(current);
    }

    /** Returns the modes of a store's directories; nothing about those that do not exist or cannot be read. */
    public static Map<Path, Set<PosixFilePermission>> modes(Path store) {
        StoreLayout layout = new StoreLayout(store);
        Map<Path, Set<PosixFilePermission>> modes = new LinkedHashMap<>();
        for (Path directory : List.of(
                store,
                layout.certificates(),
                layout.versions(),
                layout.challenges(),
                layout.accounts(),
                layout.orders())) {
            try {
                modes.put(directory, Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                // It does not exist yet, or opening the store reports that it cannot be used.
            }
        }
        return modes;
    }

    /** Returns what has changed since the modes were read. */
    public static List<CorrectedMode> since(Map<Path, Set<PosixFilePermission>> previous, Path store) {
        List<CorrectedMode> corrected = new ArrayList<>();
        modes(store).forEach((directory, current) -> {
            Set<PosixFilePermission> old = previous.getOrDefault(directory, current);
            if (!old.equals(current)) {
                corrected.add(new CorrectedMode(directory, old, current));
            }
        });
        return corrected;
    }

    /** Returns whether other users could create, replace or delete files. */
    boolean couldOthersWrite() {
        return previous.contains(PosixFilePermission.GROUP_WRITE)
                || previous.contains(PosixFilePermission.OTHERS_WRITE);
    }

    @Override
    public String toString() {
        return directory + " had mode " + PosixFilePermissions.toString(previous) + " and now has "
                + PosixFilePermissions.toString(current);
    }
}
