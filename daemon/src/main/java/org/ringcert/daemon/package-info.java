/** One node of the cluster, wired from its parts. */
package org.ringcert.daemon;
