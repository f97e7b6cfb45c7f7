/** Whole servers that leave another ACME program behind. */
package org.ringcert.it.moving;
