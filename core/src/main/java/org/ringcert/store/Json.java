package org.ringcert.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object that was read. Whatever is wrong with it is an {@link IllegalArgumentException} that names the field
 * and shows nothing of the content, as that may be a key. Fields that are not asked for are no error: a newer version
 * may have written them.
 */
record Json(JsonNode node) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String write(ObjectNode object) {
        return MAPPER.writeValueAsString(object) + "\n";
    }

    static Json read(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException e) {
            // without its cause, whose message may quote a key
            throw new IllegalArgumentException("it is no JSON");
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("it is no JSON object");
        }
        return new Json(node);
    }

    Optional<Json> object(String name) {
        return field(name).map(value -> {
            if (!value.isObject()) {
                throw wrong(name, "object");
            }
            return new Json(value);
        });
    }

    Optional<String> optionalText(String name) {
        return field(name).map(value -> value.stringValueOpt().orElseThrow(() -> wrong(name, "text")));
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    List<String> texts(String name) {
        JsonNode value = field(name).orElseThrow(() -> missing(name));
        if (!value.isArray()) {
            throw wrong(name, "list");
        }
        return value.valueStream()
                .map(each -> each.stringValueOpt().orElseThrow(() -> wrong(name, "list of texts")))
                .toList();
    }

    int number(String name, int least) {
        int number = field(name)
                .orElseThrow(() -> missing(name))
                .intValueOpt()
                .orElseThrow(() -> wrong(name, "whole number"));
        if (number < least) {
            throw new IllegalArgumentException("its \"" + name + "\" is less than " + least);
        }
        return number;
    }

    boolean isTrue(String name) {
        return field(name)
                .map(value -> value.booleanValueOpt().orElseThrow(() -> wrong(name, "true or false")))
                .orElse(false);
    }

    Optional<URI> optionalUri(String name) {
        return optionalText(name).map(text -> {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw wrong(name, "URL");
            }
        });
    }

    URI uri(String name) {
        return optionalUri(name).orElseThrow(() -> missing(name));
    }

    Instant moment(String name) {
        return moment(name, text(name));
    }

    Optional<Instant> optionalMoment(String name) {
        return optionalText(name).map(text -> moment(name, text));
    }

    List<Instant> moments(String name) {
        return texts(name).stream().map(text -> moment(name, text)).toList();
    }

    private static Instant moment(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw wrong(name, "moment such as 2026-11-23T10:15:00Z");
        }
    }

    private Optional<JsonNode> field(String name) {
        return node.optional(name).filter(value -> !value.isNull());
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("it has no \"" + name + "\"");
    }

    private static IllegalArgumentException wrong(String name, String wanted) {
        return new IllegalArgumentException("its \"" + name + "\" is no " + wanted);
    }

    /** Nothing of the content: it may be a key. */
    @Override
    public String toString() {
        return "JSON";
    }
}
