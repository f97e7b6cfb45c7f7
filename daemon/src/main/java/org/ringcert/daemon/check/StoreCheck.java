package org.ringcert.daemon.check;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.store.FileOwner;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoreLayout;

/**
 * The store: this user can write it, nobody else can read keys, and a web server that answers from files can read
 * {@code challenges/}. The modes of the store's own directories are corrected whenever it is opened.
 */
final class StoreCheck implements Check {

    private static final String SUBJECT = "store";

    /** How many directories are looked into. A store has one for each version of a certificate. */
    private static final int MAX_DIRECTORIES = 10_000;

    private static final Set<PosixFilePermission> OTHERS_ACCESS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final CheckScope scope;
    private final Optional<Store> store;
    private final List<CorrectedMode> corrected;

    /**
     * @param store empty if there is none yet
     * @param corrected the directories whose modes this command has corrected
     */
    StoreCheck(CheckScope scope, Optional<Store> store, List<CorrectedMode> corrected) {
        this.scope = scope;
        this.store = store;
        this.corrected = List.copyOf(corrected);
    }

    @Override
    public List<CheckFinding> look() {
        Path directory = scope.configuration().store();
        if (store.isEmpty()) {
            return List.of(missing(directory));
        }
        List<CheckFinding> findings = new ArrayList<>();
        try {
            store.get().checkWritable();
            corrected.forEach(each -> findings.add(finding(each)));
            findings.addAll(readableKeys(directory));
            if (scope.settings().listen().isEmpty()) {
                findings.addAll(unreachableChallenges());
            }
            if (findings.isEmpty()) {
                findings.add(CheckFinding.ok(
                        Topic.STORE,
                        SUBJECT,
                        directory + " belongs to " + FileOwner.of(directory).name()
                                + ", can be written, and keeps its keys to itself"));
            }
        } catch (StoreException | IOException e) {
            findings.add(CheckFinding.failure(Topic.STORE, SUBJECT, String.valueOf(e.getMessage()), ""));
        }
        return findings;
    }

    /** Returns the finding about a store that this command cannot use. */
    static CheckFinding unusable(StoreException e) {
        return CheckFinding.failure(
                Topic.STORE,
                SUBJECT,
                String.valueOf(e.getMessage()),
                "Nothing else was looked at, because the test challenges of a check are in the store.");
    }

    private CheckFinding finding(CorrectedMode mode) {
        return CheckFinding.warning(
                Topic.STORE,
                SUBJECT,
                mode.toString(),
                mode.couldOthersWrite()
                        ? "Other users could have replaced what is in it: look for what is not the owner's with `find "
                                + mode.directory() + " ! -user OWNER`, and find out what changed the mode."
                        : "This command has corrected it. Find out what changed it.");
    }

    private CheckFinding missing(Path directory) {
        return scope.settings().listen().isEmpty()
                ? CheckFinding.failure(
                        Topic.STORE,
                        SUBJECT,
                        "there is no store in " + directory + ", so the web server has no answers to serve",
                        "Run `ringcert renew --prepare` as the user that renews certificates, or name the right store"
                                + " with --store or in [store].")
                : CheckFinding.ok(
                        Topic.STORE,
                        SUBJECT,
                        "there is none in " + directory + " yet; the daemon or `ringcert renew` makes it");
    }

    private List<CheckFinding> readableKeys(Path directory) throws IOException {
        StoreLayout layout = new StoreLayout(directory);
        List<Path> open = new ArrayList<>();
        addOpenFiles(layout.accounts(), "*", open);
        int directories = 0;
        for (Path certificate : children(layout.versions())) {
            for (Path version : children(certificate)) {
                if (++directories <= MAX_DIRECTORIES) {
                    addOpenFiles(version, "{privkey,combined}.pem", open);
                }
            }
        }
        return open.isEmpty()
                ? List.of()
                : List.of(CheckFinding.warning(
                        Topic.STORE,
                        SUBJECT,
                        "other users can read " + Shown.list(open),
                        "Keys are for the store's owner alone: `chmod 600` these files. If others may have read them,"
                                + " replace the keys: `ringcert revoke SITE --reason keyCompromise`, and `ringcert"
                                + " account roll-over`."));
    }

    private static List<Path> children(Path directory) throws IOException {
        List<Path> children = new ArrayList<>();
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
                found.forEach(children::add);
            }
        }
        return children;
    }

    private static void addOpenFiles(Path directory, String glob, List<Path> open) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, glob)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                        && Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS_ACCESS::contains)) {
                    open.add(file);
                }
            }
        }
    }

    /** Reports the directories above {@code challenges/} that a web server of another user may not enter. */
    private List<CheckFinding> unreachableChallenges() throws IOException {
        List<Path> closed = new ArrayList<>();
        Path challenges = store.orElseThrow().challenges();
        for (Path parent = challenges; parent != null; parent = parent.getParent()) {
            if (!Files.getPosixFilePermissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                closed.add(parent);
            }
        }
        return closed.isEmpty()
                ? List.of()
                : List.of(CheckFinding.warning(
                        Topic.STORE,
                        SUBJECT,
                        "a web server that runs as another user cannot reach " + challenges + ", because "
                                + Shown.list(closed) + (closed.size() == 1 ? " is" : " are") + " closed to others",
                        "`chmod o+x` there, or choose another [store] directory."));
    }
}
