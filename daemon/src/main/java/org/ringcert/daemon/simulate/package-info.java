/** What a simulation says: as a table, as JSON, and as a picture. */
@NullMarked
package org.ringcert.daemon.simulate;

import org.jspecify.annotations.NullMarked;
