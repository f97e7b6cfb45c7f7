/**
 * What a node keeps on disk: certificates in versions, accounts, orders under way. One entry: {@link org.ringcert.store.Store}.
 */
package org.ringcert.store;
