/** What the nodes of a cluster will order and when, within a CA's limits: as a table, as JSON, and as a picture. */
@NullMarked
package org.ringcert.daemon.plan;

import org.jspecify.annotations.NullMarked;
