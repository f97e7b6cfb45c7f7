/**
 * What a node keeps on disk: certificates in versions, accounts, orders under way. One entry:
 * {@link org.ringcert.store.Store}.
 */
@NullMarked
package org.ringcert.store;

import org.jspecify.annotations.NullMarked;
