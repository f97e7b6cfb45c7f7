package org.ringcert.issue;

import java.util.Optional;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;

/**
 * The certificate that a site shall have. Immutable.
 *
 * @param site whose names it carries
 * @param keyType the kind of its key
 * @param profile the CA's profile, or empty for the CA's default
 */
public record CertificateSpec(Site site, KeyType keyType, Optional<String> profile) {}
