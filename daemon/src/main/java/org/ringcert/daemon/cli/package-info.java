/** The command line. */
package org.ringcert.daemon.cli;
