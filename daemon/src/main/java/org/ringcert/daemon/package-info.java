/** One node of the cluster, wired from its parts. */
@NullMarked
package org.ringcert.daemon;

import org.jspecify.annotations.NullMarked;
