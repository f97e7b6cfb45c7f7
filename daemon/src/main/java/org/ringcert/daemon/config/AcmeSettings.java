package org.ringcert.daemon.config;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.acme.NewAccount;
import org.ringcert.issue.FailureBudget;
import org.ringcert.pki.KeyType;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.Limits;

/**
 * The settings of one CA. The user has agreed to its terms of service; without that no configuration loads. Immutable.
 *
 * @param directory the URL of its directory: https, or http at a loopback address
 * @param known which public CA it is; empty for any other, which is treated as private
 * @param contact an e-mail address, without {@code mailto:}
 * @param trustedRoots the certificates in {@code ca-file}, at least one, to trust for the directory's own https; empty
 *     for those that the system trusts
 * @param profile the CA's certificate profile; empty for its default
 * @param root the name of the root that certificate chains should lead to; empty for the CA's default chains
 * @param keys the types of the keys of a site's certificates, one for each certificate: one or two, of different
 *     algorithms; the first is the one of the site's first certificate
 * @param reuseKey whether a renewed certificate has the key of the previous one
 * @param configuredBinding the credentials for a new account there, as far as this process can read them
 * @param handoff how its requests reach the answer if another node has it
 * @param writtenLimits the limits in the file that the table names; empty if it names none
 */
public record AcmeSettings(
        URI directory,
        Optional<PublicCa> known,
        Optional<String> contact,
        Optional<List<X509Certificate>> trustedRoots,
        Optional<String> profile,
        Optional<String> root,
        List<KeyType> keys,
        boolean reuseKey,
        ConfiguredBinding configuredBinding,
        CaHandoff handoff,
        Optional<Limits> writtenLimits) {

    /** The types of keys if the file names none. */
    public static final List<KeyType> DEFAULT_KEYS = List.of(KeyType.EC256);

    public AcmeSettings {
        keys = List.copyOf(keys);
    }

    /** Returns the credentials for a new account (RFC 8555, section 7.3.4), if there are any that can be used. */
    public Optional<ExternalAccountBinding> binding() {
        return configuredBinding.credentials();
    }

    /**
     * Returns the limits within which it issues certificates: those of the file, else those of a known CA, which are
     * read from a resource by the first call.
     */
    public Limits limits() {
        return writtenLimits.orElseGet(() -> known.map(PublicCa::limits).orElse(Limits.NONE));
    }

    /** Returns what a new account there is registered with. */
    public NewAccount newAccount() {
        return new NewAccount(contact, binding(), configuredBinding.problem());
    }

    /** Returns how many orders of a site may fail there. */
    public FailureBudget failureBudget() {
        return limits().find(LimitKind.FAILED_VALIDATIONS_PER_NAME)
                .map(limit -> FailureBudget.within(limit.capacity(), limit.period()))
                .orElse(FailureBudget.STANDARD);
    }

    /** Returns the name of a known CA, else its URL. */
    public String label() {
        return known.map(PublicCa::label).orElseGet(directory::toString);
    }
}
