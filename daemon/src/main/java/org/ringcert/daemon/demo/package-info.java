/** A real test CA on this machine, and nodes as processes beside it: for {@code ringcert demo} and for the integration tests. */
package org.ringcert.daemon.demo;
