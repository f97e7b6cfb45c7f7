package org.ringcert.daemon.cli;

import java.net.URI;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.acme.RevocationReason;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * What {@code ringcert revoke} revokes, and what it orders afterwards. Immutable.
 *
 * @param targets the versions to revoke, and those that are revoked already; at least one
 * @param replaced the configured certificates whose current version is a target, so that new ones are ordered
 * @param leftOut why other certificates are left out, a sentence or more each
 */
record RevocationPlan(
        RevocationReason reason, List<Target> targets, List<CertificateSpec> replaced, List<String> leftOut) {

    /**
     * A version to revoke.
     *
     * @param ca the directory of the CA that issued it
     * @param isCurrent whether it is the current version of its certificate
     */
    record Target(CertificateName name, CertificateVersion version, URI ca, boolean isCurrent, Cause cause) {

        /** Returns that the CA has revoked it for this reason or a stronger one, so that it need not be asked again. */
        Optional<Revocation> previousRevocation(RevocationReason reason) {
            return version.revocation()
                    .filter(mark -> mark.state() == Revocation.State.CONFIRMED)
                    .filter(mark -> reason != RevocationReason.KEY_COMPROMISE
                            || mark.reason().equals(reason.label()));
        }
    }

    /** Why a version is revoked. */
    enum Cause {
        /** The user has named it. */
        NAMED,
        /** Its key is that of a version that was named, and is compromised. */
        SAME_KEY
    }

    RevocationPlan {
        targets = List.copyOf(targets);
        replaced = List.copyOf(replaced);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Chooses the versions. A compromised key compromises every version that has it, so all of them are revoked that
     * have not expired.
     *
     * @param names the certificates that the user has named; all of one site
     * @param specs the configured certificates
     * @param label the name of a version; empty for the current ones
     * @throws UsageException if there is no such version, or nothing that a CA has issued
     */
    static RevocationPlan of(
            List<CertificateName> names,
            List<CertificateSpec> specs,
            Optional<String> label,
            RevocationReason reason,
            Store store,
            Instant now)
            throws UsageException, StoreException {
        List<Target> targets = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (CertificateName name : names) {
            Optional<CertificateVersion> current = store.current(name);
            List<CertificateVersion> versions = label.isPresent() || reason == RevocationReason.KEY_COMPROMISE
                    ? store.versions(name)
                    : current.stream().toList();
            Optional<CertificateVersion> named = label.isEmpty()
                    ? current
                    : versions.stream()
                            .filter(version -> version.label().equals(label.get()))
                            .findFirst();
            versions.forEach(version -> known.add(describe(version, current)));
            if (named.isPresent() && named.get().origin() instanceof Origin.SelfSigned) {
                leftOut.add(name + ": version " + named.get().label()
                        + " is self-signed. No CA has issued it, so none can revoke it.");
            } else if (named.isPresent()) {
                addTargets(targets, named.get(), current, versions, reason, now);
            } else if (label.isEmpty()) {
                leftOut.add(name + " has no certificate yet, so there is nothing to revoke.");
            }
        }
        if (targets.isEmpty()) {
            throw new UsageException(
                    leftOut.isEmpty() ? explainNone(names, label.orElse(""), known) : String.join("\n", leftOut));
        }
        Set<CertificateName> current =
                targets.stream().filter(Target::isCurrent).map(Target::name).collect(Collectors.toSet());
        List<CertificateSpec> replaced =
                specs.stream().filter(spec -> current.contains(spec.name())).toList();
        return new RevocationPlan(reason, targets, replaced, leftOut);
    }

    private static void addTargets(
            List<Target> targets,
            CertificateVersion named,
            Optional<CertificateVersion> current,
            List<CertificateVersion> versions,
            RevocationReason reason,
            Instant now) {
        target(named, current, Cause.NAMED).ifPresent(targets::add);
        if (reason == RevocationReason.KEY_COMPROMISE) {
            PublicKey compromised = named.leaf().getPublicKey();
            versions.stream()
                    .filter(version -> !version.directory().equals(named.directory()))
                    .filter(version -> version.leaf().getPublicKey().equals(compromised))
                    .filter(version -> now.isBefore(version.notAfter()))
                    .flatMap(version -> target(version, current, Cause.SAME_KEY).stream())
                    .filter(target -> target.isCurrent()
                            || target.previousRevocation(reason).isEmpty())
                    .forEach(targets::add);
        }
    }

    private static Optional<Target> target(
            CertificateVersion version, Optional<CertificateVersion> current, Cause cause) {
        return version.origin() instanceof Origin.IssuedByCa issued
                ? Optional.of(
                        new Target(version.name(), version, issued.directory(), isCurrent(version, current), cause))
                : Optional.empty();
    }

    private static boolean isCurrent(CertificateVersion version, Optional<CertificateVersion> current) {
        return current.map(CertificateVersion::directory)
                .filter(version.directory()::equals)
                .isPresent();
    }

    private static String describe(CertificateVersion version, Optional<CertificateVersion> current) {
        return "    " + version.label() + " (" + version.name() + ", valid until " + version.notAfter()
                + (version.origin() instanceof Origin.SelfSigned ? ", self-signed" : "")
                + (isCurrent(version, current) ? ", current" : "") + ")";
    }

    private static String explainNone(List<CertificateName> names, String label, List<String> known) {
        return names.stream().map(CertificateName::toString).collect(Collectors.joining(" and "))
                + (names.size() == 1 ? " has" : " have") + " no version " + label + ". "
                + (known.isEmpty() ? "This server has none." : "This server has:\n" + String.join("\n", known));
    }

    /** Returns the versions that a CA is asked to revoke. */
    List<Target> requests() {
        return targets.stream()
                .filter(target -> target.previousRevocation(reason).isEmpty())
                .toList();
    }

    /** Returns the CAs that are asked to revoke. */
    Set<URI> cas() {
        return requests().stream().map(Target::ca).collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
