package org.ringcert.pki;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The names of the CAs that a chain leads to. A chain usually lacks its root, so the root's name is that of the issuer
 * of the last certificate. The name of an issuer is its common name, or the full name if it has none.
 */
public final class RootName {

    private static final int MAX_LENGTH = 200;

    private RootName() {}

    /** Returns the name of the chain's root, on one line of at most 200 printable characters. */
    public static String of(List<X509Certificate> chain) {
        return ofIssuer(chain.getLast());
    }

    /** Returns whether the chain's root has this name. */
    public static boolean isRoot(List<X509Certificate> chain, String name) {
        return isIssuer(chain.getLast(), name);
    }

    /**
     * Returns whether a CA of this name has issued any certificate of the chain. Such a CA may be a root as well that
     * another one has cross-signed: clients that trust it need the rest of the chain no more.
     */
    public static boolean isAnyIssuer(List<X509Certificate> chain, String name) {
        return chain.stream().anyMatch(certificate -> isIssuer(certificate, name));
    }

    /** Compares as RFC 5280, section 7.1, compares names: case and the number of blanks do not matter. */
    public static boolean isSame(String one, String other) {
        return folded(one).equals(folded(other));
    }

    private static boolean isIssuer(X509Certificate certificate, String name) {
        return isSame(ofIssuer(certificate), name);
    }

    private static String folded(String name) {
        return name.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
    }

    private static String ofIssuer(X509Certificate certificate) {
        String full = certificate.getIssuerX500Principal().getName();
        String name = commonName(full).replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
        return name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
    }

    private static String commonName(String full) {
        try {
            return new LdapName(full)
                    .getRdns().reversed().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(Rdn::getValue)
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .findFirst()
                            .orElse(full);
        } catch (InvalidNameException e) {
            return full;
        }
    }
}
