/** Keys, certificate requests and certificates: made, read and written as DER and PEM. */
package org.ringcert.pki;
