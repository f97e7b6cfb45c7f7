package org.ringcert.dns;

import java.util.List;

/** The result of a lookup of CAA records. */
public sealed interface CaaLookup {

    /** The name has these records; none if the list is empty, or if the name does not exist. */
    record Found(List<CaaRecord> records) implements CaaLookup {
        public Found {
            records = List.copyOf(records);
        }
    }

    /**
     * The DNS server gave no usable response.
     *
     * @param reason what happened, half a sentence
     */
    record Failed(String reason) implements CaaLookup {}
}
