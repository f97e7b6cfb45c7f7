package org.ringcert.daemon.cli;

import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.ready.ReadyQuestion;
import org.ringcert.json.JsonFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what a daemon has answered in JSON. A class of its own, so that text is read without a parser for JSON. */
final class ReadyReplyJson {

    private ReadyReplyJson() {}

    /** Returns the verdict; empty if this is not the answer of this node's daemon to the question. */
    static Optional<Boolean> isReady(String body, ReadyQuestion question, HostName self) {
        try {
            JsonNode answer = JsonFormat.DEFAULT.read(body);
            boolean isAnswer = has(answer, "site", question.site().name())
                    && has(answer, "node", question.node())
                    && has(answer, "seenFrom", self)
                    && answer.path("ready").isBoolean();
            return isAnswer ? Optional.of(answer.get("ready").booleanValue()) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static boolean has(JsonNode answer, String key, HostName value) {
        return answer.path(key).isString() && answer.get(key).stringValue().equals(value.value());
    }
}
