/** The first hour of a cluster: its first file, and its first certificates by the document. */
package org.ringcert.it.first;
