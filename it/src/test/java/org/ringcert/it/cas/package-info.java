/** Real CAs, by {@code ./test cas} only: each is installed, started and asked for certificates by two nodes. */
@NullMarked
package org.ringcert.it.cas;

import org.jspecify.annotations.NullMarked;
