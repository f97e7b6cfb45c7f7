/** The real thing: nodes as processes, and a real CA. */
package org.ringcert.it;
