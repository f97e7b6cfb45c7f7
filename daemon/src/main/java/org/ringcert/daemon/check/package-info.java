/** What {@code ringcert check} looks at. Entry: {@link org.ringcert.daemon.check.ClusterCheck}. */
@NullMarked
package org.ringcert.daemon.check;

import org.jspecify.annotations.NullMarked;
