/** What a node reports about its certificates: problems, renewals and their results, for commands, log and programs. */
@NullMarked
package org.ringcert.daemon.status;

import org.jspecify.annotations.NullMarked;
