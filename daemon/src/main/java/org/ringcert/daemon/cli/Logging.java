package org.ringcert.daemon.cli;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log: to standard error, one line for each event, times in UTC. Commands show warnings only, as they speak for
 * themselves; the daemon all that happens. Set up in code, which saves the daemon the time to parse a file at its
 * start.
 */
public final class Logging extends ContextAwareBase implements Configurator {

    /** {@code DEBUG} shows everything. */
    private static final String LEVEL_VARIABLE = "RINGCERT_LOG";

    private static final String LEVEL_PROPERTY = "ringcert.log";

    /** Shows all that happens; to be called before the first logger is made. */
    static void verbose() {
        System.setProperty(LEVEL_PROPERTY, "INFO");
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%date{yyyy-MM-dd'T'HH:mm:ss.SSS'Z', UTC} %-5level %msg%n");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(appender);
        String usual = System.getProperty(LEVEL_PROPERTY, "WARN");
        String wanted = System.getenv().getOrDefault(LEVEL_VARIABLE, usual);
        Level level = Level.toLevel(wanted, Level.INFO);
        context.getLogger("org.ringcert").setLevel(level);
        context.getLogger("ringcert").setLevel(level);
        Logger challenges = context.getLogger("ringcert.challenge");
        challenges.addAppender(withoutWaiting(context, appender));
        challenges.setAdditive(false);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Strangers make these lines, on the thread that serves port 80: one that finds no place is dropped. */
    private static AsyncAppender withoutWaiting(LoggerContext context, Appender<ILoggingEvent> appender) {
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
