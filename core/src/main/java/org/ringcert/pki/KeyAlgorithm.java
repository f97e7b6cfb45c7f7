package org.ringcert.pki;

import java.util.Locale;

/** The algorithms of certificate keys. A site has at most one certificate of each. */
public enum KeyAlgorithm {
    EC,
    RSA;

    /** Returns the name used in file names and on the command line: {@code ec} or {@code rsa}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
