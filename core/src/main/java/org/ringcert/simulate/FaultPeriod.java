package org.ringcert.simulate;

import java.time.Duration;
import java.time.Instant;

/**
 * Something that goes wrong at a certain time. Immutable.
 *
 * @param kind what goes wrong
 * @param from when it begins
 * @param to when it is over; as {@code from} for what takes no time
 * @param subject the number of the node or the site that it concerns, from 0; meaningless if it concerns all
 * @param target the number of the node to which the site moves; meaningless for all other kinds
 * @param step by how much the clock is wrong; zero for all other kinds
 */
public record FaultPeriod(FaultKind kind, Instant from, Instant to, int subject, int target, Duration step) {}
