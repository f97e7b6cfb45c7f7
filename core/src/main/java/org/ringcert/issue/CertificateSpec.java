package org.ringcert.issue;

import java.util.Optional;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;

/**
 * The certificate that a site should have, according to the configuration. Immutable.
 *
 * @param site the site, whose names the certificate is for
 * @param keyType the type of the certificate's key
 * @param profile the CA's profile, or empty for the CA's default
 */
public record CertificateSpec(Site site, KeyType keyType, Optional<String> profile) {}
