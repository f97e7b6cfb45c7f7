package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;

/** Chooses which of the other program's certificates each site takes over: one for each of its kinds of keys. */
final class CertificateChoice {

    private final List<SiteKeys> configured;
    private final List<KeyType> defaultKeys;
    private final List<String> notes;

    /**
     * @param configured the sites of the configuration
     * @param defaultKeys the types of keys of sites that are not in the configuration yet, as far as known
     * @param notes receives a sentence for each certificate that is left out
     */
    CertificateChoice(List<SiteKeys> configured, List<KeyType> defaultKeys, List<String> notes) {
        this.configured = configured;
        this.defaultKeys = defaultKeys;
        this.notes = notes;
    }

    /** Returns the chosen certificates, sorted by the names of their sites, a site's first one first. */
    List<NamedCertificate> choose(List<FoundCertificate> found) {
        Map<HostName, List<FoundCertificate>> bySite = withOneSiteForTheSameNames(found).stream()
                .map(this::withConfiguredSite)
                .collect(Collectors.groupingBy(FoundCertificate::name, TreeMap::new, Collectors.toList()));
        return bySite.values().stream().flatMap(this::chooseForSite).toList();
    }

    /**
     * Gives certificates for the same names the same site. Its name is that of a folder, if one has the name of a site:
     * two certificates of a site are in two folders, of which one or none is named after it.
     */
    private static List<FoundCertificate> withOneSiteForTheSameNames(List<FoundCertificate> found) {
        Map<Set<HostName>, Site> sites = new LinkedHashMap<>();
        found.stream()
                .sorted(Comparator.comparing((FoundCertificate certificate) -> !isNamedAfterItsFolder(certificate)))
                .forEach(certificate ->
                        sites.putIfAbsent(new HashSet<>(certificate.site().names()), certificate.site()));
        return found.stream()
                .map(certificate -> certificate.withSite(
                        sites.getOrDefault(new HashSet<>(certificate.site().names()), certificate.site())))
                .toList();
    }

    private static boolean isNamedAfterItsFolder(FoundCertificate certificate) {
        return Optional.ofNullable(certificate.folder().getFileName())
                .map(Path::toString)
                .filter(certificate.name().value()::equals)
                .isPresent();
    }

    private FoundCertificate withConfiguredSite(FoundCertificate certificate) {
        return configured.stream()
                .map(SiteKeys::site)
                .filter(site -> site.names().contains(certificate.name()))
                .findFirst()
                .map(certificate::withSite)
                .orElse(certificate);
    }

    private Stream<NamedCertificate> chooseForSite(List<FoundCertificate> found) {
        Site site = found.getFirst().site();
        List<KeyType> keys = configuredKeys(site).orElseGet(() -> foundKinds(found));
        if (keys.size() == 1) {
            // If only the other kind is there, it is better than none. It is replaced at once.
            return Stream.of(
                    new NamedCertificate(CertificateName.first(site.name()), chooseOne(found, keys.getFirst())));
        }
        return keys.stream()
                .flatMap(key ->
                        chooseOfItsKind(found, key)
                                .map(chosen -> new NamedCertificate(name(site, keys, key), chosen))
                                .stream());
    }

    private Optional<List<KeyType>> configuredKeys(Site site) {
        return configured.stream()
                .filter(each -> each.site().equals(site))
                .map(SiteKeys::keys)
                .findFirst();
    }

    /** Returns a type for each kind that is there, those of the configuration first. */
    private List<KeyType> foundKinds(List<FoundCertificate> found) {
        Set<KeyAlgorithm> kinds =
                found.stream().map(FoundCertificate::algorithm).collect(Collectors.toSet());
        Set<KeyAlgorithm> seen = new HashSet<>();
        return Stream.concat(defaultKeys.stream(), Stream.of(KeyType.values()))
                .filter(type -> kinds.contains(type.algorithm()) && seen.add(type.algorithm()))
                .toList();
    }

    private static CertificateName name(Site site, List<KeyType> keys, KeyType key) {
        return key == keys.getFirst()
                ? CertificateName.first(site.name())
                : CertificateName.second(site.name(), key.algorithm());
    }

    private Optional<FoundCertificate> chooseOfItsKind(List<FoundCertificate> found, KeyType key) {
        List<FoundCertificate> ofItsKind = found.stream()
                .filter(certificate -> certificate.algorithm() == key.algorithm())
                .toList();
        return ofItsKind.isEmpty() ? Optional.empty() : Optional.of(chooseOne(ofItsKind, key));
    }

    /** Chooses the type of key first, since another one is replaced at once, and then the newest. */
    private FoundCertificate chooseOne(List<FoundCertificate> candidates, KeyType key) {
        List<FoundCertificate> ranked = candidates.stream()
                .sorted(Comparator.comparing(
                                (FoundCertificate each) -> !each.keyType().equals(Optional.of(key)))
                        .thenComparing(each -> each.algorithm() != key.algorithm())
                        .thenComparing(FoundCertificate::notBefore, Comparator.reverseOrder()))
                .toList();
        FoundCertificate chosen = ranked.getFirst();
        ranked.stream()
                .skip(1)
                .forEach(other -> notes.add(other.description() + " is left out: " + reason(other, chosen)));
        return chosen;
    }

    private static String reason(FoundCertificate leftOut, FoundCertificate chosen) {
        if (leftOut.algorithm() != chosen.algorithm()) {
            return "the configuration has one kind of keys for " + chosen.name() + ", and takes over "
                    + chosen.description() + ". For both, write keys = "
                    + SiteKeys.value(Stream.of(chosen, leftOut)
                            .map(FoundCertificate::nearestKeyType)
                            .toList())
                    + " there, and run this again";
        }
        return leftOut.notBefore().isAfter(chosen.notBefore())
                ? chosen.description() + " has the type of key that is wanted for " + chosen.name()
                : "the certificate for " + chosen.name() + " in " + chosen.description() + " is not older";
    }
}
