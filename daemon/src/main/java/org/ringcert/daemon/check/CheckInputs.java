package org.ringcert.daemon.check;

import java.util.List;
import java.util.Optional;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.dns.DnsResolver;
import org.ringcert.store.Store;
import org.ringcert.view.ca.ValidationRules;
import org.ringcert.view.ca.Viewpoint;

/**
 * What a check works with.
 *
 * @param viewpoints this server first, then its peers
 * @param dns sees what the CA sees
 * @param rules those of the strictest configured CA
 * @param authorities clients for the configured CAs
 * @param store empty if there is none yet
 * @param correctedModes the directories of the store whose modes were wrong
 * @param front who answers challenges on this server
 * @param probes what this node has published, at least one; a viewpoint looks as many times at a time
 */
public record CheckInputs(
        List<Viewpoint> viewpoints,
        DnsResolver dns,
        ValidationRules rules,
        List<CertificateAuthority> authorities,
        Optional<Store> store,
        List<CorrectedMode> correctedModes,
        FrontState front,
        List<KeyAuthorization> probes) {

    public CheckInputs {
        viewpoints = List.copyOf(viewpoints);
        authorities = List.copyOf(authorities);
        correctedModes = List.copyOf(correctedModes);
        probes = List.copyOf(probes);
    }
}
