package org.ringcert.issue;

/**
 * Whether a peer that receives the CA's validation request may redirect the CA to this node. This only affects the
 * advice in error messages.
 */
public enum PeerRedirects {
    POSSIBLE,
    NEVER
}
