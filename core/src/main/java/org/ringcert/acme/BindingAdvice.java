package org.ringcert.acme;

import java.util.Optional;
import java.util.regex.Pattern;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;

/** What to do if a CA refuses a registration because of its external account binding (RFC 8555, section 7.3.4). */
final class BindingAdvice {

    static final String MISSING = "Get a key for external account binding on the CA's website, and set [acme] eab-file"
            + " to a file with its key id and HMAC key, or [acme] eab-kid and eab-hmac-file.";

    /** Words for a key that has been used. Sectigo says that the account "is not awaiting" a binding. */
    private static final Pattern USED =
            Pattern.compile("\\b(already|used|consumed|not awaiting)\\b", Pattern.CASE_INSENSITIVE);

    private BindingAdvice() {}

    /** Returns the advice for a refusal that the binding may have caused; empty if something else has. */
    static Optional<String> forRefusal(AcmeException refusal, ExternalAccountBinding binding) {
        if (refusal.kind() != Kind.REFUSED
                || refusal.problem().filter(BindingAdvice::mayConcernBinding).isEmpty()) {
            return Optional.empty();
        }
        // CAs have no error type for a used key. Their words only choose between two sentences that are both true.
        boolean saysUsed = refusal.problem()
                .filter(problem -> USED.matcher(problem.summary()).find())
                .isPresent();
        String reason = saysUsed
                ? " has probably been used: some CAs accept a key only once."
                : " is unknown to the CA, has expired, has been used (some CAs accept a key only once), or was not"
                        + " copied in full.";
        String remedy = binding.key().looksEncodedTwice()
                ? " Its HMAC key looks as if it were encoded in base64 twice: try the output of \"base64 -d\" in its place"
                        + " first. If that is refused as well, get a new key"
                : " Get a new key";
        return Optional.of("The key for external account binding with the key id \""
                + PrintableText.of(binding.keyId(), 100) + "\"" + reason
                + remedy + " on the CA's website and put it in the file of [acme] eab-file or eab-hmac-file.");
    }

    /** CAs refuse a key as malformed, unauthorized or externalAccountRequired, or with a type of their own. */
    private static boolean mayConcernBinding(ProblemDocument problem) {
        return !problem.hasKnownType()
                || problem.hasType("malformed")
                || problem.hasType("unauthorized")
                || problem.hasType("externalAccountRequired")
                || problem.hasType("badSignatureAlgorithm");
    }
}
