/**
 * Port 80: challenges and their hand-over, and the way to https for everything else.
 *
 * <p>A request walks {@code Connection} (bytes), {@code HeadReader} and {@code Head} (syntax), {@code Rules} (what
 * becomes of it), {@code Desk} (who knows the answer), {@code Response} (bytes again). Netty carries the bytes; its
 * HTTP decoder is not used, because it takes apart what is not complete, so that a few hundred unfinished requests of
 * the smallest fields fill a small heap, and forgives what must be refused here: control characters before a request,
 * several blanks in its first line, two Hosts.
 */
@NullMarked
package org.ringcert.daemon.front;

import org.jspecify.annotations.NullMarked;
