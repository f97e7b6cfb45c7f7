package org.ringcert.daemon.cli;

import java.net.URI;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.acme.RevocationReason;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * What {@code ringcert revoke} revokes, and what it orders afterwards. Immutable.
 *
 * @param targets the versions to revoke; at least one
 * @param replaced the certificates whose current version is revoked, so that new ones are ordered
 * @param selfSigned the certificates that were named too, but are self-signed so far
 */
record RevocationPlan(
        RevocationReason reason,
        List<Target> targets,
        List<CertificateSpec> replaced,
        List<CertificateSpec> selfSigned) {

    /**
     * A version to revoke.
     *
     * @param ca the directory of the CA that issued it
     * @param isCurrent whether it is the current version of its certificate
     */
    record Target(CertificateSpec spec, CertificateVersion version, URI ca, boolean isCurrent, Cause cause) {}

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
        selfSigned = List.copyOf(selfSigned);
    }

    /**
     * Chooses the versions. A compromised key compromises every version that has it, so all of them are revoked that
     * have not expired.
     *
     * @param specs the certificates that the user has named; all of one site
     * @param label the name of a version; empty for the current ones
     * @throws UsageException if there is no such version, or nothing that a CA has issued
     */
    static RevocationPlan of(
            List<CertificateSpec> specs, Optional<String> label, RevocationReason reason, Store store, Instant now)
            throws UsageException, StoreException {
        List<Target> targets = new ArrayList<>();
        List<CertificateSpec> selfSigned = new ArrayList<>();
        List<String> known = new ArrayList<>();
        for (CertificateSpec spec : specs) {
            Optional<CertificateVersion> current = store.current(spec.name());
            List<CertificateVersion> versions = label.isPresent() || reason == RevocationReason.KEY_COMPROMISE
                    ? store.versions(spec.name())
                    : current.stream().toList();
            Optional<CertificateVersion> named = label.isEmpty()
                    ? current
                    : versions.stream()
                            .filter(version -> version.label().equals(label.get()))
                            .findFirst();
            versions.forEach(version -> known.add(describe(spec, version, current)));
            if (named.isPresent() && named.get().origin() instanceof Origin.SelfSigned) {
                selfSigned.add(spec);
            } else if (named.isPresent()) {
                addTargets(targets, spec, named.get(), current, versions, reason, now);
            }
        }
        if (targets.isEmpty()) {
            throw new UsageException(explainNone(specs, label, known, selfSigned));
        }
        List<CertificateSpec> replaced =
                targets.stream().filter(Target::isCurrent).map(Target::spec).toList();
        return new RevocationPlan(reason, targets, replaced, selfSigned);
    }

    private static void addTargets(
            List<Target> targets,
            CertificateSpec spec,
            CertificateVersion named,
            Optional<CertificateVersion> current,
            List<CertificateVersion> versions,
            RevocationReason reason,
            Instant now) {
        target(spec, named, current, Cause.NAMED).ifPresent(targets::add);
        if (reason == RevocationReason.KEY_COMPROMISE) {
            PublicKey compromised = named.leaf().getPublicKey();
            versions.stream()
                    .filter(version -> !version.directory().equals(named.directory()))
                    .filter(version -> version.leaf().getPublicKey().equals(compromised))
                    .filter(version -> now.isBefore(version.notAfter()) && !isRevokedForItsKey(version))
                    .flatMap(version -> target(spec, version, current, Cause.SAME_KEY).stream())
                    .forEach(targets::add);
        }
    }

    private static boolean isRevokedForItsKey(CertificateVersion version) {
        return version.revocation()
                .filter(revocation -> revocation.state() == Revocation.State.CONFIRMED
                        && revocation.reason().equals(RevocationReason.KEY_COMPROMISE.label()))
                .isPresent();
    }

    private static Optional<Target> target(
            CertificateSpec spec, CertificateVersion version, Optional<CertificateVersion> current, Cause cause) {
        boolean isCurrent = current.map(CertificateVersion::directory)
                .filter(version.directory()::equals)
                .isPresent();
        return version.origin() instanceof Origin.IssuedByCa issued
                ? Optional.of(new Target(spec, version, issued.directory(), isCurrent, cause))
                : Optional.empty();
    }

    private static String describe(
            CertificateSpec spec, CertificateVersion version, Optional<CertificateVersion> current) {
        boolean isCurrent = current.map(CertificateVersion::directory)
                .filter(version.directory()::equals)
                .isPresent();
        return "    " + version.label() + " (" + spec.name() + ", valid until " + version.notAfter()
                + (version.origin() instanceof Origin.SelfSigned ? ", self-signed" : "")
                + (isCurrent ? ", current" : "") + ")";
    }

    private static String explainNone(
            List<CertificateSpec> specs, Optional<String> label, List<String> known, List<CertificateSpec> selfSigned) {
        String names = specs.stream().map(spec -> spec.name().toString()).collect(Collectors.joining(" and "));
        if (!selfSigned.isEmpty()) {
            return "The certificate of " + names + " is self-signed. No CA has issued it, so none can revoke it.";
        }
        if (label.isEmpty()) {
            return names + " has no certificate yet, so there is nothing to revoke.";
        }
        return names + " has no version " + label.get() + ". "
                + (known.isEmpty() ? "This server has none." : "This server has:\n" + String.join("\n", known));
    }

    /** Returns the CAs that are asked to revoke. */
    Set<URI> cas() {
        return targets.stream().map(Target::ca).collect(Collectors.toCollection(HashSet::new));
    }
}
