/** One small HTTP client for questions between nodes. */
@NullMarked
package org.ringcert.http;

import org.jspecify.annotations.NullMarked;
