/**
 * A real test CA on this machine, and nodes as processes beside it, for {@code ringcert demo} and the integration
 * tests. Never installed on a server.
 */
@NullMarked
package org.ringcert.demo;

import org.jspecify.annotations.NullMarked;
