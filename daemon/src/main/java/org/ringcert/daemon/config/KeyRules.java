package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.tomlj.TomlPosition;

/** Checks the kinds of keys of several CAs against each other, and those of sites against the CAs. */
final class KeyRules {

    private final Findings findings;

    KeyRules(Findings findings) {
        this.findings = findings;
    }

    /** Reports all violations. */
    void check(List<LocatedAcme> authorities, List<LocatedSite> sites) {
        checkSameKinds(authorities);
        if (authorities.size() > 1) {
            checkReuse(authorities);
        }
        authorities.stream()
                .filter(ca -> ca.settings().known().equals(Optional.of(PublicCa.SSLCOM)))
                .forEach(ca -> checkSingleKind(ca, sites));
    }

    /** Whichever CA a certificate is from, its kind of key stays the same: a site's files must not change theirs. */
    private void checkSameKinds(List<LocatedAcme> authorities) {
        List<LocatedAcme> known =
                authorities.stream().filter(ca -> ca.keysAt().isPresent()).toList();
        if (known.isEmpty()) {
            return;
        }
        LocatedAcme first = known.getFirst();
        known.stream()
                .skip(1)
                .filter(ca -> !algorithms(ca.settings().keys())
                        .equals(algorithms(first.settings().keys())))
                .forEach(ca -> findings.mistake(ca.keysAt().orElseThrow(), differentKinds(ca, first)));
    }

    private String differentKinds(LocatedAcme ca, LocatedAcme first) {
        return "`keys`: the certificates of " + ca.settings().label() + " have "
                + kinds(ca.settings().keys()) + " keys, but those of "
                + first.settings().label() + " of line "
                + findings.lineOf(first.keysAt().orElseThrow()) + " have "
                + kinds(first.settings().keys())
                + "; with several CAs, all have the same kinds in the same order: write "
                + line(first.settings().keys()) + " here, or change the other";
    }

    /** Whoever reuses keys has published them, so they stay the same at another CA. */
    private void checkReuse(List<LocatedAcme> authorities) {
        LocatedAcme first = authorities.getFirst();
        for (LocatedAcme ca : authorities) {
            if (ca.settings().reuseKey() != first.settings().reuseKey()) {
                findings.mistake(
                        ca.reuseKeyAt(),
                        "`reuse-key` is " + ca.settings().reuseKey() + " here, but "
                                + first.settings().reuseKey() + " for "
                                + first.settings().label() + " of line "
                                + findings.lineOf(first.reuseKeyAt())
                                + "; write the same for every CA, otherwise keys change when another CA takes over");
            } else if (ca.settings().reuseKey()
                    && ca.keysAt().isPresent()
                    && !ca.settings().keys().equals(first.settings().keys())) {
                findings.mistake(
                        ca.keysAt().get(),
                        "`keys`: with reuse-key = true, every CA has the same keys, otherwise they change when another CA"
                                + " takes over; write " + line(first.settings().keys()) + " here, or change the other");
            }
        }
    }

    /** SSL.com has a directory for each kind of key, and an {@code [acme]} has one directory. */
    private void checkSingleKind(LocatedAcme ca, List<LocatedSite> sites) {
        List<KeyType> keys = ca.settings().keys();
        ca.keysAt().filter(_ -> keys.size() > 1).ifPresent(at -> reportOtherKind(at, keys.getFirst()));
        for (LocatedSite site : sites) {
            site.keys()
                    .filter(own -> own.values().stream()
                            .anyMatch(key -> key.algorithm() != keys.getFirst().algorithm()))
                    .ifPresent(own -> reportOtherKind(own.at(), keys.getFirst()));
        }
    }

    private void reportOtherKind(TomlPosition at, KeyType key) {
        findings.mistake(
                at,
                "`keys`: " + PublicCa.SSLCOM.displayName()
                        + " has a directory for each kind of key, and this file has the one for " + key.algorithm()
                        + ": write " + line(List.of(key)) + ", or choose another CA");
    }

    private static List<KeyAlgorithm> algorithms(List<KeyType> keys) {
        return keys.stream().map(KeyType::algorithm).toList();
    }

    private static String kinds(List<KeyType> keys) {
        return algorithms(keys).stream().map(KeyAlgorithm::name).collect(Collectors.joining(" and "));
    }

    private static String line(List<KeyType> keys) {
        return "keys = "
                + keys.stream().map(key -> "\"" + key.label() + "\"").collect(Collectors.joining(", ", "[", "]"));
    }
}
