package org.ringcert.daemon.front;

import java.time.Duration;

/** Builds limits, beginning with wide ones. */
final class FrontLimitsBuilder {

    private Duration headTimeout = Duration.ofMinutes(5);
    private Duration idleTimeout = Duration.ofMinutes(5);
    private Duration answerTimeout = Duration.ofMinutes(5);
    private Duration writeTimeout = Duration.ofMinutes(5);
    private int maxConnections = 20_000;
    private int maxConnectionsPerAddress = 20_000;
    private boolean loopbackExempt = true;
    private int maxRequestsPerConnection = 1_000;
    private int maxPendingAnswers = 1_000;
    private int maxPendingLooks = 1_000;
    private long maxUnfinishedBytes = 64L * 1024 * 1024;

    FrontLimitsBuilder headTimeout(Duration timeout) {
        headTimeout = timeout;
        return this;
    }

    FrontLimitsBuilder idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    FrontLimitsBuilder answerTimeout(Duration timeout) {
        answerTimeout = timeout;
        return this;
    }

    FrontLimitsBuilder writeTimeout(Duration timeout) {
        writeTimeout = timeout;
        return this;
    }

    FrontLimitsBuilder maxConnections(int max) {
        maxConnections = max;
        return this;
    }

    /** Also applies to loopback addresses, unlike {@link #loopbackExempt}. */
    FrontLimitsBuilder maxConnectionsPerAddress(int max) {
        maxConnectionsPerAddress = max;
        loopbackExempt = false;
        return this;
    }

    FrontLimitsBuilder loopbackExempt() {
        loopbackExempt = true;
        return this;
    }

    FrontLimitsBuilder maxRequestsPerConnection(int max) {
        maxRequestsPerConnection = max;
        return this;
    }

    FrontLimitsBuilder maxPendingAnswers(int max) {
        maxPendingAnswers = max;
        return this;
    }

    FrontLimitsBuilder maxPendingLooks(int max) {
        maxPendingLooks = max;
        return this;
    }

    FrontLimitsBuilder maxUnfinishedBytes(long max) {
        maxUnfinishedBytes = max;
        return this;
    }

    FrontLimits build() {
        return new FrontLimits(
                headTimeout,
                idleTimeout,
                answerTimeout,
                writeTimeout,
                Duration.ofMinutes(5),
                maxConnections,
                maxConnectionsPerAddress,
                loopbackExempt,
                maxRequestsPerConnection,
                maxPendingAnswers,
                maxPendingLooks,
                maxUnfinishedBytes);
    }
}
