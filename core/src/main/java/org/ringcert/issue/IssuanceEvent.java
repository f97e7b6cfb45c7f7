package org.ringcert.issue;

import java.net.URI;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateVersion;

/** What happens on the way of a certificate, in the order of that way. */
public sealed interface IssuanceEvent {

    /**
     * An account was made at the CA.
     *
     * @param instead the account that the CA does not know any more, where there was one
     */
    record AccountCreated(URI account, Optional<URI> instead) implements IssuanceEvent {}

    /** The CA has taken an order. */
    record Ordered(URI order) implements IssuanceEvent {}

    /** An order of before is taken up again. */
    record Resumed(URI order) implements IssuanceEvent {}

    /** An order of before is of no use any more. */
    record Abandoned(URI order, String reason) implements IssuanceEvent {}

    /** The answer to a challenge is published, and the CA is told. */
    record Answering(HostName name, Token token) implements IssuanceEvent {}

    /** The CA has validated a name, now or for an earlier order. */
    record Validated(HostName name) implements IssuanceEvent {}

    /** The certificate is on disk and in use. */
    record Installed(CertificateVersion version) implements IssuanceEvent {}
}
