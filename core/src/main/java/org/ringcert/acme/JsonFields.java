package org.ringcert.acme;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.acme.AcmeException.Kind;
import org.ringcert.cluster.PrintableText;
import org.ringcert.json.JsonFormat;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Typed access to the fields of a JSON object in a CA's response. A required field that is missing, or a field of the
 * wrong type, fails with {@link Kind#INVALID_RESPONSE} and a message that names the field. Fields that are not read are
 * ignored. Immutable.
 *
 * <p>The store reads its own files with a class of its own: there a message must not quote any content, as it may be a
 * key.
 */
final class JsonFields {

    private final JsonNode node;
    private final URI url;
    private final String requestName;
    private final UrlRule urlRule;

    private JsonFields(JsonNode node, URI url, String requestName, UrlRule urlRule) {
        this.node = node;
        this.url = url;
        this.requestName = requestName;
        this.urlRule = urlRule;
    }

    /**
     * Reads the body of a reply.
     *
     * @param requestName names the request in messages, such as "the new order"
     * @param urlRule applies to all URLs that are read
     */
    static JsonFields of(HttpReply reply, String requestName, UrlRule urlRule) throws AcmeException {
        JsonNode node = parse(reply.body());
        if (!node.isObject()) {
            throw AcmeErrors.invalidResponse(reply.url(), requestName, "it is not a JSON object");
        }
        return new JsonFields(node, reply.url(), requestName, urlRule);
    }

    private JsonFields nested(JsonNode object) {
        return new JsonFields(object, url, requestName, urlRule);
    }

    /** Parses the text; returns a missing node if it is not JSON. */
    static JsonNode parse(String text) {
        try {
            return JsonFormat.DEFAULT.read(text);
        } catch (JacksonException _) {
            return MissingNode.getInstance();
        }
    }

    AcmeException invalidResponse(String reason) {
        return AcmeErrors.invalidResponse(url, requestName, reason);
    }

    /** Returns the field's value of any type; empty if it is missing or null. */
    Optional<JsonNode> any(String name) {
        JsonNode value = node.path(name);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    String text(String name) throws AcmeException {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    Optional<String> optionalText(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isString()) {
            throw invalidResponse("\"" + name + "\" is not a string");
        }
        return value.map(JsonNode::stringValue);
    }

    /** Returns the field's value; false if it is missing. */
    boolean flag(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw invalidResponse("\"" + name + "\" is neither true nor false");
        }
        return value.isPresent() && value.get().booleanValue();
    }

    URI url(String name) throws AcmeException {
        return parseUrl(name, text(name));
    }

    Optional<URI> optionalUrl(String name) throws AcmeException {
        Optional<String> text = optionalText(name);
        return text.isEmpty() ? Optional.empty() : Optional.of(parseUrl(name, text.get()));
    }

    List<URI> urls(String name) throws AcmeException {
        List<URI> urls = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isString()) {
                throw invalidResponse("\"" + name + "\" contains something other than URLs");
            }
            urls.add(parseUrl(name, value.stringValue()));
        }
        return urls;
    }

    /** Returns the elements of an array of objects. */
    List<JsonFields> objects(String name) throws AcmeException {
        List<JsonFields> objects = new ArrayList<>();
        for (JsonNode value : array(name)) {
            if (!value.isObject()) {
                throw invalidResponse("\"" + name + "\" contains something other than objects");
            }
            objects.add(nested(value));
        }
        return objects;
    }

    Optional<JsonFields> object(String name) throws AcmeException {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !value.get().isObject()) {
            throw invalidResponse("\"" + name + "\" is not an object");
        }
        return value.map(this::nested);
    }

    /** Returns the names of all fields, in their order. */
    List<String> names() {
        return List.copyOf(node.propertyNames());
    }

    /** Returns the constant whose name in lower case is the field's value, as ACME writes its statuses. */
    <E extends Enum<E>> E constant(String name, E[] constants) throws AcmeException {
        String text = text(name);
        for (E constant : constants) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw invalidResponse("\"" + name + "\" has the unknown value \"" + PrintableText.of(text, 100) + "\"");
    }

    private JsonNode array(String name) throws AcmeException {
        JsonNode array = any(name).orElseThrow(() -> missing(name));
        if (!array.isArray()) {
            throw invalidResponse("\"" + name + "\" is not an array");
        }
        return array;
    }

    private URI parseUrl(String name, String text) throws AcmeException {
        URI parsed;
        try {
            parsed = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw invalidResponse("\"" + name + "\" is not a URL");
        }
        Optional<String> error = urlRule.error(parsed);
        if (error.isPresent()) {
            throw invalidResponse("\"" + name + "\" is \"" + PrintableText.of(text, 200) + "\"; a URL " + error.get());
        }
        return parsed;
    }

    private AcmeException missing(String name) {
        return invalidResponse("\"" + name + "\" is missing");
    }
}
