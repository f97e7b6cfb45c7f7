package org.ringcert.view.ca;

import java.net.URI;
import org.ringcert.cluster.HostName;

/**
 * A CAA record that lets one account at one CA order certificates by http-01 (RFC 8659, section 4.2; RFC 8657, sections
 * 3 and 4). Immutable.
 *
 * @param owner the name that has the record
 * @param issuer the CA's name in CAA records
 * @param account the account's URL, which the CA compares character by character
 */
public record CaaPermission(HostName owner, HostName issuer, URI account) {

    /**
     * Returns whether a record can name the account. The value of a parameter has visible ASCII characters except the
     * semicolon; a quotation mark or a backslash would have to be escaped in a zone file.
     */
    public static boolean canName(URI account) {
        return account.toString().chars().allMatch(c -> c > ' ' && c < 0x7f && c != ';' && c != '"' && c != '\\');
    }

    /** Returns the property's value, without quotes. */
    public String value() {
        return issuer + "; accounturi=" + account + "; validationmethods=http-01";
    }

    /** Returns the record as a line of a zone file (RFC 1035, section 5.1). */
    public String zoneLine() {
        return owner + ". IN CAA 0 issue \"" + value() + "\"";
    }
}
