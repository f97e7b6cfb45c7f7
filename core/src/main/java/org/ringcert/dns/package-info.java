/** Name lookups as a CA makes them. Entry: {@link org.ringcert.dns.DnsResolver}. */
@NullMarked
package org.ringcert.dns;

import org.jspecify.annotations.NullMarked;
