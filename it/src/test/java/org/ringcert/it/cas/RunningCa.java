package org.ringcert.it.cas;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;

/** A CA that is running in {@link CaNetwork}. Closing it ends its processes, and leaves its files. */
interface RunningCa extends AutoCloseable {

    /** Returns the URL of its directory. It stays the same. */
    URI directory();

    /** Returns a file with the certificates, in PEM, that nodes trust for the CA's own https. It stays the same. */
    Path caFile();

    /** Returns the roots of the certificates that it issues now. */
    List<X509Certificate> roots() throws IOException;

    /**
     * Restarts it without its accounts, orders and certificates, and waits until its directory answers. Its keys may
     * stay or change.
     */
    void restartWithoutMemory() throws IOException;

    /**
     * Deletes all orders and what belongs to them while it runs, and keeps the accounts.
     *
     * @return whether this CA can do that. If not, nothing has changed.
     */
    default boolean forgetOrders() throws IOException {
        return false;
    }

    @Override
    void close() throws IOException;
}
