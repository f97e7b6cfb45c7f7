/** The configuration file: read, checked, and from then on immutable. */
package org.ringcert.daemon.config;
