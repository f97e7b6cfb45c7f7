package org.ringcert.daemon.status;

import java.net.URI;
import org.ringcert.store.Progress;

/**
 * What has failed for a site at one CA. Immutable.
 *
 * @param ca the name of the CA
 * @param directory the URL of the CA's directory
 */
public record CaFailure(String ca, URI directory, Progress.Failure failure) {}
