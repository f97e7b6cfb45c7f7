/** The configuration file: read, checked, and from then on immutable. */
@NullMarked
package org.ringcert.daemon.config;

import org.jspecify.annotations.NullMarked;
