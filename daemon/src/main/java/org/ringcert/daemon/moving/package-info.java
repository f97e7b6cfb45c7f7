@org.jspecify.annotations.NullMarked
package org.ringcert.daemon.moving;
