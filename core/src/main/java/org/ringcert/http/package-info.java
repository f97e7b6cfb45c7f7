/**
 * Network access with limits on time and size: one HTTP GET, one name resolution, one TLS handshake. Used between nodes
 * and for tests of a server; the CA has a client of its own.
 */
@NullMarked
package org.ringcert.http;

import org.jspecify.annotations.NullMarked;
