package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.acme.RevocationReason;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.IssuanceLimit;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.SerialNumber;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** What {@code ringcert revoke} says before it does anything: what is revoked, ordered and used up. Immutable. */
final class RevocationNotice {

    /** How far back certificates are counted. */
    private static final Duration WEEK = Duration.ofDays(7);

    private final RevocationPlan plan;
    private final ConfiguredNode configured;
    private final CaNames caNames;
    private final Store store;
    private final Instant now;

    RevocationNotice(RevocationPlan plan, ConfiguredNode configured, Store store, Instant now) {
        this.plan = plan;
        this.configured = configured;
        this.caNames = configured.caNames();
        this.store = store;
        this.now = now;
    }

    /**
     * Checks that the CAs revoke for this reason, as far as that is known.
     *
     * @throws UsageException if one does not; the message lists the reasons that it accepts
     */
    static void checkReason(RevocationPlan plan) throws UsageException {
        for (URI ca : plan.cas()) {
            Optional<PublicCa> known = PublicCa.named(ca.toString());
            Optional<Set<RevocationReason>> accepted = known.flatMap(PublicCa::revocationReasons);
            if (accepted.isPresent() && !accepted.get().contains(plan.reason())) {
                throw new UsageException(known.get().displayName() + " does not revoke for the reason " + plan.reason()
                        + ". It accepts "
                        + accepted.get().stream().map(RevocationReason::label).collect(Collectors.joining(", "))
                        + ". Nothing was revoked.");
            }
        }
    }

    /** Returns the lines to print. */
    List<String> lines() throws StoreException {
        List<String> lines = new ArrayList<>();
        lines.add("To be revoked for the reason " + plan.reason() + ", which cannot be undone:");
        plan.targets().forEach(target -> lines.add("    " + describe(target)));
        plan.selfSigned()
                .forEach(spec -> lines.add(spec.name() + " is left out, because its certificate is self-signed."));
        noteBlockedKeys(lines);
        noteCasNotConfigured(lines);
        if (plan.replaced().isEmpty()) {
            lines.add("That is not the current certificate, so nothing is ordered.");
        } else {
            noteOrders(lines);
            noteLimit(lines);
        }
        return lines;
    }

    private String describe(RevocationPlan.Target target) {
        CertificateVersion version = target.version();
        return target.spec().name() + ", version " + version.label() + ", serial "
                + SerialNumber.of(version.leaf()) + ", valid until "
                + version.notAfter() + ", issued by " + caNames.of(target.ca())
                + (target.isCurrent() ? "" : ", not the current one")
                + (target.cause() == RevocationPlan.Cause.SAME_KEY ? ", because it has the same key" : "");
    }

    private void noteBlockedKeys(List<String> lines) {
        if (plan.reason() == RevocationReason.KEY_COMPROMISE) {
            plan.cas().stream()
                    .flatMap(ca -> PublicCa.named(ca.toString()).stream())
                    .filter(PublicCa::blocksKeysThatRevoke)
                    .findFirst()
                    .ifPresent(ca -> lines.add(ca.displayName()
                            + " never again accepts this key, and revokes every certificate that has it."));
        }
    }

    private void noteCasNotConfigured(List<String> lines) {
        Set<URI> others = new HashSet<>(plan.cas());
        configured.configuration().authorities().forEach(ca -> others.remove(ca.directory()));
        others.forEach(ca -> lines.add(ca
                + " is no longer in the configuration. It is asked all the same. If this server does not trust its"
                + " https, add an [[acme]] table with this directory and its ca-file, and repeat the command."));
    }

    private void noteOrders(List<String> lines) {
        boolean isNewKey = plan.reason() == RevocationReason.KEY_COMPROMISE;
        String cas = plan.replaced().stream()
                .map(spec -> caNames.of(spec.preferredSource().directory()))
                .distinct()
                .collect(Collectors.joining(" and "));
        int orders = plan.replaced().size();
        lines.add(
                orders == 1
                        ? "Then a new certificate" + (isNewKey ? " with a new key" : "") + " is ordered from " + cas
                                + ". Until it is there, the revoked one stays in place and is served."
                        : "Then " + orders + " new certificates" + (isNewKey ? " with new keys" : "")
                                + " are ordered from " + cas
                                + ". Until they are there, the revoked ones stay in place and are served.");
    }

    private void noteLimit(List<String> lines) throws StoreException {
        URI directory = plan.replaced().getFirst().preferredSource().directory();
        Optional<PublicCa> ca = PublicCa.named(directory.toString());
        Optional<IssuanceLimit> limit = ca.flatMap(PublicCa::sameNamesLimit);
        if (ca.isPresent() && limit.isPresent()) {
            noteLimit(lines, ca.get(), limit.get(), issued(directory));
        }
    }

    private void noteLimit(List<String> lines, PublicCa ca, IssuanceLimit limit, List<Instant> issued) {
        int servers = configured.configuration().nodes().size();
        int kinds = specsOfSite().size();
        int orders = plan.replaced().size();
        int remaining = limit.remaining(issued, now);
        lines.add("This counts as " + (orders == 1 ? "an order" : orders + " orders") + ": " + ca.displayName()
                + " issues " + limit.atOnce() + " certificates a week for the same names"
                + shared(servers, kinds) + ".");
        lines.add("According to its files, this server got " + issued.size() + " in the last seven days. "
                + (remaining == 0 ? "None is" : remaining == 1 ? "One is" : remaining + " are") + " left"
                + (servers == 1
                        ? "."
                        : ", less what the other " + (servers == 2 ? "server" : servers - 1 + " servers")
                                + " got, which is not known here."));
        if (remaining < orders) {
            lines.add(ca.displayName() + " will probably refuse the order. The next one is possible at about "
                    + limit.earliest(Math.min(orders, limit.atOnce()), issued, now)
                            .truncatedTo(ChronoUnit.MINUTES)
                    + ", and Ringcert then orders by itself. Until then this server has only the revoked certificate,"
                    + " which browsers may refuse.");
        }
    }

    private static String shared(int servers, int kinds) {
        List<String> sharing = new ArrayList<>();
        if (servers > 1) {
            sharing.add(servers + " servers");
        }
        if (kinds > 1) {
            sharing.add(kinds + " kinds of keys");
        }
        return sharing.isEmpty() ? "" : ", shared by " + String.join(" with ", sharing);
    }

    /** Returns when this node got certificates for the same names from the CA. */
    private List<Instant> issued(URI directory) throws StoreException {
        Set<HostName> names = Set.copyOf(plan.replaced().getFirst().site().names());
        List<Instant> issued = new ArrayList<>();
        for (CertificateSpec spec : specsOfSite()) {
            store.versions(spec.name()).stream()
                    .filter(version -> version.origin() instanceof Origin.IssuedByCa origin
                            && origin.directory().equals(directory))
                    .filter(version -> Set.copyOf(version.names()).equals(names))
                    .map(CertificateVersion::notBefore)
                    .filter(time -> time.isAfter(now.minus(WEEK)))
                    .forEach(issued::add);
        }
        return issued;
    }

    private List<CertificateSpec> specsOfSite() {
        HostName site = plan.replaced().getFirst().site().name();
        return LocalNode.specs(configured.configuration()).stream()
                .filter(spec -> spec.site().name().equals(site))
                .toList();
    }
}
