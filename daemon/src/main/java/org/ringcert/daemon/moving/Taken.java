package org.ringcert.daemon.moving;

import java.net.URI;
import java.security.cert.X509Certificate;
import org.ringcert.cluster.Site;

/**
 * A certificate that is taken over. Immutable.
 *
 * @param directory of the CA that issued it, as far as the other program knows
 */
public record Taken(Site site, X509Certificate certificate, URI directory) {}
