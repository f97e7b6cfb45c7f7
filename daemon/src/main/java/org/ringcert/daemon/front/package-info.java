/**
 * Port 80: answers or hands over challenges, and redirects everything else to https.
 *
 * <p>A request passes through {@code Connection} (bytes in), {@code RequestHeadReader} and {@code RequestHead}
 * (syntax), {@code Router} (what to do with it), {@code ChallengeDispatcher} (the answer to a challenge), and
 * {@code FrontResponse} (bytes out). Netty carries the bytes, but its HTTP decoder is not used. That decoder parses
 * requests that are not complete yet, so a few hundred unfinished requests with the smallest possible header fields
 * fill a small heap. It also accepts what must be rejected here: control characters before a request, several spaces in
 * its first line, two Host fields.
 */
@NullMarked
package org.ringcert.daemon.front;

import org.jspecify.annotations.NullMarked;
