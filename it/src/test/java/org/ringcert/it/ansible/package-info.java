/** Servers that are rolled out by Ansible. */
package org.ringcert.it.ansible;
