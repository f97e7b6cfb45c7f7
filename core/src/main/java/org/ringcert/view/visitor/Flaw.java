package org.ringcert.view.visitor;

/**
 * What is wrong with what a server presents for a site.
 *
 * @param kind what it is
 * @param severity whether visitors notice it
 * @param text half a sentence for a person: "the certificate expired 3 days ago"
 * @param remedy what to do, in sentences
 */
public record Flaw(Kind kind, Severity severity, String text, String remedy) {

    /** What can be wrong, the worst first. */
    public enum Kind {
        /** There was no connection in time. */
        UNREACHABLE,

        /** The connection was refused: no web server runs there. */
        REFUSED,

        /** The server presented no certificate, or the handshake failed after it: the server lacks the key. */
        HANDSHAKE_FAILED,

        /** Visitors who accept only keys of this kind get no certificate, but others do. */
        KIND_MISSING,

        SELF_SIGNED,

        /** The certificate has expired, or that of an issuer without which it leads to no trusted root. */
        EXPIRED,

        /** The certificate is not yet valid, or that of an issuer without which it leads to no trusted root. */
        NOT_YET_VALID,

        /** The certificate lacks one of the site's names. */
        WRONG_NAME,

        /** The server does not send the certificates between its own and a root. */
        CHAIN_INCOMPLETE,

        /**
         * The chain leads to a trusted root, but clients refuse it: an algorithm is too weak, or a certificate may not
         * be used in this way.
         */
        CHAIN_REFUSED,

        /** The chain is whole, but does not end in a root that this system trusts. */
        ROOT_NOT_TRUSTED,

        /** This node has a newer certificate on its disk than its web server presents. */
        OLDER_THAN_ON_DISK,

        /** It should have been renewed by now. */
        EXPIRES_SOON
    }

    /** Whether visitors notice a flaw. */
    public enum Severity {
        /** No visitor notices it now, or the configured CA is one that no browser trusts. */
        WARNING,

        /** Visitors see an error. */
        FAILURE
    }
}
