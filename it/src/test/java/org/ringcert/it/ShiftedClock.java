package org.ringcert.it;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** The system clock with an offset. It goes as fast as the system's, except where a test sets it forward. */
public final class ShiftedClock extends Clock {

    private final Clock system = Clock.systemUTC();
    private volatile Duration offset;

    public ShiftedClock(Duration offset) {
        this.offset = offset;
    }

    public void advance(Duration time) {
        offset = offset.plus(time);
    }

    /** Makes this the time. It goes on from there. */
    public void set(Instant time) {
        offset = Duration.between(system.instant(), time);
    }

    @Override
    public Instant instant() {
        return system.instant().plus(offset);
    }

    @Override
    public ZoneId getZone() {
        return system.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.offset(system.withZone(zone), offset);
    }
}
