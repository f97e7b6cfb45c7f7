/**
 * Reads Apache's configuration and selects virtual hosts as Apache does. Entry point:
 * {@link org.ringcert.daemon.snippets.apache.ApacheConfiguration}.
 */
@NullMarked
package org.ringcert.daemon.snippets.apache;

import org.jspecify.annotations.NullMarked;
