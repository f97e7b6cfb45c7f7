/** The question whether a site may move to a server: its words, and who answers it. */
@NullMarked
package org.ringcert.daemon.ready;

import org.jspecify.annotations.NullMarked;
