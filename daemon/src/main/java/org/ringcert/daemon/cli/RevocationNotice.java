package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.acme.RevocationReason;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.SerialNumber;
import org.ringcert.plan.Limit;
import org.ringcert.plan.LimitKind;
import org.ringcert.plan.TokenBucket;
import org.ringcert.renew.RenewalMode;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** What {@code ringcert revoke} says before it does anything: what is revoked, ordered and used up. Immutable. */
final class RevocationNotice {

    private final RevocationPlan plan;
    private final ConfiguredNode configured;
    private final CaNames caNames;
    private final Store store;
    private final Map<CertificateName, String> obstacles;
    private final ExpectedSigners signers;
    private final RenewalMode mode;
    private final Instant now;

    /**
     * @param obstacles why no new certificate can be ordered, for those certificates where this is known
     * @param mode of the pass that orders
     */
    RevocationNotice(
            RevocationPlan plan,
            ConfiguredNode configured,
            Store store,
            Map<CertificateName, String> obstacles,
            RenewalMode mode,
            Instant now) {
        this.plan = plan;
        this.obstacles = Map.copyOf(obstacles);
        this.signers = new ExpectedSigners(store, configured.caNames());
        this.configured = configured;
        this.caNames = configured.caNames();
        this.store = store;
        this.mode = mode;
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
        noteRequests(lines);
        noteRevokedAlready(lines);
        lines.addAll(plan.leftOut());
        noteSigners(lines);
        noteCasNotConfigured(lines);
        noteNotReplaced(lines);
        List<CertificateSpec> ordered = ordered();
        if (!ordered.isEmpty()) {
            noteOrders(lines, ordered);
            noteLimit(lines, ordered);
        }
        noteObstacles(lines);
        return lines;
    }

    private List<CertificateSpec> ordered() {
        return plan.replaced().stream()
                .filter(spec -> !obstacles.containsKey(spec.name()))
                .toList();
    }

    private void noteRequests(List<String> lines) {
        if (!plan.requests().isEmpty()) {
            lines.add("To be revoked for the reason " + plan.reason() + ", which cannot be undone:");
            plan.requests().forEach(target -> lines.add("    " + describe(target)));
        }
    }

    private String describe(RevocationPlan.Target target) {
        CertificateVersion version = target.version();
        return target.name() + ", version " + version.label() + ", serial "
                + SerialNumber.of(version.leaf()) + ", valid until "
                + version.notAfter() + ", issued by " + caNames.of(target.ca())
                + (target.isCurrent() ? "" : ", not the current one")
                + (target.cause() == RevocationPlan.Cause.SAME_KEY ? ", because it has the same key" : "");
    }

    private void noteRevokedAlready(List<String> lines) {
        plan.targets()
                .forEach(target -> target.previousRevocation(plan.reason())
                        .ifPresent(mark -> lines.add(describeRevoked(target, mark) + " The CA is not asked again.")));
    }

    private static String describeRevoked(RevocationPlan.Target target, Revocation mark) {
        return target.name() + ": version " + target.version().label() + " was already revoked at "
                + mark.since().truncatedTo(ChronoUnit.SECONDS) + " (" + mark.reason() + ").";
    }

    /** Says who signs. The consequences for the key are the same for all versions. */
    private void noteSigners(List<String> lines) throws StoreException {
        boolean isKeyRetired = false;
        Set<URI> cas = new LinkedHashSet<>();
        for (RevocationPlan.Target target : plan.requests()) {
            Optional<String> reason = signers.whyKeySigns(target, plan.reason());
            if (reason.isPresent()) {
                lines.add(target.name() + ", version " + target.version().label() + ": " + reason.get());
                isKeyRetired = true;
                cas.add(target.ca());
            }
        }
        if (!isKeyRetired) {
            return;
        }
        lines.add((plan.reason() == RevocationReason.KEY_COMPROMISE ? "A compromised key" : "A key that signs")
                + " is retired: no other certificate gets it. TLSA records and pins of that key must change.");
        cas.stream()
                .flatMap(ca -> PublicCa.named(ca.toString()).stream())
                .filter(PublicCa::blocksKeysThatRevoke)
                .findFirst()
                .ifPresent(ca -> lines.add(ca.displayName()
                        + (plan.reason() == RevocationReason.KEY_COMPROMISE
                                ? " never again accepts this key, and revokes every certificate that has it."
                                : " takes such a request as keyCompromise, whatever the reason: it never again accepts"
                                        + " this key, and revokes every certificate that has it.")));
    }

