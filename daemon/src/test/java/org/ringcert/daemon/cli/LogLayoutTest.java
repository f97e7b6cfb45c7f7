package org.ringcert.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogLayoutTest {

    private static String line(Level level, String time, @Nullable Exception exception, Object... arguments) {
        Logger logger = new LoggerContext().getLogger("ringcert");
        LoggingEvent event = new LoggingEvent("", logger, level, "{}: {}", exception, arguments);
        event.setInstant(Instant.parse(time));
        return new LogLayout().doLayout(event);
    }

    @Test
    void aLineHasTheTimeToTheMillisecondTheLevelAndTheMessage() {
        assertEquals(
                "2026-03-01T09:08:07.000Z WARN  www.example.org: failed\n",
                line(Level.WARN, "2026-03-01T09:08:07Z", null, "www.example.org", "failed"));
        assertEquals(
                "2026-03-01T09:08:07.123Z ERROR www.example.org: failed\n",
                line(Level.ERROR, "2026-03-01T09:08:07.123987Z", null, "www.example.org", "failed"));
    }

    @Test
    void theStackTraceOfAnExceptionFollows() {
        String text = line(Level.INFO, "2026-03-01T09:08:07Z", new IllegalStateException("why"), "a", "b");
        assertTrue(
                text.startsWith("2026-03-01T09:08:07.000Z INFO  a: b\njava.lang.IllegalStateException: why\n\tat "),
                text);
    }
}
