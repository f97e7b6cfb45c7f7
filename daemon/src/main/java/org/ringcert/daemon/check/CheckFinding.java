package org.ringcert.daemon.check;

import java.util.Optional;

/**
 * One result of a check. Immutable.
 *
 * @param level how serious it is
 * @param topic what was looked at
 * @param subject the site, name, node, CA or file that it is about
 * @param text what was found, a sentence without a full stop
 * @param remedy what to do, in one or more sentences; empty if nothing has to be done
 * @param isUntried whether nobody could try to validate the subject, so that it is unknown whether an order would
 *     succeed
 */
public record CheckFinding(
        Level level, Topic topic, String subject, String text, Optional<String> remedy, boolean isUntried) {

    CheckFinding(Level level, Topic topic, String subject, String text, Optional<String> remedy) {
        this(level, topic, subject, text, remedy, false);
    }

    /** How serious a finding is, the least serious first. */
    public enum Level {
        /** As it should be. */
        OK("ok"),
        /** An order can succeed, but a person should know. */
        WARNING("warning"),
        /** An order would fail. */
        FAILURE("failure");

        private final String label;

        Level(String label) {
            this.label = label;
        }

        /** Returns the word that is printed. Programs rely on it. */
        public String label() {
            return label;
        }
    }

    /** What was looked at. */
    public enum Topic {
        CONFIGURATION("configuration"),
        STORE("store"),
        FRONT("front"),
        CA("ca"),
        RESOLVER("resolver"),
        CLOCK("clock"),
        NODE("node"),
        VIEWPOINT("viewpoint"),
        PEER("peer"),
        SITE("site"),
        UNKNOWN_TOKEN("unknown-token"),
        CAA("caa"),
        HTTPS("https");

        private final String label;

        Topic(String label) {
            this.label = label;
        }

        /** Returns the word for programs, which rely on it. */
        public String label() {
            return label;
        }
    }

    static CheckFinding ok(Topic topic, Object subject, String text) {
        return new CheckFinding(Level.OK, topic, subject.toString(), text, Optional.empty());
    }

    static CheckFinding warning(Topic topic, Object subject, String text, String remedy) {
        return new CheckFinding(Level.WARNING, topic, subject.toString(), text, remedy(remedy));
    }

    /** A warning that nobody could try to validate the subject. */
    static CheckFinding untried(Topic topic, Object subject, String text, String remedy) {
        return new CheckFinding(Level.WARNING, topic, subject.toString(), text, remedy(remedy), true);
    }

    static CheckFinding failure(Topic topic, Object subject, String text, String remedy) {
        return new CheckFinding(Level.FAILURE, topic, subject.toString(), text, remedy(remedy));
    }

    /** Returns the finding, with a failure turned into a warning. */
    CheckFinding warningAtMost() {
        return level == Level.FAILURE ? new CheckFinding(Level.WARNING, topic, subject, text, remedy) : this;
    }

    private static Optional<String> remedy(String text) {
        return Optional.of(text).filter(remedy -> !remedy.isEmpty());
    }
}
