/** The first configuration file of a cluster, by questions and answers. */
package org.ringcert.daemon.setup;
