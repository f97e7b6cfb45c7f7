/**
 * What a node keeps on disk: versions of certificates, ACME accounts and the progress of orders. The entry point is
 * {@link org.ringcert.store.Store}.
 */
@NullMarked
package org.ringcert.store;

import org.jspecify.annotations.NullMarked;
