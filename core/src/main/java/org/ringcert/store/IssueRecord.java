package org.ringcert.store;

import java.net.URI;
import java.util.List;
import org.ringcert.cluster.HostName;

/**
 * What this node remembers of the certificates that a node got from a CA for one exact set of names. Immutable.
 *
 * @param subject which certificates
 * @param history what is known of them
 */
public record IssueRecord(Subject subject, IssueHistory history) {

    /**
     * Which certificates a record is about.
     *
     * @param ca the URL of the CA's directory
     * @param names the exact names, sorted
     */
    public record Subject(URI ca, HostName node, CertificateName certificate, List<HostName> names) {

        public Subject {
            names = names.stream().distinct().sorted().toList();
        }
    }
}
