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
import org.ringcert.issue.Wish;
import org.ringcert.renew.Due;
import org.ringcert.store.Origin;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.Version;

/**
 * How a site stands on this node, by what is on its disk.
 *
 * @param renewal when the next order is due; empty for a site that nothing is ordered for yet
 * @param troubles what needs a person, a sentence each
 */
record SiteStatus(
        Site site,
        Optional<String> issuer,
        Optional<String> serial,
        Optional<Instant> notAfter,
        Optional<Instant> renewal,
        Optional<Path> directory,
        List<String> troubles) {

    private static final DateTimeFormatter MINUTES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'").withZone(ZoneOffset.UTC);

    static SiteStatus of(Wish wish, URI caDirectory, Store store, Instant now) {
        Site site = wish.site();
        List<String> troubles = new ArrayList<>();
        Optional<Version> current = Optional.empty();
        try {
            current = store.current(site.name());
        } catch (StoreException e) {
            troubles.add(e.getMessage());
        }
        Progress progress = Progress.NONE;
        try {
            progress = store.progress(site.name());
        } catch (StoreException e) {
            troubles.add(e.getMessage());
        }
        progress.failure()
                .ifPresent(failure -> troubles.add("failed " + failure.howOften() + ", last at "
                        + minutes(failure.last()) + ", next try " + minutes(failure.next()) + ". " + failure.reason()));
        progress.undeployed()
                .filter(undeployed -> undeployed.failures() > 0)
                .ifPresent(undeployed -> troubles.add("this server was not told of the new certificate, next try "
                        + minutes(undeployed.next()) + ". " + undeployed.reason()));
        progress.unserved()
                .filter(unserved -> unserved.failures() > 0)
                .ifPresent(unserved -> troubles.add("its certificate is not what visitors get, next look "
                        + minutes(unserved.next()) + ". " + unserved.reason()));
        Due due = Due.of(wish, caDirectory, current, now);
        boolean selfSigned = current.isEmpty() || current.get().origin() instanceof Origin.SelfSigned;
        if (selfSigned && troubles.isEmpty()) {
            troubles.add("there is no certificate yet; ringcert run or ringcert renew gets it");
        }
        current.filter(version -> now.isAfter(version.notAfter()))
                .ifPresent(version -> troubles.add("its certificate has expired"));
        return new SiteStatus(
                site,
                current.map(version -> selfSigned ? "self-signed" : issuer(version.leaf())),
                current.map(version -> version.leaf().getSerialNumber().toString(16)),
                current.map(Version::notAfter),
                progress.failure().map(Progress.Failure::next).or(() -> next(due, now)),
                current.map(Version::directory),
                troubles);
    }

    private static Optional<Instant> next(Due due, Instant now) {
        return switch (due) {
            case Due.Later(Instant at) -> Optional.of(at);
            case Due.Now reason -> Optional.of(now);
        };
    }

    boolean isWell() {
        return troubles.isEmpty();
    }

    Optional<Long> daysLeft(Instant now) {
        return notAfter.map(end -> Math.max(0, Duration.between(now, end).toDays()));
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
