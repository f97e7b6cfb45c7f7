/**
 * A real test CA on this machine, and nodes as processes beside it: for {@code ringcert demo} and for the integration
 * tests.
 */
@NullMarked
package org.ringcert.demo;

import org.jspecify.annotations.NullMarked;
