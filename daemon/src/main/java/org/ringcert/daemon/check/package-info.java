/**
 * What {@code ringcert check} looks at, and the look before each order. Entries:
 * {@link org.ringcert.daemon.check.ClusterCheck}, {@link org.ringcert.daemon.check.ViewpointPreflight}.
 */
@NullMarked
package org.ringcert.daemon.check;

import org.jspecify.annotations.NullMarked;
