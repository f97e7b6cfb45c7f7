/** The nodes of a cluster and the sites they serve, as the configuration names them. */
package org.ringcert.cluster;
