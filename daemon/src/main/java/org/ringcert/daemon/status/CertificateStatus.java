package org.ringcert.daemon.status;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.SerialNumber;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.Origin;
import org.ringcert.store.Postponement;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;

/**
 * The state of a certificate on this node, as the files in the store show it. Immutable.
 *
 * @param site the site that it is for
 * @param name its name in the store
 * @param version the installed version, if there is one that can be read
 * @param ca the name of the CA that issued it; empty if it is self-signed
 * @param suggestion when the CA suggests to renew it, if it has said so
 * @param nextRenewal when the daemon makes the next order; empty if that is unknown
 * @param lockHolder the process that is working on the site now
 * @param caFailures what has failed at which CA since the last success
 * @param postponed the order that waits because of what looks at the site saw; with several CAs, at the first of them
 * @param failedTest the renewed certificate, of this node or the canary, that clients would refuse; empty if none is
 *     known
 * @param turns for which CAs its order waits for its turn within their limits
 * @param problems what needs a person, a sentence each
 * @param notes what is worth knowing and is no problem, a sentence each
 * @param visibility whether this user is allowed to read the certificate; if not, nothing is known about it
 */
public record CertificateStatus(
        Site site,
        CertificateName name,
        Optional<CertificateVersion> version,
        Optional<String> ca,
        Optional<RenewalSchedule.Suggestion> suggestion,
        Optional<Instant> nextRenewal,
        Optional<Store.LockHolder> lockHolder,
        List<CaFailure> caFailures,
        Optional<Postponement> postponed,
        List<CaTurn> turns,
        Optional<FailedTest> failedTest,
        List<String> problems,
        List<String> notes,
        Visibility visibility) {

    /** Whether the user of this process is allowed to read a certificate. */
    public enum Visibility {
        VISIBLE,
        HIDDEN
    }

    public CertificateStatus {
        caFailures = List.copyOf(caFailures);
        turns = List.copyOf(turns);
        problems = List.copyOf(problems);
        notes = List.copyOf(notes);
    }

    /** Reads the certificate's files. Errors become problems. */
    static CertificateStatus of(CertificateSpec spec, CaNames names, Store store, Instant now) {
        return new CertificateInspection(spec, names, store, now).run();
    }

    /** Whether nothing is wrong, as far as this user is allowed to see. */
    public Health health() {
        if (!problems.isEmpty()) {
            return Health.PROBLEM;
        }
        return visibility == Visibility.HIDDEN ? Health.UNKNOWN : Health.GOOD;
    }

    /** The issuer's common name, else its full name; {@code self-signed} until the CA has issued the first. */
    public Optional<String> issuer() {
        return version.map(it -> it.origin() instanceof Origin.SelfSigned ? "self-signed" : issuer(it.leaf()));
    }

    private static String issuer(X509Certificate certificate) {
        String name = certificate.getIssuerX500Principal().getName();
        try {
            return new LdapName(name)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .map(Object::toString)
                            .findFirst()
                            .orElse(name);
        } catch (InvalidNameException e) {
            return name;
        }
    }

    /** The serial number in hexadecimal digits. */
    public Optional<String> serial() {
        return version.map(it -> SerialNumber.of(it.leaf()));
    }

    /** The directory of the installed files. */
    public Optional<Path> directory() {
        return version.map(CertificateVersion::directory);
    }

    /** How long the certificate is still valid; zero once it has expired. */
    public Optional<Duration> remaining(Instant now) {
        return version.map(it -> Duration.between(now, it.notAfter()))
                .map(remaining -> remaining.isNegative() ? Duration.ZERO : remaining);
    }
}
