@NullMarked
package org.ringcert.daemon.migration;

import org.jspecify.annotations.NullMarked;
