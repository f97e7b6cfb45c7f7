package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * The accounts and certificates of another ACME program on this server, read and checked, ready to be imported into a
 * store. Never changes anything that belongs to the other program. Immutable.
 */
public final class Migration {

    private final List<NamedCertificate> certificates;
    private final List<FoundAccount> accounts;
    private final List<SiteKeys> newSites;
    private final List<String> notes;
    private final List<String> leftOut;

    private Migration(
            List<NamedCertificate> certificates,
            List<FoundAccount> accounts,
            List<SiteKeys> newSites,
            List<String> notes,
            List<String> leftOut) {
        this.certificates = List.copyOf(certificates);
        this.accounts = List.copyOf(accounts);
        this.newSites = List.copyOf(newSites);
        this.notes = List.copyOf(notes);
        this.leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads and checks everything that the program has in the folder. Writes nothing. A certificate that is damaged,
     * unfinished, expired or not fit for Ringcert is left out and does not stop the others.
     *
     * @param scope without accounts, it does not matter whether there are any
     * @param configured the sites of the configuration, which decide under which name a certificate is stored, and
     *     which kinds of keys a site takes over; empty if there is no configuration yet
     * @param defaultKeys the types of keys of other sites, which take over all kinds that are there: the first of these
     *     types is the kind of the first certificate
     * @throws MigrationException if there is no installation, or nothing of it can be taken over; the message lists all
     *     problems
     */
    public static Migration read(
            Program program,
            Path folder,
            ImportScope scope,
            List<SiteKeys> configured,
            List<KeyType> defaultKeys,
            Instant now)
            throws MigrationException {
        InstallationFiles files = new InstallationFiles(now);
        Path absolute = folder.toAbsolutePath().normalize();
        Installation installation = program.read(absolute, files, scope);
        List<String> notes = new ArrayList<>(installation.notes());
        List<NamedCertificate> certificates =
                new CertificateChoice(configured, defaultKeys, notes).choose(installation.certificates());
        if (certificates.isEmpty()) {
            throw nothingToImport(program, absolute, files.problems(), notes);
        }
        List<SiteKeys> newSites = newSites(certificates, configured);
        addNotesOnSharedNames(newSites.stream().map(SiteKeys::site).toList(), notes);
        List<FoundCertificate> chosen =
                certificates.stream().map(NamedCertificate::found).toList();
        List<FoundAccount> accounts = scope.includesAccounts() ? latestOfEachCa(chosen, notes) : List.of();
        notes.addAll(MigrationNotes.on(program, chosen));
        return new Migration(certificates, accounts, newSites, notes, files.problems());
    }

    private static List<SiteKeys> newSites(List<NamedCertificate> certificates, List<SiteKeys> configured) {
        Set<Site> known = configured.stream().map(SiteKeys::site).collect(Collectors.toSet());
        return certificates.stream()
                .filter(certificate -> !known.contains(certificate.found().site()))
                .collect(Collectors.groupingBy(
                        certificate -> certificate.found().site(),
                        LinkedHashMap::new,
                        Collectors.mapping(certificate -> certificate.found().nearestKeyType(), Collectors.toList())))
                .entrySet()
                .stream()
                .map(site -> new SiteKeys(site.getKey(), site.getValue()))
                .toList();
    }

    private static MigrationException nothingToImport(
            Program program, Path folder, List<String> problems, List<String> notes) {
        List<String> lines = new ArrayList<>(problems);
        lines.addAll(notes);
        lines.add(folder + ": "
                + (problems.isEmpty()
                        ? program.label() + " has no certificate there that can be taken over"
                        : "nothing was taken over"));
        return MigrationException.unusable(String.join("\n", lines));
    }

    /** Returns the sites that the configuration does not have yet, sorted by name, and the keys that they take over. */
    public List<SiteKeys> newSites() {
        return newSites;
    }

    /** Returns what else a person should know, one sentence each. */
    public List<String> notes() {
        return notes;
    }

    /** Returns what the other program renews and Ringcert cannot take over as it is: one line each, with the remedy. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** Returns the certificates, sorted by the names of their sites, a site's first one first. */
    public List<ImportedCertificate> certificates() {
        return certificates.stream()
                .map(certificate -> new ImportedCertificate(
                        certificate.found().site(),
                        certificate.name(),
                        certificate.found().leaf(),
                        certificate.found().directory(),
                        certificate.found().formerSettings().profile()))
                .toList();
    }

    /**
     * Imports everything into the store. Decides on all of it before it writes anything. What the store already has
     * stays: another account at the same CA, or a certificate that is not older. A second call changes nothing.
     *
     * @return what was done, one sentence each
     * @throws StoreException if the store cannot be used, or if a daemon or command is busy with one of the sites
     */
    public List<String> importInto(Store store) throws StoreException {
        List<Store.Lock> locks = new ArrayList<>();
        try {
            for (FoundAccount account : accounts) {
                locks.add(store.accounts().lock(account.directory()));
            }
            for (HostName site : sites()) {
                locks.add(store.tryLock(site).orElseThrow(() -> siteIsBusy(site)));
            }
            List<ImportAction> actions = new ArrayList<>();
            for (FoundAccount account : accounts) {
                actions.add(ImportAction.forAccount(account, store));
            }
            for (NamedCertificate certificate : certificates) {
                actions.add(ImportAction.forCertificate(certificate, store));
            }
            List<String> done = new ArrayList<>();
            for (ImportAction action : actions) {
                done.add(action.apply(store));
            }
            return done;
        } finally {
            locks.forEach(Store.Lock::close);
        }
    }

    private List<HostName> sites() {
        return certificates.stream()
                .map(certificate -> certificate.name().site())
                .distinct()
                .toList();
    }

    private static StoreException siteIsBusy(HostName site) {
        return new StoreException(
                "The daemon or another command is working on " + site
                        + ": nothing was taken over; try again when it has finished",
                null);
    }

    /** Chooses one account for each CA: the one that ordered the newest certificate. */
    private static List<FoundAccount> latestOfEachCa(List<FoundCertificate> certificates, List<String> notes) {
        Map<URI, FoundAccount> chosen = new LinkedHashMap<>();
        Set<FoundAccount> seen = new HashSet<>();
        certificates.stream()
                .sorted(Comparator.comparing(FoundCertificate::notBefore).reversed())
                .flatMap(certificate -> certificate.account().stream())
                .filter(account -> seen.add(account))
                .forEach(account -> {
                    FoundAccount later = chosen.putIfAbsent(account.directory(), account);
                    if (later != null && !later.url().equals(account.url())) {
                        notes.add("Account " + account.url() + " is left out: a node has one account at a CA, and "
                                + later.url() + " ordered later; it will renew the certificates of both");
                    }
                });
        return List.copyOf(chosen.values());
    }

    private static void addNotesOnSharedNames(List<Site> sites, List<String> notes) {
        Map<HostName, Site> firstSites = new LinkedHashMap<>();
        for (Site site : sites) {
            for (HostName name : site.names()) {
                Site other = firstSites.putIfAbsent(name, site);
                if (other != null) {
                    notes.add(name + " is in two sites, " + other + " and " + site
                            + ": the configuration allows it in only one of them");
                }
            }
        }
    }
}
