package org.ringcert.demo;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/** Reads the lines about challenges in the log of a node. */
public final class LoggedChallenges {

    /** As written by {@code CertificateLog} when a challenge is published. */
    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");

    /** As written by {@code ChallengeLog} for each request. */
    private static final Pattern ANSWERED = Pattern.compile(
            "token=(\\S+) from=\\S+ answer=(held|relayed|sent-to)(?: location=([a-z]+://[^/:]+\\S*))?$");

    /**
     * The publication of a challenge.
     *
     * @param name the name that the CA validates
     */
    public record PublishedToken(HostName name, String token) {}

    /**
     * The answer to a request.
     *
     * @param answer {@code held}, {@code relayed} or {@code sent-to}
     * @param location where the request was redirected; empty unless the answer is {@code sent-to}
     */
    public record LoggedAnswer(String token, String answer, Optional<URI> location) {}

    private LoggedChallenges() {}

    /** Returns the challenges that the node has published, in the order of the log. */
    public static List<PublishedToken> published(String log) {
        return matches(PUBLISHED, log, line -> new PublishedToken(new HostName(line.group(1)), line.group(2)));
    }

    /** Returns the node's answers to requests, in the order of the log, without those to unknown tokens. */
    public static List<LoggedAnswer> answered(String log) {
        return matches(
                ANSWERED,
                log,
                line -> new LoggedAnswer(
                        line.group(1),
                        line.group(2),
                        Optional.ofNullable(line.group(3)).map(URI::create)));
    }

    private static <T> List<T> matches(Pattern pattern, String log, Function<MatchResult, T> entry) {
        return log.lines()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(entry)
                .toList();
    }
}
