package org.ringcert.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
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
 * What a node keeps on disk, in the layout that the documentation promises to administrators.
 *
 * <p>Every write is atomic and durable: it takes effect completely or not at all, even if the machine stops in the
 * middle. New content is written to a temporary name, forced to disk and renamed into place, then the directory is
 * forced to disk.
 *
 * <p>The store directory has mode 0711 and {@code challenges/} 0755. A file that holds a key has mode 0600 from the
 * moment it is created. The umask makes no difference. Everything belongs to the owner of the store directory, even if
 * root creates it.
 *
 * <p>All methods may be called from any thread, and while other processes use the same store. Locks prevent what must
 * not happen twice at the same time: see {@link #tryLock} for sites and {@link AccountStore#lock} for accounts. The
 * caller holds the lock where a method says so.
 *
 * <p>A process opens a store directory once and keeps using that store: file locks belong to the process, and would be
 * released when a second store for the same directory is discarded.
 *
 * <p>Methods that access the disk throw {@link StoreException}. Its message names the file and the remedy.
 */
public final class Store {

    private static final Duration SELF_SIGNED_LIFETIME = Duration.ofDays(365);

    /** The space in bytes that must be free: more than one renewal writes. */
    private static final int REQUIRED_SPACE = 1 << 16;

    private final DurableFiles files;
    private final Clock clock;
    private final StoreLayout layout;
    private final CertificateFiles certificates;
    private final AccountStore accounts;
    private final OrderFiles orders;
    private final FileLocks locks;
    private final RetiredKeys retiredKeys;
    private final HistoryStore history;
    private final PlanFile plan;

    /** How a store is opened. */
    enum Access {
        READ_WRITE,
        /** Changes nothing, and leaves keys unread that this process is not allowed to read. */
        INSPECT
    }

    private Store(DurableFiles files, Clock clock, Access access) {
        this.files = files;
        this.clock = clock;
        this.layout = new StoreLayout(files.root());
        this.certificates = new CertificateFiles(files, layout, clock, access);
        this.orders = new OrderFiles(files, layout.orders());
        this.locks = new FileLocks(files, clock);
        this.accounts = new AccountStore(new AccountFiles(files, layout.accounts(), clock), locks, clock);
        this.retiredKeys = new RetiredKeys(files, layout.retiredKeys());
        this.history = new HistoryStore(files, layout, locks);
        this.plan = new PlanFile(files, locks, layout.plan(), layout.planLock(), clock);
    }

    private Map<Path, FileMode> directories() {
        Map<Path, FileMode> directories = new LinkedHashMap<>();
        directories.put(layout.challenges(), FileMode.PUBLIC_DIRECTORY);
        directories.put(layout.certificates(), FileMode.PUBLIC_DIRECTORY);
        directories.put(layout.versions(), FileMode.PUBLIC_DIRECTORY);
        directories.put(layout.accounts(), FileMode.SECRET_DIRECTORY);
        directories.put(layout.orders(), FileMode.SECRET_DIRECTORY);
        return directories;
    }

    /**
     * Opens the store in a directory, creates what is missing and corrects the modes of its directories.
     *
     * @throws StoreException also if this process is not allowed to write to the directory, or its file system does not
     *     keep owners and modes
     */
    public static Store open(Path directory, Clock clock) throws StoreException {
        Store store = new Store(StoreDirectory.open(directory), clock, Access.READ_WRITE);
        for (Map.Entry<Path, FileMode> each : store.directories().entrySet()) {
            store.files.ensureDirectory(each.getKey(), each.getValue());
        }
        return store;
    }

    /**
     * Opens the store in a directory without changing it. Nothing is created or corrected, and the store need not exist
     * yet. Keys that this process is not allowed to read are left unread. If it is not allowed to read something else,
     * methods throw an exception with {@link StoreException#isPermissionDenied}.
     */
    public static Store inspect(Path directory, Clock clock) throws StoreException {
        return new Store(StoreDirectory.inspect(directory), clock, Access.INSPECT);
    }

    /**
     * Returns the users who may read and write the whole store, worded for an administrator: {@code root or as
     * ringcert}.
     */
    public String permittedUsers() {
        return files.owner().permittedUsers();
    }

    /**
     * Checks that a renewal could be written now. Passes if the store does not exist yet.
     *
     * @throws StoreException if writing fails or too little space is left; {@link StoreException#isPermissionDenied} if
     *     other users could write
     */
    public void checkWritable() throws StoreException {
        if (files.exists(directory()) && !Files.isExecutable(directory())) {
            throw StoreException.permissionDenied(
                    "This user cannot enter " + directory() + "; run this as " + permittedUsers(), null);
        }
        for (Path directory : directories().keySet()) {
            if (files.exists(directory)) {
                files.probe(directory, REQUIRED_SPACE);
            }
        }
        if (!files.hasSpace(REQUIRED_SPACE)) {
            throw new StoreException(
                    "The disk of " + directory() + " has no space left for users other than root; free some", null);
        }
    }

    /** Returns the absolute path of the store directory. */
    public Path directory() {
        return layout.root();
    }

    /** Returns the directory whose entry {@code NAME} is a link to the current version of that certificate. */
    public Path certificates() {
        return layout.certificates();
    }

    /** Returns the directory of key authorizations that a web server may serve. */
    public Path challenges() {
        return layout.challenges();
    }

    /** Writes a file to {@code challenges/} that everyone may read. */
    public void saveChallenge(String name, String content) throws StoreException {
        files.write(layout.challenges().resolve(name), content, FileMode.PUBLIC_FILE);
    }

    /**
     * Returns the version that {@code certs/NAME} links to, or empty if the certificate has no version yet.
     *
     * @throws StoreException also if the link is broken, a file is damaged, the key does not belong to the leaf, or
     *     {@code origin.json} is missing because someone put the files there by hand
     */
    public Optional<CertificateVersion> current(CertificateName name) throws StoreException {
        return certificates.current(name);
    }

    /** Returns all certificates that have a version, including those that are no longer configured. */
    public List<CertificateName> storedCertificates() throws StoreException {
        return certificates.certificates();
    }

    /**
     * Writes a new version and switches {@code certs/NAME} to it. The previous version is kept; older ones are deleted
     * once they were replaced more than a day ago. What an interrupted install left behind is removed. The caller holds
     * the site's lock.
     *
     * @param key a pair whose halves are known to belong together; this is not checked again
     * @throws IllegalArgumentException if the key does not belong to the leaf, or if there is no certificate or more
     *     than 20
     */
    public CertificateVersion install(CertificateName name, KeyPair key, List<X509Certificate> chain, Origin origin)
            throws StoreException {
        return certificates.install(name, key, chain, origin);
    }

    /**
     * Returns the version's key for another certificate. This is the only place that decides whether a key may be used
     * again.
     *
     * @return empty if the key was retired ({@link #retireKey})
     */
    public Optional<KeyPair> reusableKey(CertificateVersion version) throws StoreException {
        return isKeyRetired(version.leaf().getPublicKey()) ? Optional.empty() : Optional.of(keyPair(version));
    }

    /**
     * Marks a key as one that no further certificate may have, for good: it was compromised, or the CA refuses it. No
     * certificate with this key is changed.
     *
     * @param reason why, a sentence; kept in the mark's file for the administrator
     */
    public void retireKey(PublicKey key, String reason) throws StoreException {
        retiredKeys.retire(key, reason);
    }

    /** Returns why the key was retired, in one line of at most 300 characters; empty if it was not retired. */
    public Optional<String> retirementReason(PublicKey key) throws StoreException {
        return retiredKeys.reason(key);
    }

    /** Returns whether the key was retired. */
    public boolean isKeyRetired(PublicKey key) {
        return retiredKeys.contains(key);
    }

    /**
     * Returns the versions of the site's certificate that are on disk, the newest first. Those that cannot be read are
     * left out, and the log says so.
     */
    public List<CertificateVersion> versions(CertificateName name) throws StoreException {
        return certificates.versions(name);
    }

    /**
     * Returns the key pair of a version.
     *
     * @throws StoreException also if the key does not belong to the leaf
     */
    public KeyPair keyPair(CertificateVersion version) throws StoreException {
        return certificates.keyPair(version);
    }

    /**
     * Saves that a version has been revoked, or that it has not. {@link CertificateVersion#revocation} is of the time
     * when the version was read. The caller holds the site's lock.
     */
    public void saveRevocation(CertificateVersion version, Optional<Revocation> revocation) throws StoreException {
        certificates.saveRevocation(version, revocation);
    }

    /**
     * Returns when the version is to be renewed according to its CA, as of now. It is {@link RenewalSchedule#UNKNOWN}
     * if the CA has not been asked yet, or if the file cannot be read.
     */
    public RenewalSchedule renewalSchedule(CertificateVersion version) {
        return certificates.renewalSchedule(version).asOf(clock.instant());
    }

    /** Saves when the version is to be renewed. The caller holds the site's lock. */
    public void saveRenewalSchedule(CertificateVersion version, RenewalSchedule schedule) throws StoreException {
        certificates.saveRenewalSchedule(version, schedule);
    }

    /**
     * Returns the current version. If there is none yet, first installs a self-signed certificate that is valid for a
     * year, so that a web server can start. The caller holds the site's lock.
     */
    public CertificateVersion ensureSelfSigned(CertificateName name, Site site, KeyType type, SecureRandom random)
            throws StoreException {
        Optional<CertificateVersion> current = current(name);
        if (current.isPresent()) {
            return current.get();
        }
        KeyPair key = type.generate(random);
        Instant now = clock.instant();
        X509Certificate certificate =
                SelfSignedCertificate.create(key, site.names(), now, now.plus(SELF_SIGNED_LIFETIME));
        return install(name, key, List.of(certificate), new Origin.SelfSigned());
    }

    /**
     * Acquires the site's lock, which excludes everyone else in this and any other process until it is closed. Does not
     * wait. The lock is released when the process dies.
     *
     * @return empty if someone else holds the lock
     */
    public Optional<Lock> tryLock(HostName site) throws StoreException {
        return locks.tryLock(orders.lockFile(site));
    }

    /**
     * Acquires the site's lock. Waits for it, ten minutes at most.
     *
     * @throws StoreException also if the wait times out or the thread is interrupted
     */
    public Lock lock(HostName site) throws StoreException {
        return locks.lock(orders.lockFile(site));
    }

    /**
     * Returns who holds the site's lock; empty if no one does, or if the lock file does not say. To find out, this
     * acquires the lock for a moment.
     */
    public Optional<LockHolder> lockHolder(HostName site) throws StoreException {
        return locks.holder(orders.lockFile(site));
    }

    /**
     * Acquires the listening lock: a command holds it while it answers on this node's {@code listen} addresses, so that
     * a daemon that starts meanwhile waits for the command to finish. Does not wait.
     *
     * @return empty if someone else holds the lock
     */
    public Optional<Lock> tryLockListening() throws StoreException {
        return locks.tryLock(layout.listeningLock());
    }

    /**
     * Acquires the listening lock. Waits for it, ten minutes at most.
     *
     * @throws StoreException also if the wait times out or the thread is interrupted
     */
    public Lock lockListening() throws StoreException {
        return locks.lock(layout.listeningLock());
    }

    /** Returns who holds the listening lock; empty if no one does, or if the lock file does not say. */
    public Optional<LockHolder> listeningLockHolder() throws StoreException {
        return locks.holder(layout.listeningLock());
    }

    /** Returns what this node keeps of its accounts. */
    public AccountStore accounts() {
        return accounts;
    }

    /** Returns what has happened to each site. */
    public HistoryStore history() {
        return history;
    }

    /** Returns what this node keeps to plan its orders. */
    public PlanFile plan() {
        return plan;
    }

    /** Returns where the daemon keeps which problems a person has been told of. */
    public AlertFile alerts() {
        return new AlertFile(files, layout.alerts());
    }

    /** Returns the progress of a certificate as of now, or {@link Progress#NONE} if none is stored. */
    public Progress progress(CertificateName name) throws StoreException {
        return orders.progress(name).asOf(clock.instant());
    }

    /**
     * Writes the stored progress of a certificate again, unchanged. Call this before an action whose outcome must be
     * recorded, such as an order, to find out whether it can be. The caller holds the site's lock.
     */
    public void checkProgressWritable(CertificateName name) throws StoreException {
        orders.rewrite(name);
    }

    /**
     * Saves the progress of a certificate, including the keys of pending orders. Reasons are cut after 10,000
     * characters. The caller holds the site's lock.
     */
    public void saveProgress(CertificateName name, Progress progress) throws StoreException {
        orders.save(name, progress);
    }

    /**
     * The process that holds a lock.
     *
     * @param pid its process ID
     * @param since when it acquired the lock, by its own clock
     */
    public record LockHolder(long pid, Instant since) {}

    /** A lock that is held. Any thread may close it; closing it again has no effect. */
    public interface Lock extends AutoCloseable {
        @Override
        void close();
    }
}
