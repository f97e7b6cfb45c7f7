/** The first hour of a cluster: its first file, and its first certificates by the document. */
@NullMarked
package org.ringcert.it.first;

import org.jspecify.annotations.NullMarked;
