package org.ringcert.acme;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.JsonNode;

/**
 * What a CA's directory says about the CA (RFC 8555, section 7.1.1). Immutable.
 *
 * @param caaIdentities the names under which the CA recognizes itself in CAA records (RFC 8659, section 4.2), 10 at
 *     most; empty if the directory has none
 * @param termsOfService the http or https URL of its current terms of service
 * @param clockOffset how far the CA's clock was ahead of this server's when it sent the directory, to the second and
 *     without the time of the request; negative if it was behind, empty if the response had no Date (RFC 9110, section
 *     6.6.1)
 */
public record CaInformation(
        List<HostName> caaIdentities, Optional<String> termsOfService, Optional<Duration> clockOffset) {

    static final CaInformation NONE = new CaInformation(List.of(), Optional.empty(), Optional.empty());

    private static final int MAX_IDENTITIES = 10;

    public CaInformation {
        caaIdentities = List.copyOf(caaIdentities);
    }

    /** Reads what is valid and ignores the rest: no certificate depends on it. */
    static CaInformation read(JsonFields meta) {
        List<HostName> identities = meta.any("caaIdentities").stream()
                .filter(JsonNode::isArray)
                .flatMap(JsonNode::valueStream)
                .flatMap(name -> hostName(name).stream())
                .distinct()
                .limit(MAX_IDENTITIES)
                .toList();
        Optional<String> terms =
                meta.any("termsOfService").map(page -> page.stringValue("")).flatMap(RemoteText::pageUrl);
        return new CaInformation(identities, terms, Optional.empty());
    }

    CaInformation withClockOffset(Optional<Duration> offset) {
        return new CaInformation(caaIdentities, termsOfService, offset);
    }

    private static Optional<HostName> hostName(JsonNode name) {
        try {
            return Optional.of(HostName.of(name.stringValue("")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
