/** What happens on this server after a new certificate. */
package org.ringcert.daemon.deploy;
