/** DebianServers that are rolled out by Ansible. */
@NullMarked
package org.ringcert.it.ansible;

import org.jspecify.annotations.NullMarked;
