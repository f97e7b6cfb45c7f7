package org.ringcert.daemon.alert;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What an alert is about. The labels are a contract with the administrator's command. */
public enum AlertKind {
    /** A certificate of this node: its renewal fails, it expires, or it is bad in the store. */
    CERTIFICATE,

    /** A new certificate of this node is installed, but the web server does not have it. */
    DEPLOYMENT,

    /** Visitors of this or another node get a bad certificate or none. */
    VISITORS,

    /** Another node does not answer on its port for challenges. */
    SILENT,

    /** This node has no usable account at a CA. */
    ACCOUNT,

    /** The store of this node cannot be used. */
    STORE;

    /** Returns the word for {@code RINGCERT_KIND}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<AlertKind> labeled(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }
}
