package org.ringcert.daemon.cli;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.ringcert.cluster.Site;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.renew.CertificateDates;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * How a site stands on this node, by what is on its disk.
 *
 * @param version the certificate that is installed, where there is one that can be read
 * @param renewal when the next order is due; empty for a site that nothing is ordered for yet
 * @param inWork who is at work on it at this moment
 * @param troubles what needs a person, a sentence each
 * @param hidden whether this user may not see the certificate, so that nothing can be said of it
 */
record SiteStatus(
        Site site,
        Optional<CertificateVersion> version,
        Optional<Instant> renewal,
        Optional<Store.LockHolder> inWork,
        List<String> troubles,
        boolean hidden) {

    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    /** Longer than any order and the commands after it. */
    private static final Duration HANGS = Duration.ofMinutes(30);

    /** Below this, days are too coarse. */
    private static final Duration IN_HOURS = Duration.ofDays(2);

    private static final Duration IN_MINUTES = Duration.ofHours(2);

    static SiteStatus of(CertificateSpec spec, URI caDirectory, Store store, Instant now) {
        Site site = spec.site();
        List<String> troubles = new ArrayList<>();
        Optional<CertificateVersion> current = Optional.empty();
        boolean hidden = false;
        try {
            current = store.current(site.name());
        } catch (StoreException e) {
            hidden = e.isPermissionDenied();
            told(e, troubles);
        }
        Progress progress = Progress.NONE;
        Optional<Store.LockHolder> holder = Optional.empty();
        try {
            progress = store.progress(site.name());
            holder = store.lockHolder(site.name());
        } catch (StoreException e) {
            told(e, troubles);
        }
        progress.failure().map(SiteStatus::failed).ifPresent(troubles::add);
        progress.pendingDeployment()
                .filter(undeployed -> undeployed.failures() > 0)
                .ifPresent(undeployed -> troubles.add("this server was not told of the new certificate, next try "
                        + minutes(undeployed.nextAttempt()) + ". " + undeployed.reason()));
        progress.pendingServedCheck()
                .filter(unserved -> unserved.failures() > 0)
                .ifPresent(unserved -> troubles.add("its certificate is not what visitors get, next look "
                        + minutes(unserved.nextAttempt()) + ". " + unserved.reason()));
        holder.filter(it -> it.since().plus(HANGS).isBefore(now))
                .ifPresent(it -> troubles.add("process " + it.process() + " has been at work on it since "
                        + minutes(it.since()) + ", longer than any order takes: see whether it hangs, and end it"));
        Due due = Due.of(spec, caDirectory, current, now);
        if (!hidden && isSelfSigned(current) && troubles.isEmpty()) {
            troubles.add("there is no certificate yet; ringcert run or ringcert renew gets it");
        }
        if (!isSelfSigned(current)) {
            CertificateVersion issued = current.orElseThrow();
            if (now.isAfter(issued.notAfter())) {
                troubles.add("its certificate has expired");
            }
            CertificateDates.notYetValid(issued, now).ifPresent(troubles::add);
            if (progress.failure().isEmpty()) {
                CertificateDates.overdueSince(issued, now)
                        .map(SiteStatus::overdue)
                        .ifPresent(troubles::add);
            }
        }
        Optional<Instant> next = hidden
                ? Optional.empty()
                : progress.failure().map(Progress.Failure::nextAttempt).or(() -> next(due, now));
        return new SiteStatus(site, current, next, holder, troubles, hidden);
    }

    /** What this user may not see is said once, for all sites. */
    private static void told(StoreException e, List<String> troubles) {
        if (!e.isPermissionDenied()) {
            troubles.add(e.getMessage());
        }
    }

    private static String failed(Progress.Failure failure) {
        return (failure.certificateIssued() ? "issued to no purpose " : "failed ") + failure.howOften() + ", last at "
                + minutes(failure.lastAttempt()) + ", next try " + minutes(failure.nextAttempt())
                + " (ringcert renew --force tries now). " + failure.reason();
    }

    private static String overdue(Instant since) {
        return "its renewal is overdue since " + minutes(since)
                + ": see whether ringcert run is at work, or the timer of ringcert renew, and what their log says";
    }

    private static boolean isSelfSigned(Optional<CertificateVersion> current) {
        return current.isEmpty() || current.get().origin() instanceof Origin.SelfSigned;
    }

    private static Optional<Instant> next(Due due, Instant now) {
        return switch (due) {
            case Due.Later(Instant at) -> Optional.of(at);
            case Due.Now reason -> Optional.of(now);
        };
    }

    boolean isWell() {
        return troubles.isEmpty() && !hidden;
    }

    String state() {
        if (!troubles.isEmpty()) {
            return "SEE BELOW";
        }
        return hidden ? "NOT SEEN" : "good";
    }

    Optional<String> issuer() {
        return version.map(it -> isSelfSigned(version) ? "self-signed" : issuer(it.leaf()));
    }

    Optional<String> serial() {
        return version.map(it -> it.leaf().getSerialNumber().toString(16));
    }

    Optional<Path> directory() {
        return version.map(CertificateVersion::directory);
    }

    /** How long the certificate is valid yet; nothing once it has expired. */
    Optional<Duration> left(Instant now) {
        return version.map(it -> Duration.between(now, it.notAfter()))
                .map(left -> left.isNegative() ? Duration.ZERO : left);
    }

    /** The same for a person: in a unit that says something. */
    Optional<String> leftInWords(Instant now) {
        return left(now).map(left -> {
            if (left.compareTo(IN_HOURS) >= 0) {
                return left.toDays() + " days";
            }
            return left.compareTo(IN_MINUTES) >= 0 ? left.toHours() + " hours" : minutes(left);
        });
    }

    private static String minutes(Duration left) {
        return left.toMinutes() == 1 ? "1 minute" : left.toMinutes() + " minutes";
    }

    static String minutes(Instant moment) {
        return MINUTES.format(moment);
    }

    /** The issuer's common name, else all of its name. */
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
}
