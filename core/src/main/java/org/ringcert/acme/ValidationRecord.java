package org.ringcert.acme;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.PrintableText;
import tools.jackson.databind.JsonNode;

/**
 * A request that a CA sent to validate a name, in the CA's own words. Let's Encrypt lists them in the field
 * {@code validationRecord} of a challenge. RFC 8555 does not define that field, and many CAs have none. Both texts are
 * printable and on one line.
 *
 * @param url what the CA requested, at most 500 characters; empty if the CA does not say
 * @param address the address that the CA sent the request to, at most 60 characters; empty if the CA does not say
 */
public record ValidationRecord(String url, String address) {

    /** More than any CA needs: ten redirects, each tried at two addresses. */
    private static final int MAX_RECORDS = 24;

    private static final int MAX_URL = 500;
    private static final int MAX_ADDRESS = 60;

    /** Reads the records that are valid, and ignores the rest: they are for a person to read, and decide nothing. */
    static List<ValidationRecord> readAll(JsonNode list) {
        List<ValidationRecord> records = new ArrayList<>();
        if (list.isArray()) {
            for (int i = 0; i < list.size() && records.size() < MAX_RECORDS; i++) {
                ValidationRecord record = read(list.path(i));
                if (!record.url().isEmpty() || !record.address().isEmpty()) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private static ValidationRecord read(JsonNode node) {
        return new ValidationRecord(
                PrintableText.of(node.path("url").stringValue(""), MAX_URL),
                PrintableText.of(node.path("addressUsed").stringValue(""), MAX_ADDRESS));
    }
}
