/** The cluster as a CA sees it, on a network of the test's own with real addresses, DNS servers and port 80. */
@NullMarked
package org.ringcert.it.view;

import org.jspecify.annotations.NullMarked;
