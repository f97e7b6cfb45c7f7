package org.ringcert.view.ca;

import java.net.InetAddress;

/**
 * What was seen at one address of a name.
 *
 * @param address where the walk began
 * @param walk the validation that entered there
 * @param https what port 443 presented for the name
 */
public record AddressView(InetAddress address, Walk walk, HttpsView https) {}
