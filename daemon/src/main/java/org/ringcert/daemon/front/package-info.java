/** Port 80: challenges and their hand-over, and the way to https for everything else. */
package org.ringcert.daemon.front;
