/** Pictures for people, written as SVG. */
@NullMarked
package org.ringcert.daemon.picture;

import org.jspecify.annotations.NullMarked;
