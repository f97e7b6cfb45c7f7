/** Web servers with the configuration that {@code ringcert web} prints for them. */
@NullMarked
package org.ringcert.it.web;

import org.jspecify.annotations.NullMarked;
