/** Tests of the Ansible role. */
@NullMarked
package org.ringcert.it.ansible;

import org.jspecify.annotations.NullMarked;
