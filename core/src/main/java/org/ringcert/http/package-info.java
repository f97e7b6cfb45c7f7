/** One small HTTP client for questions between nodes. */
package org.ringcert.http;
