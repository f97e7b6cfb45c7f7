package org.ringcert.daemon.status;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * The state of all certificates of this node, as its store shows it. Immutable.
 *
 * @param self this node
 * @param cas the names of the configured CAs, in the file's order
 * @param certificates the configured certificates, in the file's order
 * @param accounts the accounts at the configured CAs, in the file's order; none if this user is not allowed to see them
 * @param notConfigured certificates in the store that are no longer in the configuration
 * @param storeProblem what is wrong with the store itself
 * @param restriction what this user is not allowed to see, and who is
 */
public record NodeStatus(
        HostName self,
        List<String> cas,
        List<CertificateStatus> certificates,
        List<AccountStatus> accounts,
        List<CertificateName> notConfigured,
        Optional<String> storeProblem,
        Optional<String> restriction) {

    public NodeStatus {
        cas = List.copyOf(cas);
        certificates = List.copyOf(certificates);
        accounts = List.copyOf(accounts);
        notConfigured = List.copyOf(notConfigured);
    }

    /**
     * Reads the store. Changes nothing, but for a probe file that is written and removed.
     *
     * @param specs the certificates that this node should have
     * @param names the names of CAs
     * @param credentialsProblem why no account can be made with the configured credentials at the CA with a directory
     * @throws StoreException if the certificates in the store cannot be listed
     */
    public static NodeStatus of(
            HostName self,
            List<CertificateSpec> specs,
            CaNames names,
            Function<URI, Optional<String>> credentialsProblem,
            Store store,
            Instant now)
            throws StoreException {
        List<CertificateStatus> certificates = specs.stream()
                .map(spec -> CertificateStatus.of(spec, names, store, now))
                .toList();
        List<URI> directories = specs.stream()
                .flatMap(spec -> spec.sources().stream())
                .map(CertificateSpec.Source::directory)
                .distinct()
                .toList();
        List<String> cas = directories.stream().map(names::of).toList();
        List<AccountStatus> accounts = directories.stream()
                .flatMap(directory ->
                        AccountStatus.of(names.of(directory), directory, credentialsProblem.apply(directory), store)
                                .stream())
                .toList();
        Set<CertificateName> configured =
                specs.stream().map(CertificateSpec::name).collect(Collectors.toSet());
        List<CertificateName> notConfigured = store.storedCertificates().stream()
                .filter(name -> !configured.contains(name))
                .toList();
        try {
            store.checkWritable();
            return new NodeStatus(self, cas, certificates, accounts, notConfigured, Optional.empty(), Optional.empty());
        } catch (StoreException e) {
            return e.isPermissionDenied()
                    ? new NodeStatus(
                            self,
                            cas,
                            certificates,
                            accounts,
                            notConfigured,
                            Optional.empty(),
                            Optional.of(restriction(store)))
                    : new NodeStatus(
                            self,
                            cas,
                            certificates,
                            accounts,
                            notConfigured,
                            Optional.of(notWritable(e)),
                            Optional.empty());
        }
    }

    private static String restriction(Store store) {
        return "This user is not allowed to see the accounts, recent failures, whether the keys match the certificates, or"
                + " whether the store can be written. To see all, run this as " + store.permittedUsers() + ".";
    }

    private static String notWritable(StoreException e) {
        return "The store cannot be written, so nothing is renewed. " + e.getMessage();
    }

    /** What needs a person and concerns no single site, a sentence or more each. */
    public List<String> problems() {
        return Stream.concat(storeProblem.stream(), accounts.stream().flatMap(account -> account.problem().stream()))
                .toList();
    }

    /** What is worth knowing, is no problem and concerns no single site, a sentence or more each. */
    public List<String> notes() {
        return accounts.stream().flatMap(account -> account.note().stream()).toList();
    }

    /** Whether the sites may have certificates of more than one CA, so that a person wants to see which. */
    public boolean hasSeveralCas() {
        // Not every user is allowed to see the accounts.
        return cas.size() > 1
                || certificates.stream()
                                .flatMap(site -> site.ca().stream())
                                .distinct()
                                .count()
                        > 1;
    }

    /**
     * The verdict on the store, the accounts and all certificates. A problem counts more than what this user is not
     * allowed to see.
     */
    public Health health() {
        if (!problems().isEmpty() || certificates.stream().anyMatch(site -> site.health() == Health.PROBLEM)) {
            return Health.PROBLEM;
        }
        return certificates.stream().allMatch(site -> site.health() == Health.GOOD) ? Health.GOOD : Health.UNKNOWN;
    }
}