    private void noteCasNotConfigured(List<String> lines) {
        Set<URI> others = new LinkedHashSet<>(plan.cas());
        configured.configuration().authorities().forEach(ca -> others.remove(ca.directory()));
        for (URI ca : others) {
            lines.add(ca + " is no longer in the configuration. It is asked all the same. If this server does not trust"
                    + " its https, write [[acme]] instead of [acme] in the file, add this table at its end, and repeat"
                    + " the command. Take the table out again afterwards:");
            lines.add("    [[acme]]");
            lines.add("    directory = \"" + ca + "\"");
            lines.add("    agree-to-terms = true");
            lines.add("    ca-file = \"/etc/ringcert/ca.pem\"  # the file with the root of that CA's https");
            AcmeSettings first = configured.configuration().authorities().getFirst();
            if (!first.keys().equals(AcmeSettings.DEFAULT_KEYS)) {
                lines.add("    keys = "
                        + first.keys().stream()
                                .map(type -> "\"" + type.label() + "\"")
                                .toList());
            }
        }
    }

    private void noteNotReplaced(List<String> lines) {
        Set<CertificateName> replaced =
                plan.replaced().stream().map(CertificateSpec::name).collect(Collectors.toSet());
        Set<CertificateName> others = new LinkedHashSet<>();
        for (RevocationPlan.Target target : plan.targets()) {
            if (target.isCurrent() && !replaced.contains(target.name())) {
                lines.add(target.name() + " is no longer in the configuration, so nothing is ordered in its place.");
                others.add(target.name());
            }
        }
        plan.targets().stream()
                .map(RevocationPlan.Target::name)
                .filter(name -> !replaced.contains(name) && others.add(name))
                .forEach(name ->
                        lines.add(name + ": that is not the current certificate, so nothing is ordered in its place."));
    }

    private void noteObstacles(List<String> lines) {
        boolean isCompromised = plan.reason() == RevocationReason.KEY_COMPROMISE;
        new LinkedHashSet<>(obstacles.values())
                .forEach(obstacle -> lines.add("Nothing can be ordered in place of "
                        + obstacles.entrySet().stream()
                                .filter(entry -> entry.getValue().equals(obstacle))
                                .map(entry -> entry.getKey().toString())
                                .sorted()
                                .collect(Collectors.joining(" and "))
                        + ". " + obstacle
                        + (isCompromised
                                ? " The key is compromised, so the revocation does not wait for that. Until there is"
                                        + " a new certificate, the revoked one stays in place."
                                : "")));
    }

    private void noteOrders(List<String> lines, List<CertificateSpec> ordered) throws StoreException {
        boolean isNewKey = true;
        for (CertificateSpec spec : ordered) {
            isNewKey &= isKeyLost(spec);
        }
        String cas = ordered.stream()
                .map(spec -> caNames.of(spec.preferredSource().directory()))
                .distinct()
                .collect(Collectors.joining(" and "));
        int orders = ordered.size();
        lines.add(
                orders == 1
                        ? "Then a new certificate" + (isNewKey ? " with a new key" : "") + " is ordered from " + cas
                                + ". Until it is there, the revoked one stays in place and is served."
                        : "Then " + orders + " new certificates" + (isNewKey ? " with new keys" : "")
                                + " are ordered from " + cas
                                + ". Until they are there, the revoked ones stay in place and are served.");
    }

    /** Whether the next certificate cannot have the key of the current one, even if keys are used again. */
    private boolean isKeyLost(CertificateSpec spec) throws StoreException {
        for (RevocationPlan.Target target : plan.targets()) {
            if (target.isCurrent() && target.name().equals(spec.name())) {
                return store.isKeyRetired(target.version().leaf().getPublicKey())
                        || (plan.requests().contains(target)
                                && signers.whyKeySigns(target, plan.reason()).isPresent());
            }
        }
        return false;
    }

    private void noteLimit(List<String> lines, List<CertificateSpec> ordered) throws StoreException {
        AcmeSettings ca = configured
                .configuration()
                .authority(ordered.getFirst().preferredSource().directory());
        // The limits of a CA for tests are so wide that they would only distract.
        Optional<Limit> limit = ca.known().filter(PublicCa::isForTests).isPresent()
                ? Optional.empty()
                : ca.limits().find(LimitKind.CERTIFICATES_PER_NAME_SET);
        if (limit.isPresent()) {
            noteLimit(lines, ca, limit.get(), ordered);
        }
    }

