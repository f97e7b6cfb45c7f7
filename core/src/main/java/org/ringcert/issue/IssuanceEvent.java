package org.ringcert.issue;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.ringcert.acme.ValidationRecord;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.OfferedChains;

/** A step of an issuance. The types are listed in the order in which they occur. */
public sealed interface IssuanceEvent {

    /**
     * The certificate is ordered from a CA that is not the preferred one.
     *
     * @param directory the URL of the CA's directory
     * @param unavailable the URL of the directory of the CA that comes before it
     * @param reason what is wrong with that CA, to follow its name
     */
    record FallsBack(URI directory, URI unavailable, String reason) implements IssuanceEvent {}

    /**
     * The certificate is ordered from the preferred CA, while the current one is from another that is still configured:
     * a fallback is over, or the order of the CAs has changed.
     *
     * @param directory the URL of the preferred CA's directory
     * @param previous the URL of the directory of the CA that issued the current certificate
     */
    record SwitchesCa(URI directory, URI previous) implements IssuanceEvent {}

    /**
     * The certificate is ordered because the CA of the current one is no longer configured.
     *
     * @param directory the URL of the directory of the CA that is asked
     * @param previous the URL of the directory of the CA that issued the current certificate
     */
    record LeavesCa(URI directory, URI previous) implements IssuanceEvent {}

    /**
     * A new order is about to be made without the certificate's unique name, so that the CA counts it together with
     * those of other nodes. A later renewal has the name.
     *
     * @param uniqueName the name
     * @param reason why it cannot be validated and what to do; one or more sentences
     */
    record UniqueNameLeftOut(HostName uniqueName, String reason) implements IssuanceEvent {}

    /**
     * A new order is about to be made, but its validation may fail.
     *
     * @param warning what a look at the site saw, and why it is ordered all the same; one or more sentences
     */
    record ValidationDoubtful(String warning) implements IssuanceEvent {}

    /**
     * A person has asked for an order before its turn within the CA's limits. It is about to be made all the same.
     *
     * @param at when its turn is
     * @param reason why not earlier, as a clause: "the CA issues at most 5 certificates for the same names at once"
     */
    record OrderedBeforeTurn(URI directory, Instant at, String reason) implements IssuanceEvent {}

    /**
     * The CA accepted a new order.
     *
     * @param directory the URL of the CA's directory
     */
    record Ordered(URI directory, URI order) implements IssuanceEvent {}

    /**
     * The CA accepted a new order, but does not count it as a renewal of the current certificate. So the order counts
     * towards the CA's limits (RFC 9773, section 5).
     */
    record NotAReplacement(URI order, String reason) implements IssuanceEvent {}

    /** An order from an earlier attempt is continued. */
    record Resumed(URI order) implements IssuanceEvent {}

    /** An order from an earlier attempt can no longer be used. */
    record Abandoned(URI order, String reason) implements IssuanceEvent {}

    /** The key authorization for a challenge is published, and the CA is about to be asked to validate it. */
    record ChallengeReady(HostName name, Token token) implements IssuanceEvent {}

    /**
     * A name is validated, by this order or an earlier one.
     *
     * @param records what the CA requested; empty if it does not say
     */
    record Validated(HostName name, List<ValidationRecord> records) implements IssuanceEvent {

        public Validated {
            records = List.copyOf(records);
        }
    }

    /**
     * The CA could not validate a name. The outcome of the order says so as well.
     *
     * @param records what the CA requested; empty if it does not say
     * @param reason why, in the CA's words; sentences
     */
    record ValidationFailed(HostName name, List<ValidationRecord> records, String reason) implements IssuanceEvent {

        public ValidationFailed {
            records = List.copyOf(records);
        }
    }

    /**
     * The certificate gets a new key, although it was to have that of the current certificate.
     *
     * @param reason why, as a clause: "it must not be used again"
     */
    record KeyNotReused(String reason) implements IssuanceEvent {}

    /**
     * The CA offers no chain to the root that was asked for. The certificate is installed with the CA's default chain.
     *
     * @param root the name of the wanted root
     * @param offered the chains that it offers
     * @param errors why some of them could not be used, a sentence each
     */
    record NoChainToRoot(String root, OfferedChains offered, List<String> errors) implements IssuanceEvent {

        public NoChainToRoot {
            errors = List.copyOf(errors);
        }
    }

    /**
     * The CA issued no certificate. The result of the pass says so as well.
     *
     * @param directory the URL of the CA's directory
     * @param reason what is wrong, in the CA's words where it has said something; sentences
     */
    record Failed(URI directory, String reason) implements IssuanceEvent {}

    /**
     * The certificate is ordered although the canary's, which is newer than the current one, is one that clients would
     * refuse.
     *
     * @param canary the node that presents it
     * @param problem why clients would refuse it, half a sentence without a full stop
     * @param cause why it is ordered all the same, half a sentence
     */
    record CanaryIsBad(HostName canary, String problem, String cause) implements IssuanceEvent {}

    /**
     * Clients accept the new certificate, as a test before its installation says, although they refuse the canary's.
     */
    record TestPassed() implements IssuanceEvent {}

    /**
     * Clients would refuse the new certificate, as a test says, but it is the current one all the same.
     *
     * @param problem why clients would refuse it, half a sentence without a full stop
     * @param cause why it is installed all the same, half a sentence
     */
    record TestFailed(String problem, String cause) implements IssuanceEvent {}

    /** The certificate is on disk and is now the site's current version. */
    record Installed(CertificateVersion version) implements IssuanceEvent {}
}
