package org.ringcert.daemon.cli;

import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;
import org.ringcert.daemon.config.DurationText;
import org.ringcert.daemon.ready.ReadinessText;
import org.ringcert.daemon.ready.ReadyQuestion;

/**
 * An answer to {@code ringcert ready}.
 *
 * @param text what to print, ending with a newline
 */
record ReadyReply(String text, boolean isReady) {

    private static final int MAX_LINE = 2_000;
    private static final int MAX_QUOTED = 150;

    /** Returns the path and query by which the daemon is asked. Names and durations need no encoding. */
    static String target(ReadyQuestion question, boolean isJson) {
        return "/readyz?site=" + question.site().name() + "&node=" + question.node() + "&min-left="
                + DurationText.of(question.minRemaining()) + (isJson ? "&format=json" : "");
    }

    /**
     * Returns what the daemon has answered. Empty if the body is something else, such as the page of a foreign program
     * or what the daemon of another node sees.
     */
    static Optional<ReadyReply> parse(String body, ReadyQuestion question, HostName self, boolean isJson) {
        return isJson
                ? ReadyReplyJson.isReady(body, question, self).map(isReady -> new ReadyReply(body, isReady))
                : parseText(body, question, self);
    }

    private static Optional<ReadyReply> parseText(String body, ReadyQuestion question, HostName self) {
        Optional<Boolean> isReady = ReadinessText.parseVerdict(body, question, self);
        return isReady.map(ready -> new ReadyReply(printable(body), ready));
    }

    private static String printable(String body) {
        return body.lines().map(line -> PrintableText.of(line, MAX_LINE) + "\n").collect(Collectors.joining());
    }

    /** Returns half a sentence about a body that is no answer, beginning with the address. */
    static String refusal(RunningDaemon daemon, int status, String body) {
        String first = body.lines().findFirst().orElse("");
        return daemon + " answers with status " + status
                + (first.isEmpty() ? "" : ": \"" + PrintableText.of(first, MAX_QUOTED) + "\"")
                + "; it may be a daemon of another version or configuration, or another program";
    }
}
