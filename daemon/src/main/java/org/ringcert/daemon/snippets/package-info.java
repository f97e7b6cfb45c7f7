/** Configuration for other web servers that have port 80 already. */
package org.ringcert.daemon.snippets;
