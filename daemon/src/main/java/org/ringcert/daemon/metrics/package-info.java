/** What happens in a node, counted for Prometheus. The only package that knows its client library. */
@NullMarked
package org.ringcert.daemon.metrics;

import org.jspecify.annotations.NullMarked;
