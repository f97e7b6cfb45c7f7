package org.ringcert.issue;

import java.util.Optional;
import org.ringcert.acme.ProblemDocument;

/**
 * Whether a peer that receives the CA's validation request may redirect the CA to this node, and whether the CA
 * follows. This only affects the advice in error messages.
 */
public enum PeerRedirects {
    /** Peers redirect the CA, which follows. */
    POSSIBLE,

    /**
     * Peers give this CA the answer themselves, because it does not follow redirects to another name, or is not known
     * to. A peer that does not know how, or does not know the CA, redirects it nevertheless.
     */
    NOT_FOLLOWED,

    /** There are no peers, or they never redirect. */
    NEVER;

    /**
     * Returns what the administrator can do about a failed validation, beginning with a space, or an empty string.
     *
     * @param error the reason that the CA gives
     */
    String advice(Optional<ProblemDocument> error) {
        return switch (this) {
            // Several CAs follow no redirect to another host, and some of those give no reason for the failure.
            case POSSIBLE ->
                error.isPresent()
                        ? ""
                        : " If the name points to another server, the CA may not have followed that server's redirect"
                                + " to this one. handoff = \"relay\" in [acme] avoids redirects.";
            case NOT_FOLLOWED ->
                error.filter(PeerRedirects::precedesTheRequest).isPresent()
                        ? ""
                        : " If the name points to another server, that server must answer this CA itself instead of"
                                + " redirecting it. Every server must run Ringcert 0.2.0 or newer for that, and have"
                                + " this CA in its configuration.";
            case NEVER -> "";
        };
    }

    private static boolean precedesTheRequest(ProblemDocument error) {
        return error.hasType("dns") || error.hasType("caa");
    }
}
