package org.ringcert.daemon.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * One line for each event: the time in UTC to the millisecond, the level, the message. An exception's stack trace
 * follows it. Logback's own pattern does the same, but to read it takes every command 10 ms, even if it logs nothing.
 */
final class LogLayout extends LayoutBase<ILoggingEvent> {

    private static final int LEVEL_WIDTH = 5;

    @Override
    public String doLayout(ILoggingEvent event) {
        StringBuilder line = new StringBuilder();
        Time.FORMAT.formatTo(event.getInstant(), line);
        String level = event.getLevel().toString();
        line.append(' ').append(level).repeat(' ', LEVEL_WIDTH - level.length() + 1);
        line.append(event.getFormattedMessage()).append('\n');
        IThrowableProxy exception = event.getThrowableProxy();
        if (exception != null) {
            line.append(ThrowableProxyUtil.asString(exception));
        }
        return line.toString();
    }

    /** Loaded with the first line. */
    private static final class Time {
        static final DateTimeFormatter FORMAT =
                new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
    }
}
