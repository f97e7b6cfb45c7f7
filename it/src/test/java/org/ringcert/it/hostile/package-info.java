/** What no honest client sends, to web servers of other makes. */
package org.ringcert.it.hostile;
