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
     * Who has issued a certificate.
     *
     * @param name the name in the certificate
     * @param isSelf whether the certificate is self-signed
     */
    record Issuer(X500Principal name, boolean isSelf) {

        static Issuer of(X509Certificate leaf) {
            return new Issuer(leaf.getIssuerX500Principal(), isSelfSigned(leaf));
        }
    }

    /**
     * Returns whether the certificate is from the CA, as far as that can be told.
     *
     * @param ca the URL of the CA's directory
     * @param own certificates that this node has, by the directory of the CA that has issued them
     */
    static boolean isFrom(X509Certificate leaf, URI ca, Map<URI, List<X509Certificate>> own) {
        return isFrom(Issuer.of(leaf), ca, own);
    }

    /** Returns whether a certificate of this issuer is from the CA, as far as that can be told. */
    static boolean isFrom(Issuer issuer, URI ca, Map<URI, List<X509Certificate>> own) {
        if (issuer.isSelf()) {
            return false;
        }
        if (isIssuerOfAny(issuer.name(), own.getOrDefault(ca, List.of()))) {
            return true;
        }
        Optional<String> organization = organization(issuer.name());
        Optional<String> known = organizationOf(ca);
        if (known.isPresent()) {
            return organization.equals(known);
        }
        return organization
                        .filter(name -> name.equals(LETS_ENCRYPT) || name.equals(LETS_ENCRYPT_STAGING))
                        .isEmpty()
                && own.entrySet().stream()
                        .filter(other -> !other.getKey().equals(ca))
                        .noneMatch(other -> isIssuerOfAny(issuer.name(), other.getValue()));
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

    private static boolean isIssuerOfAny(X500Principal issuer, List<X509Certificate> certificates) {
        return certificates.stream()
                .anyMatch(certificate -> isSameIssuer(issuer, certificate.getIssuerX500Principal()));
    }

    private static boolean isSameIssuer(X500Principal one, X500Principal other) {
        Optional<String> organization = organization(one);
        return one.equals(other) || (organization.isPresent() && organization.equals(organization(other)));
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
