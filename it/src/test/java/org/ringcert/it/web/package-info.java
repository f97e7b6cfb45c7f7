/** Web servers of other makes with the configuration that {@code ringcert web} prints for them. */
package org.ringcert.it.web;
