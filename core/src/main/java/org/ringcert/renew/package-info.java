/** When each certificate is ordered, and what happens after a failure. */
package org.ringcert.renew;
