package org.ringcert.acme;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.PrintableText;
import tools.jackson.databind.JsonNode;

/**
 * An account as the CA shows it (RFC 8555, section 7.1.2). Its texts come from the CA; they have been cleaned of
 * control characters and cut to a maximum length. Immutable.
 *
 * @param status {@code valid}, {@code deactivated} or {@code revoked}; CAs may leave it out or invent others
 * @param contacts the URLs of the contacts, such as {@code mailto:hostmaster@example.org}, 10 at most; empty if there
 *     are none or the CA does not show them
 * @param termsOfServiceAgreed whether the account has agreed to the terms; empty if the CA does not say so
 * @param createdAt when the account was made. Not part of the protocol, but some CAs say so.
 */
public record AccountDetails(
        Optional<String> status,
        List<String> contacts,
        Optional<Boolean> termsOfServiceAgreed,
        Optional<Instant> createdAt) {

    private static final int MAX_CONTACTS = 10;
    private static final int MAX_CONTACT_LENGTH = 300;
    private static final int MAX_STATUS_LENGTH = 100;

    public AccountDetails {
        contacts = List.copyOf(contacts);
    }

    /** Reads the fields that are valid and ignores the rest: they are only shown to people. */
    static AccountDetails read(JsonFields fields) {
        return new AccountDetails(
                fields.any("status")
                        .map(status -> PrintableText.of(status.stringValue(""), MAX_STATUS_LENGTH))
                        .filter(status -> !status.isEmpty()),
                fields.any("contact").stream()
                        .filter(JsonNode::isArray)
                        .flatMap(JsonNode::valueStream)
                        .filter(JsonNode::isString)
                        .limit(MAX_CONTACTS)
                        .map(contact -> PrintableText.of(contact.stringValue(), MAX_CONTACT_LENGTH))
                        .toList(),
                fields.any("termsOfServiceAgreed").filter(JsonNode::isBoolean).map(JsonNode::booleanValue),
                fields.any("createdAt").flatMap(AccountDetails::instant));
    }

    private static Optional<Instant> instant(JsonNode time) {
        try {
            return Optional.of(Instant.parse(time.stringValue("")));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
