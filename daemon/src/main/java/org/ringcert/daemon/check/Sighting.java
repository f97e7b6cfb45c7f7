package org.ringcert.daemon.check;

import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.ViewpointReply;

/**
 * What one viewpoint said about a name.
 *
 * @param viewpoint the node that was asked to look
 */
record Sighting(HostName viewpoint, ViewpointReply reply) {}
