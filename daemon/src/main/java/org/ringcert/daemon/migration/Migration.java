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
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * What another ACME program has on this server, read and checked, ready to be taken over into a store. Nothing of the
 * other program's is ever changed. Immutable.
 */
public final class Migration {

    private final List<FoundCertificate> holdings;
    private final List<FoundAccount> accounts;
    private final List<Site> newSites;
    private final List<String> notes;
    private final List<String> leftOut;

    private Migration(
            List<FoundCertificate> holdings,
            List<FoundAccount> accounts,
            List<Site> newSites,
            List<String> notes,
            List<String> leftOut) {
        this.holdings = List.copyOf(holdings);
        this.accounts = List.copyOf(accounts);
        this.newSites = List.copyOf(newSites);
        this.notes = List.copyOf(notes);
        this.leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads and checks all that is in the folder; writes nothing. What is damaged, unfinished, expired or not for
     * Ringcert is left out, and holds nothing else back.
     *
     * @param withAccounts whether the accounts are taken over: they can be one node's only. If not, it does not matter
     *     whether there are any
     * @param configured the sites of the configuration, which say by which name a certificate is kept; empty where
     *     there is none yet
     * @param wanted the kind of key that is taken where there is a choice
     * @throws SourceException if there is no installation, or nothing of it can be taken over; the message has all that
     *     is wrong
     */
    public static Migration from(
            Program program, Path folder, boolean withAccounts, List<Site> configured, KeyType wanted, Instant now)
            throws SourceException {
        SourceFiles files = new SourceFiles(now);
        Path absolute = folder.toAbsolutePath().normalize();
        Installation installation = program.read(absolute, files, withAccounts, wanted);
        List<String> notes = new ArrayList<>(installation.notes());
        List<FoundCertificate> holdings = oneForEachSite(installation.holdings(), configured, notes);
        if (holdings.isEmpty()) {
            List<String> all = new ArrayList<>(files.problems());
            all.addAll(notes);
            all.add(absolute + ": "
                    + (files.problems().isEmpty()
                            ? program.label() + " has no certificate there that can be taken over"
                            : "nothing was taken over"));
            throw SourceException.unusable(String.join("\n", all));
        }
        List<Site> newSites = holdings.stream()
                .map(FoundCertificate::site)
                .filter(site -> !configured.contains(site))
                .toList();
        noteDoubledNames(newSites, notes);
        List<FoundAccount> accounts = withAccounts ? oneForEachCa(holdings, notes) : List.of();
        notes.addAll(MigrationNotes.to(program, holdings));
        return new Migration(holdings, accounts, newSites, notes, files.problems());
    }

    /** The sites that the configuration does not have yet, sorted by their names. */
    public List<Site> newSites() {
        return newSites;
    }

    /** What it found besides what can be taken over, each a sentence. */
    public List<String> notes() {
        return notes;
    }

    /** What the other program renews and Ringcert cannot take over as it is, each with what to do about it. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** The certificates, sorted by the names of their sites. */
    public List<ImportedCertificate> certificates() {
        return holdings.stream()
                .map(holding -> new ImportedCertificate(
                        holding.site(),
                        holding.leaf(),
                        holding.directory(),
                        holding.habits().profile()))
                .toList();
    }

    /**
     * Takes all of it over into the store: first everything is looked at, then written. What the store has already
     * stays: another account at the same CA, a certificate that is not older. Doing it again does nothing.
     *
     * @return what was done, each a sentence
     * @throws StoreException if the store cannot be used, or a daemon or command is at work on one of the sites
     */
    public List<String> into(Store store) throws StoreException {
        List<Store.Lock> locks = new ArrayList<>();
        try {
            for (FoundAccount account : accounts) {
                locks.add(store.lockAccount(account.directory()));
            }
            for (FoundCertificate holding : holdings) {
                locks.add(store.tryLock(holding.name())
                        .orElseThrow(() -> new StoreException(
                                "The daemon or another command is at work on " + holding.name()
                                        + ": nothing was taken over; try again when it has ended",
                                null)));
            }
            List<ImportAction> steps = new ArrayList<>();
            for (FoundAccount account : accounts) {
                steps.add(ImportAction.of(account, store));
            }
            for (FoundCertificate holding : holdings) {
                steps.add(ImportAction.of(holding, store));
            }
            List<String> done = new ArrayList<>();
            for (ImportAction step : steps) {
                done.add(step.take(store));
            }
            return done;
        } finally {
            locks.forEach(Store.Lock::close);
        }
    }

    /** By the names that the configuration has for them; of several for one site the newest. */
    private static List<FoundCertificate> oneForEachSite(
            List<FoundCertificate> all, List<Site> configured, List<String> notes) {
        Map<HostName, FoundCertificate> chosen = new LinkedHashMap<>();
        all.stream()
                .map(holding -> configured.stream()
                        .filter(site -> site.names().contains(holding.name()))
                        .findFirst()
                        .map(holding::as)
                        .orElse(holding))
                .sorted(Comparator.comparing(FoundCertificate::name)
                        .thenComparing(Comparator.comparing(FoundCertificate::notBefore)
                                .reversed()))
                .forEach(holding -> {
                    FoundCertificate newer = chosen.putIfAbsent(holding.name(), holding);
                    if (newer != null) {
                        notes.add(holding.folder() + " is left out: for " + holding.name()
                                + " there is one that is not older in " + newer.folder());
                    }
                });
        return List.copyOf(chosen.values());
    }

    private static List<FoundAccount> oneForEachCa(List<FoundCertificate> holdings, List<String> notes) {
        Map<URI, FoundAccount> chosen = new LinkedHashMap<>();
        Set<FoundAccount> seen = new HashSet<>();
        holdings.stream()
                .sorted(Comparator.comparing(FoundCertificate::notBefore).reversed())
                .flatMap(holding -> holding.account().stream())
                .filter(account -> seen.add(account))
                .forEach(account -> {
                    FoundAccount taken = chosen.putIfAbsent(account.directory(), account);
                    if (taken != null && !taken.url().equals(account.url())) {
                        notes.add("Account " + account.url() + " is left out: a node has one account at a CA, and "
                                + taken.url() + " ordered later; it will renew for both");
                    }
                });
        return List.copyOf(chosen.values());
    }

    private static void noteDoubledNames(List<Site> sites, List<String> notes) {
        Map<HostName, Site> first = new LinkedHashMap<>();
        for (Site site : sites) {
            for (HostName name : site.names()) {
                Site other = first.putIfAbsent(name, site);
                if (other != null) {
                    notes.add(name + " is in two sites, " + other + " and " + site
                            + ": the configuration takes it in one of them only");
                }
            }
        }
    }
}
