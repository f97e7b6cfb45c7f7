/** What systemd makes of the archive's units, on a server of its own. */
package org.ringcert.it.systemd;
