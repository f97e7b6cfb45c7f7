package org.ringcert.view.look;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.PrintableText;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A JSON object from a peer. Every text that is returned is printable and has at most {@link LookJson#MAX_TEXT}
 * characters. Messages name keys, but never quote the peer. Keys that are not read are ignored.
 */
record UntrustedJson(JsonNode node) {

    static UntrustedJson parse(String text) throws LookFormatException {
        if (text.length() > LookJson.MAX_BYTES) {
            throw new LookFormatException("it is too large");
        }
        JsonNode node;
        try {
            node = LookJson.FORMAT.read(text);
        } catch (JacksonException _) {
            throw new LookFormatException("it is not JSON");
        }
        if (!node.isObject()) {
            throw new LookFormatException("it is not a JSON object");
        }
        return new UntrustedJson(node);
    }

    boolean has(String key) {
        return value(key).isPresent();
    }

    String text(String key) throws LookFormatException {
        return optionalText(key).orElseThrow(() -> missing(key));
    }

    Optional<String> optionalText(String key) throws LookFormatException {
        Optional<JsonNode> value = value(key);
        return value.isEmpty() ? Optional.empty() : Optional.of(printable(value.get(), key));
    }

    boolean flag(String key) throws LookFormatException {
        JsonNode value = required(key);
        if (!value.isBoolean()) {
            throw new LookFormatException("\"" + key + "\" is neither true nor false");
        }
        return value.booleanValue();
    }

    int integer(String key, int min, int max) throws LookFormatException {
        JsonNode value = required(key);
        if (!value.isInt() || value.intValue() < min || value.intValue() > max) {
            throw new LookFormatException("\"" + key + "\" is not a number from " + min + " to " + max);
        }
        return value.intValue();
    }

    Optional<UntrustedJson> optionalObject(String key) throws LookFormatException {
        Optional<JsonNode> value = value(key);
        return value.isEmpty() ? Optional.empty() : Optional.of(object(value.get(), key));
    }

    List<UntrustedJson> objects(String key, int max) throws LookFormatException {
        List<UntrustedJson> objects = new ArrayList<>();
        for (JsonNode each : array(key, max)) {
            objects.add(object(each, key));
        }
        return objects;
    }

    List<String> texts(String key, int max) throws LookFormatException {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array(key, max)) {
            texts.add(printable(each, key));
        }
        return texts;
    }

    private JsonNode array(String key, int max) throws LookFormatException {
        JsonNode value = required(key);
        if (!value.isArray() || value.size() > max) {
            throw new LookFormatException("\"" + key + "\" is not an array of " + max + " elements at most");
        }
        return value;
    }

    private static UntrustedJson object(JsonNode value, String key) throws LookFormatException {
        if (!value.isObject()) {
            throw new LookFormatException("\"" + key + "\" has something else than an object");
        }
        return new UntrustedJson(value);
    }

    private static String printable(JsonNode value, String key) throws LookFormatException {
        if (!value.isString()) {
            throw new LookFormatException("\"" + key + "\" has something else than a text");
        }
        return PrintableText.of(value.stringValue(), LookJson.MAX_TEXT);
    }

    private JsonNode required(String key) throws LookFormatException {
        return value(key).orElseThrow(() -> missing(key));
    }

    private Optional<JsonNode> value(String key) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    private static LookFormatException missing(String key) {
        return new LookFormatException("\"" + key + "\" is missing");
    }
}
