package org.ringcert.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Records the messages of a logger until it is closed. */
public final class RecordedLog implements AutoCloseable {

    private final Logger logger;
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    /** Starts to record the logger of that name, from level INFO. */
    public RecordedLog(String loggerName) {
        this(loggerName, Level.INFO);
    }

    /** Starts to record the logger of that name, from this level. */
    public RecordedLog(String loggerName, Level level) {
        logger = (Logger) LoggerFactory.getLogger(loggerName);
        appender.start();
        logger.setLevel(level);
        logger.addAppender(appender);
    }

    /** Returns all messages so far. */
    public List<String> messages() {
        return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setLevel(null);
    }
}
