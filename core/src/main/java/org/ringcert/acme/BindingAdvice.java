package org.ringcert.acme;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.acme.AcmeException.Kind;

/** What to do if a CA refuses a registration because of its external account binding (RFC 8555, section 7.3.4). */
final class BindingAdvice {

    static final String MISSING = "Get a key for external account binding on the CA's website, and set [acme] eab-file"
            + " to a file with its key id and HMAC key, or [acme] eab-kid and eab-hmac-file.";

    private BindingAdvice() {}

    /** Returns the advice for a refusal that the binding may have caused; empty if something else has. */
    static Optional<String> forRefusal(AcmeException refusal, ExternalAccountBinding binding) {
        if (refusal.kind() != Kind.REFUSED || !mayConcernBinding(refusal)) {
            return Optional.empty();
        }
        String words =
                refusal.problem().map(ProblemDocument::summary).orElse("").toLowerCase(Locale.ROOT);
        // CAs have no error type for a used key. Their words only choose between two sentences that are both true.
        boolean saysUsed = Stream.of("already", "used", "consumed").anyMatch(words::contains);
        String reason = saysUsed
                ? " has probably been used: some CAs accept a key only once."
                : " is unknown to the CA, has expired, has been used (some CAs accept a key only once), or was not"
                        + " copied completely.";
        return Optional.of("The key for external account binding with the key id \"" + binding.keyId() + "\"" + reason
                + " Get a new key on the CA's website and put it in the file of [acme] eab-file or eab-hmac-file.");
    }

    /** CAs refuse a key as malformed, unauthorized or externalAccountRequired, or without a problem document. */
    private static boolean mayConcernBinding(AcmeException refusal) {
        return refusal.problem().isEmpty()
                || Stream.of("malformed", "unauthorized", "externalAccountRequired", "badSignatureAlgorithm")
                        .anyMatch(refusal.problem().get()::hasType)
                || !refusal.problem().get().hasKnownType();
    }
}
