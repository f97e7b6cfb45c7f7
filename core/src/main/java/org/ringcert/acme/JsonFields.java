package org.ringcert.acme;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Kind;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * A JSON object that the CA sent. What is asked for and is not there, or is of another type, is
 * {@link Kind#INVALID_RESPONSE}; what nobody asks for is ignored. Immutable.
 */
final class JsonFields {

    static final JsonMapper JSON = new JsonMapper();

    private final JsonNode node;
    private final String where;
    private final UrlRule rule;

    private JsonFields(JsonNode node, String where, UrlRule rule) {
        this.node = node;
        this.where = where;
        this.rule = rule;
    }

    /**
     * The body of an answer.
     *
     * @param what what was sent, such as "the new order"
     */
    static JsonFields of(HttpReply reply, String what, UrlRule rule) throws AcmeException {
        JsonNode node = parse(reply.body());
        if (!node.isObject()) {
            throw AcmeErrors.invalidResponse(reply.url(), what, "it is no JSON object");
        }
        return new JsonFields(node, reply.url().getHost() + " gave an answer to " + what + " that is not ACME: ", rule);
    }

    /** The text as JSON; a missing node where it is none. */
    static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    AcmeException invalidResponse(String why) {
        return new AcmeException(Kind.INVALID_RESPONSE, where + why, Optional.empty(), Optional.empty(), null);
    }

    /** The field as it is, or empty where it is missing or null. */
    Optional<JsonNode> any(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    String text(String name) throws AcmeException {
        return optionalText(name).orElseThrow(() -> invalidResponse("\"" + name + "\" is missing"));
    }

    Optional<String> optionalText(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isString()) {
            throw invalidResponse("\"" + name + "\" is no text");
        }
        return value.map(JsonNode::stringValue);
    }

    boolean flag(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw invalidResponse("\"" + name + "\" is neither true nor false");
        }
        return value.isPresent() && value.get().booleanValue();
    }

    URI url(String name) throws AcmeException {
        return url(name, text(name));
    }

    Optional<URI> optionalUrl(String name) throws AcmeException {
        Optional<String> text = optionalText(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(url(name, text.get()));
    }

    List<URI> urls(String name) throws AcmeException {
        List<URI> urls = new ArrayList<>();
        for (JsonNode value : list(name)) {
            if (!value.isString()) {
                throw invalidResponse("\"" + name + "\" holds what is no URL");
            }
            urls.add(url(name, value.stringValue()));
        }
        return urls;
    }

    /** A list of objects. */
    List<JsonFields> objects(String name) throws AcmeException {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode value : list(name)) {
            if (!value.isObject()) {
                throw invalidResponse("\"" + name + "\" holds what is no object");
            }
            objects.add(new JsonFields(value, where, rule));
        }
        return objects;
    }

    Optional<JsonFields> object(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isObject()) {
            throw invalidResponse("\"" + name + "\" is no object");
        }
        return value.map(object -> new JsonFields(object, where, rule));
    }

    /** The names of its fields, in their order. */
    List<String> names() {
        return List.copyOf(node.propertyNames());
    }

    /** The constant that the text of a field names (in lower case, as ACME writes its states). */
    <E extends Enum<E>> E state(String name, E[] known) throws AcmeException {
        String text = text(name);
        for (E constant : known) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw invalidResponse("\"" + name + "\" is \"" + ProblemDocument.clean(text, 100) + "\", which is unknown");
    }

    private JsonNode list(String name) throws AcmeException {
        JsonNode list = any(name).orElseThrow(() -> invalidResponse("\"" + name + "\" is missing"));
        if (!list.isArray()) {
            throw invalidResponse("\"" + name + "\" is no list");
        }
        return list;
    }

    private URI url(String name, String text) throws AcmeException {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw invalidResponse("\"" + name + "\" is no URL");
        }
        Optional<String> mistake = rule.mistake(url);
        if (mistake.isPresent()) {
            throw invalidResponse(
                    "\"" + name + "\" is \"" + ProblemDocument.clean(text, 200) + "\"; a URL " + mistake.get());
        }
        return url;
    }
}
