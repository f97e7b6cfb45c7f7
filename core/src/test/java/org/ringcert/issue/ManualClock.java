package org.ringcert.issue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that only moves when a test moves it. One thread moves it; any thread reads it. */
public final class ManualClock extends Clock {

    private volatile Instant now = Instant.parse("2026-11-23T10:15:00Z");

    public void move(Duration time) {
        set(now.plus(time));
    }

    public void set(Instant time) {
        now = time;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.fixed(instant(), zone);
    }
}
