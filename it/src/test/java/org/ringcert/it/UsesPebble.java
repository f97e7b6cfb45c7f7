package org.ringcert.it;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks a test class that orders certificates from Pebble.
 *
 * <p>Pebble before 2.10.3, such as Debian's, can deadlock when several orders run at the same time: its authorizations
 * and its store wait for each other's locks. Such a test is therefore repeated once if it fails, and listed as flaky if
 * it then passes. The second attempt must have a Pebble of its own, so each test, or {@code @BeforeAll}, starts one. No
 * other integration test is repeated.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Tag("pebble")
public @interface UsesPebble {}
