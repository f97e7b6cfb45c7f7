package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.ringcert.daemon.config.PublicCa;

/**
 * Tells whether a certificate that a peer presents is from a CA.
 *
 * <p>One with the issuer of a certificate that this node has from the CA is. Otherwise, Let's Encrypt changes its
 * intermediates without notice, so the organization in the issuer's name decides. The certificates of any other CA
 * cannot be told by a name that is known beforehand. One that is not self-signed counts as the CA's, unless its issuer
 * is that of a certificate which this node has from another CA, or Let's Encrypt: all nodes have the same file, so a
 * certificate for exactly the right names is most likely from the CA that they order from. If it is not, this node
 * plans for one certificate too many, and only waits longer.
 */
final class IssuerMatch {

    private static final String LETS_ENCRYPT = "Let's Encrypt";
    private static final String LETS_ENCRYPT_STAGING = "(STAGING) Let's Encrypt";

    private IssuerMatch() {}

    /**
     * Returns whether the certificate is from the CA, as far as that can be told.
     *
     * @param ca the URL of the CA's directory
     * @param own certificates that this node has, by the directory of the CA that has issued them
     */
    static boolean isFrom(X509Certificate leaf, URI ca, Map<URI, List<X509Certificate>> own) {
        if (isSelfSigned(leaf)) {
            return false;
        }
        if (hasSameIssuer(leaf, own.getOrDefault(ca, List.of()))) {
            return true;
        }
        Optional<String> organization = organization(leaf.getIssuerX500Principal());
        Optional<String> known = organizationOf(ca);
        if (known.isPresent()) {
            return organization.equals(known);
        }
        return organization
                        .filter(name -> name.equals(LETS_ENCRYPT) || name.equals(LETS_ENCRYPT_STAGING))
                        .isEmpty()
                && own.entrySet().stream()
                        .filter(other -> !other.getKey().equals(ca))
                        .noneMatch(other -> hasSameIssuer(leaf, other.getValue()));
    }

    private static boolean isSelfSigned(X509Certificate leaf) {
        try {
            leaf.verify(leaf.getPublicKey());
            return true;
        } catch (GeneralSecurityException | ProviderException e) {
            return false;
        }
    }

    private static Optional<String> organizationOf(URI ca) {
        return PublicCa.named(ca.toString()).flatMap(known -> switch (known) {
            case LETSENCRYPT -> Optional.of(LETS_ENCRYPT);
            case LETSENCRYPT_STAGING -> Optional.of(LETS_ENCRYPT_STAGING);
            case ZEROSSL, GOOGLE, SSLCOM, ACTALIS -> Optional.empty();
        });
    }

    private static boolean hasSameIssuer(X509Certificate leaf, List<X509Certificate> others) {
        return others.stream().anyMatch(other -> isSameIssuer(leaf, other));
    }

    private static boolean isSameIssuer(X509Certificate one, X509Certificate other) {
        Optional<String> organization = organization(one.getIssuerX500Principal());
        return one.getIssuerX500Principal().equals(other.getIssuerX500Principal())
                || (organization.isPresent() && organization.equals(organization(other.getIssuerX500Principal())));
    }

    private static Optional<String> organization(X500Principal name) {
        try {
            return new LdapName(name.getName())
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("O"))
                            .map(Rdn::getValue)
                            .map(Object::toString)
                            .findFirst();
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }
}
