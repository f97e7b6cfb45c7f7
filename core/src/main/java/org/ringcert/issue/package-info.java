/** One certificate, from order to store. */
package org.ringcert.issue;
