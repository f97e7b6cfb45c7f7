package org.ringcert.store;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * What a node keeps on disk, in the layout that the documentation promises to administrators. Every write is whole or
 * not at all, also when the machine stops in the middle: written beside, forced to disk, switched by one rename, the
 * folder forced to disk.
 *
 * <p>The store's folder is 0711, {@code challenges/} 0755, what holds a key 0600 from its first byte, whatever the
 * umask. Run by root, it leaves everything to the owner of the store's folder. All methods may be called from any
 * thread and beside other processes; what must not happen twice at a time is kept apart by {@link #tryLock} and
 * {@link #lockAccount}, which the caller holds where a method says so.
 *
 * <p>A process opens one store for each folder and keeps it: the system's file locks belong to the process, and go when
 * a second store of the same folder is given up.
 *
 * <p>All methods that touch the disk throw {@link StoreException}, whose message names the file and the remedy.
 */
public final class Store {

    private static final Duration SELF_SIGNED_LIFETIME = Duration.ofDays(365);

    /** What one renewal writes, and more. */
    private static final int SPACE = 1 << 16;

    private final Disk disk;
    private final Clock clock;
    private final Path challenges;
    private final CertificateFiles versions;
    private final AccountFiles accounts;
    private final OrderFiles orders;
    private final Locks locks;

    private Store(Disk disk, Clock clock, boolean onlyLooks) {
        this.disk = disk;
        this.clock = clock;
        this.challenges = disk.root().resolve("challenges");
        this.versions = new CertificateFiles(
                disk, disk.root().resolve("certs"), disk.root().resolve("versions"), clock, onlyLooks);
        this.accounts = new AccountFiles(disk, disk.root().resolve("accounts"), clock);
        this.orders = new OrderFiles(disk, disk.root().resolve("orders"));
        this.locks = new Locks(disk, clock);
    }

    private Map<Path, Mode> folders() {
        Map<Path, Mode> folders = new LinkedHashMap<>();
        folders.put(challenges, Mode.PUBLIC_FOLDER);
        folders.put(versions.links(), Mode.PUBLIC_FOLDER);
        folders.put(disk.root().resolve("versions"), Mode.PUBLIC_FOLDER);
        folders.put(disk.root().resolve("accounts"), Mode.SECRET_FOLDER);
        folders.put(disk.root().resolve("orders"), Mode.SECRET_FOLDER);
        return folders;
    }

    /**
     * Opens the store in that folder, makes what is missing of it, and corrects the modes of its folders.
     *
     * @throws StoreException also if the folder is not writable for this process, or its file system has no owners and
     *     modes
     */
    public static Store open(Path directory, Clock clock) throws StoreException {
        Store store = new Store(RootFolder.open(directory), clock, false);
        for (Map.Entry<Path, Mode> folder : store.folders().entrySet()) {
            store.disk.folder(folder.getKey(), folder.getValue());
        }
        return store;
    }

    /**
     * The store in that folder for who only looks: nothing is made or corrected, it may not be there yet, and keys that
     * this process may not read are not read. What this process may not see of the rest is an exception that says so
     * ({@link StoreException#isPermissionDenied}).
     */
    public static Store inspect(Path directory, Clock clock) throws StoreException {
        return new Store(RootFolder.look(directory), clock, true);
    }

    /** Who may read and write all of it, for the administrator: {@code root or as ringcert}. */
    public String permittedUsers() {
        return disk.owner().permittedUsers();
    }

    /**
     * Tries whether what a renewal writes can be written now. Of a store that is not there yet there is nothing to say.
     *
     * @throws StoreException if not; where only others may, it says so
     */
    public void checkWritable() throws StoreException {
        for (Path folder : folders().keySet()) {
            if (disk.exists(folder)) {
                disk.probe(folder, SPACE);
            }
        }
        if (!disk.hasSpace(SPACE)) {
            throw new StoreException(
                    "The disk of " + directory() + " has no space left for others than root; make some", null);
        }
    }

    /** The folder itself, absolute. */
    public Path directory() {
        return disk.root();
    }

    /** Where {@code certs/SITE} leads to the current version of each site. */
    public Path certificates() {
        return versions.links();
    }

    /** Where key authorizations lie that a web server may serve: {@code challenges/}. */
    public Path challenges() {
        return challenges;
    }

    /** Writes a file into {@code challenges/} that everybody may read, whole at once. */
    public void saveChallenge(String name, String content) throws StoreException {
        disk.write(challenges.resolve(name), content, Mode.PUBLIC_FILE);
    }

    /**
     * What {@code certs/SITE} leads to: nothing where there is no version yet. A link that leads nowhere, damaged
     * files, a key that is not the leaf's, or files without {@code origin.json} (put there by hand) are an exception.
     */
    public Optional<CertificateVersion> current(HostName site) throws StoreException {
        return versions.current(site);
    }

    /** The names of all sites that have a version, also those that are in no configuration any more. */
    public List<HostName> sites() throws StoreException {
        return versions.sites();
    }

    /**
     * Writes a new version and switches {@code certs/SITE} to it. Versions that were replaced longer than a day ago go,
     * the one before stays in any case. The caller holds the site's lock, so what an earlier install has left half done
     * is removed at once.
     *
     * @param key one pair, as it was generated or read: that its halves belong together is not tried again
     * @throws IllegalArgumentException if the key is not the leaf's: a version never holds a certificate with another's
     *     key; also if there is no certificate or more than 20
     */
    public CertificateVersion install(HostName site, KeyPair key, List<X509Certificate> chain, Origin origin)
            throws StoreException {
        return versions.install(site, key, chain, origin);
    }

    /**
     * The current version; where there is none yet, a self-signed one is made first, good for a year from now, so that
     * a web server can start. The caller holds the site's lock.
     */
    public CertificateVersion ensureSelfSigned(Site site, KeyType type, SecureRandom random) throws StoreException {
        Optional<CertificateVersion> current = current(site.name());
        if (current.isPresent()) {
            return current.get();
        }
        KeyPair key = type.generate(random);
        Instant now = clock.instant();
        X509Certificate certificate = SelfSignedCertificate.of(key, site.names(), now, now.plus(SELF_SIGNED_LIFETIME));
        return install(site.name(), key, List.of(certificate), new Origin.SelfSigned());
    }

    /**
     * Keeps others, of this process and of any other, off the site until it is closed: nothing where somebody has it
     * now. A process that dies lets go of it.
     */
    public Optional<Lock> tryLock(HostName site) throws StoreException {
        return locks.tryLock(orders.lockFile(site));
    }

    /**
     * Who has the site in work now; nothing where nobody has, or it is not known since when. To find out, it is locked
     * for a moment.
     */
    public Optional<LockHolder> lockHolder(HostName site) throws StoreException {
        return locks.holder(orders.lockFile(site));
    }

    /**
     * As {@link #tryLock}, for the account at that CA, but waits until it is free.
     *
     * @throws StoreException also if somebody has held it for ten minutes, or the thread is interrupted
     */
    public Lock lockAccount(URI caDirectory) throws StoreException {
        return locks.lock(accounts.lockFile(caDirectory));
    }

    /**
     * As {@link #tryLock}, for answering where this node listens: held by a command for as long as it does that, so
     * that a daemon waits for its end.
     */
    public Optional<Lock> tryLockListening() throws StoreException {
        return locks.tryLock(listening());
    }

    /**
     * As {@link #tryLockListening}, but waits until it is free.
     *
     * @throws StoreException also if somebody has held it for ten minutes, or the thread is interrupted
     */
    public Lock lockListening() throws StoreException {
        return locks.lock(listening());
    }

    /** Who holds {@link #tryLockListening} now; nothing where nobody does, or it is not known since when. */
    public Optional<LockHolder> listeningLockHolder() throws StoreException {
        return locks.holder(listening());
    }

    private Path listening() {
        return disk.root().resolve("listening.lock");
    }

    /** The account at the CA of that directory. */
    public Optional<StoredAccount> account(URI caDirectory) throws StoreException {
        return accounts.account(caDirectory);
    }

    /** Where the account at that CA is kept. Moved away, it is as if there were none. */
    public Path accountFile(URI caDirectory) {
        return accounts.file(caDirectory);
    }

    /**
     * Keeps the account; another one that was there before is kept beside it under another name. The caller holds the
     * account's lock.
     */
    public void saveAccount(URI caDirectory, StoredAccount account) throws StoreException {
        accounts.keep(caDirectory, account);
    }

    /**
     * The progress of a site as of now: an order under way, failures so far. Where nothing was kept:
     * {@link Progress#NONE}.
     */
    public Progress progress(HostName site) throws StoreException {
        return orders.progress(site).asOf(clock.instant());
    }

    /**
     * Writes the progress of a site anew as it is. Who is about to do what has to be noted, such as an order, finds out
     * before whether the store takes it. The caller holds the site's lock.
     */
    public void checkProgressWritable(HostName site) throws StoreException {
        orders.rewrite(site);
    }

    /**
     * Keeps the progress of a site, the key of the order under way included. Of a reason, the first 10,000 characters
     * are kept. The caller holds the site's lock.
     */
    public void saveProgress(HostName site, Progress progress) throws StoreException {
        orders.keep(site, progress);
    }

    /**
     * Who holds a lock.
     *
     * @param process its number
     * @param since by that process's clock
     */
    public record LockHolder(long process, Instant since) {}

    /** Lets go of a site or an account. Closing it twice does nothing; any thread may close it. */
    public interface Lock extends AutoCloseable {
        @Override
        void close();
    }
}
