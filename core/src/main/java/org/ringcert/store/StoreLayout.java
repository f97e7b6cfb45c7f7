package org.ringcert.store;

import java.nio.file.Path;

/**
 * The paths of the directories in a store. Only computes paths: nothing is read or created, and the store need not
 * exist.
 *
 * @param root the store directory
 */
public record StoreLayout(Path root) {

    /** Returns the directory whose entry {@code NAME} is a link to the current version of that certificate. */
    public Path certificates() {
        return root.resolve("certs");
    }

    /** Returns the directory that holds one directory per certificate, with one directory per version in it. */
    public Path versions() {
        return root.resolve("versions");
    }

    /** Returns the directory of key authorizations, each in a file named by its token. A web server may serve it. */
    public Path challenges() {
        return root.resolve("challenges");
    }

    /** Returns the directory of ACME accounts, one file per CA. */
    public Path accounts() {
        return root.resolve("accounts");
    }

    /** Returns the directory that holds the progress of each certificate and the lock file of each site. */
    public Path orders() {
        return root.resolve("orders");
    }

    /** Returns the directory of histories, one file per site. */
    Path history() {
        return root.resolve("history");
    }

    /** Returns the directory of marks, each named by the SHA-256 hash of a public key that must not be used again. */
    Path retiredKeys() {
        return root.resolve("retired-keys");
    }

    /** Returns the file that says which problems a person has been told of. */
    Path alerts() {
        return root.resolve("alerts.json");
    }

    /** Returns the file with what this node needs to plan its orders. */
    Path plan() {
        return root.resolve("plan.json");
    }

    /** Returns the file that is locked while {@link #plan} is changed. */
    Path planLock() {
        return root.resolve("plan.lock");
    }

    /** Returns the file that is locked by the process that answers on this node's {@code listen} addresses. */
    Path listeningLock() {
        return root.resolve("listening.lock");
    }
}
