/** Takes over the certificates, keys and accounts that dehydrated, certbot or mod_md have on this server. */
@NullMarked
package org.ringcert.daemon.migration;

import org.jspecify.annotations.NullMarked;
