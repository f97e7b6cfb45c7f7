package org.ringcert.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.json.JsonFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON object read from a file of the store.
 *
 * <p>Getters throw an {@link IllegalArgumentException} if a field is missing or has the wrong type. The message names
 * the field and never shows its content, which may be a key. Unknown fields are ignored: a newer version of Ringcert
 * may have written them. A field that is null counts as missing.
 */
record StoredJson(JsonNode node) {

    private static final JsonFormat FORMAT = new JsonFormat(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build());

    /** Returns an empty object to be filled and written. */
    static ObjectNode newObject() {
        return JsonFormat.newObject();
    }

    static String write(ObjectNode object) {
        return FORMAT.writeIndented(object) + "\n";
    }

    /** @throws IllegalArgumentException if the text is not a JSON object */
    static StoredJson parse(String text) {
        JsonNode node;
        try {
            node = FORMAT.read(text);
        } catch (JacksonException e) {
            // The cause is left out: its message may quote a key.
            throw new IllegalArgumentException("it is not JSON");
        }
        if (!node.isObject()) {
            throw new IllegalArgumentException("it is not a JSON object");
        }
        return new StoredJson(node);
    }

    Optional<StoredJson> object(String name) {
        return field(name).map(value -> {
            if (!value.isObject()) {
                throw wrongType(name, "an object");
            }
            return new StoredJson(value);
        });
    }

    boolean has(String name) {
        return field(name).isPresent();
    }

    List<StoredJson> objects(String name) {
        JsonNode value = field(name).orElseThrow(() -> missing(name));
        if (!value.isArray()) {
            throw wrongType(name, "a list");
        }
        return value.valueStream()
                .map(each -> {
                    if (!each.isObject()) {
                        throw wrongType(name, "a list of objects");
                    }
                    return new StoredJson(each);
                })
                .toList();
    }

    Optional<String> optionalString(String name) {
        return field(name).map(value -> value.stringValueOpt().orElseThrow(() -> wrongType(name, "a string")));
    }

    String string(String name) {
        return optionalString(name).orElseThrow(() -> missing(name));
    }

    List<String> strings(String name) {
        JsonNode value = field(name).orElseThrow(() -> missing(name));
        if (!value.isArray()) {
            throw wrongType(name, "a list");
        }
        return value.valueStream()
                .map(each -> each.stringValueOpt().orElseThrow(() -> wrongType(name, "a list of strings")))
                .toList();
    }

    /** Returns an integer that is at least {@code min}. */
    int integer(String name, int min) {
        int number = field(name)
                .orElseThrow(() -> missing(name))
                .intValueOpt()
                .orElseThrow(() -> wrongType(name, "an integer"));
        if (number < min) {
            throw new IllegalArgumentException("its \"" + name + "\" is less than " + min);
        }
        return number;
    }

    /** Returns a boolean, which is false if the field is missing. */
    boolean isTrue(String name) {
        return field(name)
                .map(value -> value.booleanValueOpt().orElseThrow(() -> wrongType(name, "true or false")))
                .orElse(false);
    }

    Optional<URI> optionalUri(String name) {
        return optionalString(name).map(text -> {
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                throw wrongType(name, "a URL");
            }
        });
    }

    URI uri(String name) {
        return optionalUri(name).orElseThrow(() -> missing(name));
    }

    Instant instant(String name) {
        return instant(name, string(name));
    }

    Optional<Instant> optionalInstant(String name) {
        return optionalString(name).map(text -> instant(name, text));
    }

    List<Instant> instants(String name) {
        return strings(name).stream().map(text -> instant(name, text)).toList();
    }

    private static Instant instant(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw wrongType(name, "a time such as 2026-11-23T10:15:00Z");
        }
    }

    private Optional<JsonNode> field(String name) {
        return node.optional(name).filter(value -> !value.isNull());
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("it has no \"" + name + "\"");
    }

    private static IllegalArgumentException wrongType(String name, String expected) {
        return new IllegalArgumentException("its \"" + name + "\" is not " + expected);
    }

    /** Shows no content, which may be a key. */
    @Override
    public String toString() {
        return "JSON";
    }
}
