package org.ringcert.daemon.config;

import java.util.List;
import java.util.Optional;
import org.ringcert.handoff.HandoffMode;

/** Checks the CAs against each other, the nodes and {@code [front]}. */
final class CaRules {

    private final Findings findings;

    CaRules(Findings findings) {
        this.findings = findings;
    }

    /** Reports all violations, and gives notice of what a CA whose challenges are relayed costs in trust. */
    void check(List<LocatedAcme> authorities, HandoffMode front, List<LocatedNode> nodes) {
        checkStagingIsAlone(authorities);
        authorities.forEach(this::checkHandoffHasAnEffect);
        if (nodes.size() > 1) {
            authorities.stream()
                    .filter(authority -> authority.settings().handoff() == CaHandoff.RELAY)
                    .forEach(authority -> checkRelay(authority, front, nodes));
        }
    }

    private void checkStagingIsAlone(List<LocatedAcme> authorities) {
        if (authorities.size() < 2) {
            return;
        }
        authorities.stream()
                .filter(authority -> authority.settings().known().equals(Optional.of(PublicCa.LETSENCRYPT_STAGING)))
                .forEach(staging -> findings.mistake(
                        staging.directoryAt(),
                        "`directory`: no browser trusts the certificates of letsencrypt-staging, so it must be the only"
                                + " CA; for a trial, leave the other [[acme]] out"));
    }

    /** A request that is known to be from a CA that follows redirects is always redirected. */
    private void checkHandoffHasAnEffect(LocatedAcme authority) {
        authority
                .settings()
                .known()
                .filter(known -> known.handoff() == CaHandoff.REDIRECT
                        && authority.settings().handoff() == CaHandoff.RELAY)
                .ifPresent(known -> findings.mistake(
                        authority.handoffAt(),
                        "`handoff`: " + known.displayName()
                                + " follows redirects, so its requests are not relayed one by"
                                + " one; leave the key out, or write handoff = \"relay\" in [front] to relay all"));
    }

    private void checkRelay(LocatedAcme authority, HandoffMode front, List<LocatedNode> nodes) {
        String relayed = relayed(authority.settings());
        String otherwise = "; if the CA follows redirects to another name, write handoff = \"redirect\" in this [acme]";
        if (front == HandoffMode.RING) {
            findings.mistake(
                    authority.handoffAt(),
                    relayed + ", but with handoff = \"ring\" in [front] no server asks another for an answer: write"
                            + " handoff = \"redirect\" there" + otherwise);
        }
        nodes.stream()
                .filter(node -> node.settings().listen().isEmpty())
                .findFirst()
                .ifPresent(node -> findings.mistake(
                        authority.handoffAt(),
                        relayed + ", but " + node.settings().node().name() + " of line "
                                + findings.lineOf(node.nameAt())
                                + " has listen = [] (of its own or from [front]), and a web server without the daemon can only"
                                + " redirect: write listen = [\"127.0.0.1:8080\"]" + otherwise));
        if (front == HandoffMode.REDIRECT) {
            findings.notice(authority.handoffAt(), costOfRelay(authority.settings()));
        }
    }

    private static String costOfRelay(AcmeSettings ca) {
        String reason = isRelayedByDefault(ca)
                ? ca.label() + " is not known to follow redirects to another name. Its challenges are relayed."
                : "The challenges of " + ca.label() + " are relayed.";
        return reason + " Whoever can change traffic between the servers can then answer for your sites, at every CA."
                + " Publish CAA records with `accounturi`; see docs/cas.md";
    }

    private static boolean isRelayedByDefault(AcmeSettings ca) {
        return ca.known().map(PublicCa::handoff).equals(Optional.of(CaHandoff.RELAY));
    }

    private static String relayed(AcmeSettings ca) {
        return isRelayedByDefault(ca)
                ? ca.label() + " is not known to follow redirects to another name, so its challenges are relayed"
                : "the challenges of " + ca.label() + " are relayed";
    }
}
