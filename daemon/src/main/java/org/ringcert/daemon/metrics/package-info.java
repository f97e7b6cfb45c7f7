/**
 * Metrics for Prometheus. The only package that uses its library, of which only the data model and the text formats are
 * needed. Counting needs no class of it.
 */
@NullMarked
package org.ringcert.daemon.metrics;

import org.jspecify.annotations.NullMarked;
