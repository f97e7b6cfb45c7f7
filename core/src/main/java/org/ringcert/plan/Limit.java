package org.ringcert.plan;

import java.time.Duration;

/**
 * A limit of a CA: some at once, then another whenever an interval has passed. Immutable.
 *
 * @param kind what is counted
 * @param capacity how many there may be at once
 * @param interval the time until there may be another one
 */
public record Limit(LimitKind kind, int capacity, Duration interval) {}
