/** Whether a site may move to a server now: what visitors and the CA would see there. */
@NullMarked
package org.ringcert.view.ready;

import org.jspecify.annotations.NullMarked;
