/** The cluster as a CA sees it. One entry: {@link org.ringcert.view.ca.Walker}. */
package org.ringcert.view.ca;
