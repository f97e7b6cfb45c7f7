package org.ringcert.store;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;

/**
 * Something that happened to a certificate, as the site's history keeps it. Immutable.
 *
 * @param time with whole seconds
 * @param ca the URL of the CA's directory, if the event is about a CA
 * @param host the name that was validated, if the event is about one of the site's names
 * @param text what a person should know: why something failed, in the CA's words where they are known; the URL of an
 *     order; the reason for a revocation. One line; empty if the type says all.
 * @param hops the requests of a validation, in their order
 * @param issued the certificate, if the event is about one
 */
public record HistoryEvent(
        Instant time,
        CertificateName certificate,
        HistoryEventType type,
        Optional<URI> ca,
        Optional<HostName> host,
        String text,
        List<Hop> hops,
        Optional<Issued> issued) {

    /**
     * A request of a validation. Either the CA says what it requested, or this node saw the request arrive.
     *
     * @param url what the CA requested; empty if this node saw the request
     * @param address where the CA sent the request to; if this node saw it, where it came from
     * @param answer what this node answered: {@code held}, {@code relayed}, {@code sent-to URL} or {@code unknown};
     *     empty if the CA says what it requested
     */
    public record Hop(String url, String address, String answer) {}

    /**
     * A certificate that a CA issued.
     *
     * @param serial in hexadecimal digits
     * @param issuer the distinguished name
     */
    public record Issued(String serial, String issuer, Instant notAfter) {}

    /** The number of characters after which a text is cut, and gets dots at its end. */
    public static final int MAX_TEXT = 2_000;

    /** Cuts the text after {@link #MAX_TEXT} characters, and makes it printable. */
    public HistoryEvent {
        text = PrintableText.of(text, MAX_TEXT);
        hops = List.copyOf(hops);
    }
}
