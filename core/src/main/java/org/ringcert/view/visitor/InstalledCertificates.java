package org.ringcert.view.visitor;

import java.security.cert.X509Certificate;
import java.util.List;

/** The certificates that this node has on its disk. Implementations are thread-safe. */
@FunctionalInterface
public interface InstalledCertificates {

    /** Nothing is on the disk, as far as is known. */
    InstalledCertificates NONE = _ -> List.of();

    /**
     * Returns the chain that this node has for a certificate of a site, its leaf first. Empty if there is none or it
     * cannot be read. May block while it is read.
     *
     * @param key names the certificate; which server it names does not matter
     */
    List<X509Certificate> chain(CellKey key);
}
