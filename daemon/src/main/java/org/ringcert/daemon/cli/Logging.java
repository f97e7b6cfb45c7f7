package org.ringcert.daemon.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets up the log: to standard error, one line for each event, times in UTC. Commands log only warnings, because they
 * print their results; the daemon logs its progress too. This is done in code because parsing a file would slow down
 * the daemon's start.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    /** The environment variable with the log level; {@code DEBUG} shows everything. */
    private static final String LEVEL_VARIABLE = "RINGCERT_LOG";

    private static final String LEVEL_PROPERTY = "ringcert.log";

    /** Logs progress as well as warnings. Must be called before the first logger is created. */
    static void showProgress() {
        System.setProperty(LEVEL_PROPERTY, "INFO");
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        LogLayout layout = new LogLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        String defaultLevel = System.getProperty(LEVEL_PROPERTY, "WARN");
        String levelName = System.getenv().getOrDefault(LEVEL_VARIABLE, defaultLevel);
        Level level = Level.toLevel(levelName, Level.INFO);
        context.getLogger("org.ringcert").setLevel(level);
        context.getLogger("ringcert").setLevel(level);
        Logger challenges = context.getLogger("ringcert.challenge");
        challenges.addAppender(nonBlocking(context, appender));
        challenges.setAdditive(false);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Strangers cause these lines, on the thread that serves port 80, so a line is dropped if the queue is full. */
    private static AsyncAppender nonBlocking(LoggerContext context, Appender<ILoggingEvent> appender) {
        AsyncAppender async = new AsyncAppender();
        async.setContext(context);
        async.setQueueSize(1000);
        async.setDiscardingThreshold(0);
        async.setNeverBlock(true);
        async.addAppender(appender);
        async.start();
        return async;
    }
}
