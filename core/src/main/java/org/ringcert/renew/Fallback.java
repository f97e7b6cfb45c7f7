package org.ringcert.renew;

import java.net.URI;

/**
 * Why a CA is asked that is not the preferred one. Immutable.
 *
 * @param unavailable the directory of the CA that comes before it
 * @param reason what is wrong with that CA, to follow its name: "has failed since 2026-11-27T10:00:00Z: no route"
 */
public record Fallback(URI unavailable, String reason) {}
