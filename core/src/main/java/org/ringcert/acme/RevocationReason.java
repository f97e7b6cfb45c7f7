package org.ringcert.acme;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a certificate is revoked: the reason codes of RFC 5280, section 5.3.1. Code 7 is not used. */
public enum RevocationReason {
    UNSPECIFIED(0, "unspecified"),
    KEY_COMPROMISE(1, "keyCompromise"),
    CA_COMPROMISE(2, "cACompromise"),
    AFFILIATION_CHANGED(3, "affiliationChanged"),
    SUPERSEDED(4, "superseded"),
    CESSATION_OF_OPERATION(5, "cessationOfOperation"),
    CERTIFICATE_HOLD(6, "certificateHold"),
    REMOVE_FROM_CRL(8, "removeFromCRL"),
    PRIVILEGE_WITHDRAWN(9, "privilegeWithdrawn"),
    AA_COMPROMISE(10, "aACompromise");

    private final int code;
    private final String label;

    RevocationReason(int code, String label) {
        this.code = code;
        this.label = label;
    }

    /**
     * Returns the reason with this code or name. Upper and lower case, hyphens and underscores make no difference:
     * {@code keyCompromise}, {@code key-compromise}, {@code keycompromise} and {@code 1} are the same.
     *
     * @return empty if there is no such reason
     */
    public static Optional<RevocationReason> parse(String text) {
        String name = simplified(text);
        return Arrays.stream(values())
                .filter(reason -> simplified(reason.label).equals(name) || text.equals(String.valueOf(reason.code)))
                .findFirst();
    }

    private static String simplified(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the names of all reasons, separated by commas. */
    public static String labels() {
        return Arrays.stream(values()).map(RevocationReason::label).collect(Collectors.joining(", "));
    }

    /** Returns the reason code. */
    public int code() {
        return code;
    }

    /** Returns the name in RFC 5280. */
    public String label() {
        return label;
    }

    @Override
    public String toString() {
        return label;
    }
}
