package org.ringcert.daemon.trial;

import java.net.InetAddress;
import org.ringcert.cluster.HostName;

/**
 * What is asked: for a challenge, under that name, at that address and port of this machine.
 *
 * @param https whether by https
 */
public record Question(HostName name, InetAddress address, int port, boolean https) {}
