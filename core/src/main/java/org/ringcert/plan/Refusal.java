package org.ringcert.plan;

import java.time.Instant;

/**
 * That a CA has refused an order because of a limit, and said when to come again. Immutable.
 *
 * @param at when it refused
 * @param until the earliest time of the next attempt, from its Retry-After
 */
public record Refusal(Instant at, Instant until) {}
