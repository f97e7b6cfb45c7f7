/** What happens on this server after a certificate has been renewed: deploying it, and checking that it is served. */
@NullMarked
package org.ringcert.daemon.deploy;

import org.jspecify.annotations.NullMarked;
