package org.ringcert.store;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.cluster.HostName;

/**
 * What a node keeps on disk, in the layout that the documentation promises to administrators. Every write is whole or not at all, also
 * when the machine stops in the middle: written beside, forced to disk, switched by one rename, the folder forced to disk.
 *
 * <p>The store's folder is 0711, {@code challenges/} 0755, what holds a key 0600 from its first byte, whatever the umask. Run by root, it leaves
 * everything to the owner of the store's folder. All methods may be called from any thread and beside other processes; what must not happen twice at a time is
 * kept apart by {@link #lock}.
 *
 * <p>All methods that touch the disk throw {@link StoreException}, whose message names the file and the remedy.
 */
public final class Store {

    /** Opens the store in that folder, and makes what is missing of it. */
    public static Store open(Path directory, Clock clock) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** The folder itself. */
    public Path directory() {
        throw new UnsupportedOperationException("to be written");
    }

    /** Where key authorizations lie that a web server may serve: {@code challenges/}. */
    public Path challenges() {
        throw new UnsupportedOperationException("to be written");
    }

    /** What {@code certs/SITE} leads to: nothing where there is no version yet; damaged files are an exception. */
    public Optional<Version> current(HostName site) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** The names of all sites that have a version, also those that are in no configuration any more. */
    public List<HostName> sites() throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Writes a new version and switches {@code certs/SITE} to it. Versions that were replaced longer than a day ago go, the one before stays in any case.
     *
     * @throws IllegalArgumentException if the key is not the leaf's: a version never holds a certificate with another's key
     */
    public Version install(HostName site, KeyPair key, List<X509Certificate> chain, Origin origin)
            throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /**
     * Keeps others, of this process and of any other, off the site until it is closed: nothing where somebody has it now. A process that dies lets go of it.
     */
    public Optional<Lock> lock(HostName site) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** As {@link #lock}, for the account at that CA, but waits until it is free. */
    public Lock lockAccount(URI caDirectory) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** The account at the CA of that directory. */
    public Optional<Account> account(URI caDirectory) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** Keeps the account; one that was there before is kept beside it under another name. */
    public void keepAccount(URI caDirectory, Account account) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** The progress of a site: an order under way, failures so far. Where nothing was kept: {@link Progress#NONE}. */
    public Progress progress(HostName site) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** Keeps the progress of a site, the key of the order under way included. */
    public void keepProgress(HostName site, Progress progress) throws StoreException {
        throw new UnsupportedOperationException("to be written");
    }

    /** Lets go of a site or an account. Closing it twice does nothing. */
    public interface Lock extends AutoCloseable {
        @Override
        void close();
    }
}
