/** The configuration file: its schema, its checks, and the immutable settings that come of it. */
@NullMarked
package org.ringcert.daemon.config;

import org.jspecify.annotations.NullMarked;
