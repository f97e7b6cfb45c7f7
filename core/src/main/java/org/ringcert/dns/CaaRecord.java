package org.ringcert.dns;

/**
 * A CAA record (RFC 8659, section 4.1), as untrusted as everything from the DNS.
 *
 * @param flags 128 if the property is critical
 * @param tag the property, in lower case, such as {@code issue}
 * @param value the bytes of the record as ISO 8859-1 characters; control characters are possible
 */
public record CaaRecord(int flags, String tag, String value) {}
