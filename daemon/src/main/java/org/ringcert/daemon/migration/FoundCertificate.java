package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;

/**
 * A current certificate of the other program. Immutable.
 *
 * @param site the site that it will be stored for
 * @param folder where its files are
 * @param directory URL of the directory of the CA that is to renew it
 * @param account the account that ordered it or will order the next one; empty if accounts are not taken over
 */
record FoundCertificate(
        Site site,
        Path folder,
        CertifiedKey certifiedKey,
        URI directory,
        Optional<FoundAccount> account,
        FormerSettings formerSettings) {

    X509Certificate leaf() {
        return certifiedKey.leaf();
    }

    Instant notBefore() {
        return leaf().getNotBefore().toInstant();
    }

    /** Returns the algorithm of its key. All keys that can be read are EC or RSA. */
    KeyAlgorithm algorithm() {
        return leaf().getPublicKey() instanceof ECPublicKey ? KeyAlgorithm.EC : KeyAlgorithm.RSA;
    }

    /** Returns the type of its key; empty if Ringcert makes none of that type. */
    Optional<KeyType> keyType() {
        return KeyType.of(leaf().getPublicKey());
    }

    /** Returns the type of its key, or the usual type of the same algorithm if Ringcert makes none of that type. */
    KeyType nearestKeyType() {
        return keyType().orElse(algorithm() == KeyAlgorithm.EC ? KeyType.EC256 : KeyType.RSA2048);
    }

    /** Returns the name of its site. */
    HostName name() {
        return site.name();
    }

    FoundCertificate withSite(Site other) {
        return new FoundCertificate(other, folder, certifiedKey, directory, account, formerSettings);
    }

    /** Returns where it is and what kind of key it has, for messages. */
    String description() {
        return folder + " (" + keyType().map(KeyType::label).orElse(algorithm().name()) + ")";
    }

    /** Does not show the key. */
    @Override
    public String toString() {
        return "certificate in " + folder;
    }
}