    private void noteLimit(List<String> lines, AcmeSettings ca, Limit limit, List<CertificateSpec> ordered)
            throws StoreException {
        String name = ca.known().map(PublicCa::displayName).orElseGet(ca::label);
        int orders = ordered.size();
        List<Instant> issued = issued(ordered.getFirst(), ca, limit.period());
        TokenBucket bucket = TokenBucket.after(issued, limit);
        int servers = serversWithNamesOf(ordered.getFirst());
        int kinds = specsOfSite().size();
        int remaining = bucket.available(now);
        lines.add("This counts as " + (orders == 1 ? "an order" : orders + " orders") + ": " + name
                + " issues " + limit.capacity() + " certificates in " + inWords(limit.period())
                + " for the same names"
                + shared(servers, kinds) + ".");
        lines.add("According to its files, this server got at least " + issued.size()
                + " in the last " + inWords(limit.period()) + "; the files of older versions are deleted after a day. "
                + (remaining == 0 ? "None is" : "At most " + (remaining == 1 ? "one is" : remaining + " are")) + " left"
                + (servers == 1
                        ? "."
                        : ", less what the other " + (servers == 2 ? "server" : servers - 1 + " servers")
                                + " got, which is not known here."));
        String earliest = bucket.earliest(Math.min(orders, limit.capacity()), now)
                .truncatedTo(ChronoUnit.MINUTES)
                .toString();
        if (mode != RenewalMode.FORCE) {
            lines.add(
                    "If none is left, " + (orders == 1 ? "the order waits for its turn" : "orders wait for their turns")
                            + ", and Ringcert then orders by itself. With --force, "
                            + (orders == 1 ? "it does" : "they do") + " not wait.");
        }
        if (remaining < orders) {
            lines.add((mode == RenewalMode.FORCE
                            ? name + " will probably refuse " + (orders == 1 ? "the order" : "at least one order")
                                    + ". The next one is possible at about " + earliest
                                    + ", and Ringcert then orders by itself"
                            : "The next one is possible at about " + earliest)
                    + ". Until then this server has only "
                    + (orders == 1 ? "the revoked certificate" : "revoked certificates")
                    + ", which browsers may refuse.");
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

    /** Returns days if it is whole days, else hours, rounded up. */
    private static String inWords(Duration period) {
        long days = period.toDays();
        if (days > 0 && period.equals(Duration.ofDays(days))) {
            return days == 1 ? "24 hours" : days + " days";
        }
        long hours = period.plusHours(1).minusNanos(1).toHours();
        return hours == 1 ? "an hour" : hours + " hours";
    }

    /** Returns how many servers order exactly the same names, this one included. */
    private int serversWithNamesOf(CertificateSpec spec) {
        return (int) configured.configuration().nodes().stream()
                .filter(settings -> configured
                        .configuration()
                        .uniqueName(spec.site(), settings.node().name())
                        .equals(spec.uniqueName()))
                .count();
    }

    /**
     * Returns when this node got certificates for the same names from the CA: those of every kind of key, even if the
     * site no longer has it.
     */
    private List<Instant> issued(CertificateSpec spec, AcmeSettings ca, Duration period) throws StoreException {
        Set<HostName> names = Set.copyOf(spec.names());
        List<Instant> issued = new ArrayList<>();
        for (CertificateName name : store.storedCertificates()) {
            if (name.site().equals(spec.site().name())) {
                store.versions(name).stream()
                        .filter(version -> version.origin() instanceof Origin.IssuedByCa origin
                                && origin.directory().equals(ca.directory()))
                        .filter(version -> Set.copyOf(version.names()).equals(names))
                        .map(version -> issueTime(version, ca))
                        .filter(time -> time.isAfter(now.minus(period)))
                        .forEach(issued::add);
            }
        }
        return issued;
    }

    private Instant issueTime(CertificateVersion version, AcmeSettings ca) {
        Instant time = version.notBefore().plus(ca.limits().backDate());
        return time.isAfter(now) ? now : time;
    }

    private List<CertificateSpec> specsOfSite() {
        HostName site = plan.replaced().getFirst().site().name();
        return LocalNode.specs(configured.configuration(), configured.self()).stream()
                .filter(spec -> spec.site().name().equals(site))
                .toList();
    }
}
