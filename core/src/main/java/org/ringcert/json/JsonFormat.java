package org.ringcert.json;

import java.io.StringWriter;
import java.io.Writer;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads and writes trees of JSON values (RFC 8259). Thread-safe.
 *
 * <p>A {@code JsonMapper} does the same, but also maps Java objects, which is not needed here: it would cost every
 * process four hundred classes.
 */
public final class JsonFormat {

    /** JSON with Jackson's limits. */
    public static final JsonFormat DEFAULT = new JsonFormat(new JsonFactory());

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final JsonFactory factory;

    /** How a document is laid out. */
    public enum Layout {
        INDENTED,

        /** The document is one line. */
        LINE
    }

    /** Creates a format with the limits and features of the factory. */
    public JsonFormat(JsonFactory factory) {
        this.factory = factory;
    }

    /** Returns an empty object to be filled. */
    public static ObjectNode newObject() {
        return NODES.objectNode();
    }

    /**
     * Reads a text that is one JSON value. Of properties with the same name the last one counts, unless the factory
     * rejects them.
     *
     * @return the value; a {@link MissingNode} if the text is empty or blank
     * @throws JacksonException if the text is anything else, or exceeds a limit of the factory; the message may quote
     *     it
     */
    public JsonNode read(String text) {
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
            JsonToken first = parser.nextToken();
            JsonNode value = first == null ? MissingNode.getInstance() : value(parser, first);
            if (parser.nextToken() != null) {
                throw new StreamReadException(parser, "there is more than one value");
            }
            return value;
        }
    }

    private static JsonNode value(JsonParser parser, JsonToken token) {
        return switch (token) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> NODES.stringNode(parser.getString());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new StreamReadException(parser, "a value does not start with " + token);
        };
    }

    /** The depth of the recursion is limited by the parser. */
    private static ObjectNode object(JsonParser parser) {
        ObjectNode object = NODES.objectNode();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            object.set(name, value(parser, parser.nextToken()));
        }
        return object;
    }

    private static ArrayNode array(JsonParser parser) {
        ArrayNode array = NODES.arrayNode();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            array.add(value(parser, token));
        }
        return array;
    }

    private static JsonNode integer(JsonParser parser) {
        return switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
        };
    }

    /** Returns the value as one line, without a newline. */
    public String write(JsonNode value) {
        return write(value, Layout.LINE);
    }

    /** Returns the value in several lines, without a newline at the end. */
    public String writeIndented(JsonNode value) {
        return write(value, Layout.INDENTED);
    }

    private String write(JsonNode value, Layout layout) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = generator(text, layout)) {
            write(value, generator);
        }
        return text.toString();
    }

    /** Returns a generator for a document. To close it does not close the writer. */
    public JsonGenerator generator(Writer out, Layout layout) {
        return factory.createGenerator(new LayoutContext(layout), out);
    }

    /**
     * Writes a value as part of a document.
     *
     * @throws JacksonException if the writer fails
     */
    public static void write(JsonNode value, JsonGenerator out) {
        switch (value.getNodeType()) {
            case OBJECT -> {
                out.writeStartObject(value);
                for (Map.Entry<String, JsonNode> property : value.properties()) {
                    out.writeName(property.getKey());
                    write(property.getValue(), out);
                }
                out.writeEndObject();
            }
            case ARRAY -> {
                out.writeStartArray(value, value.size());
                value.values().forEach(each -> write(each, out));
                out.writeEndArray();
            }
            case STRING -> out.writeString(value.stringValue());
            case NUMBER -> writeNumber(value, out);
            case BOOLEAN -> out.writeBoolean(value.booleanValue());
            case NULL -> out.writeNull();
            default -> throw new IllegalArgumentException("JSON has no " + value.getNodeType());
        }
    }

    private static void writeNumber(JsonNode number, JsonGenerator out) {
        switch (number.numberType()) {
            case INT -> out.writeNumber(number.intValue());
            case LONG -> out.writeNumber(number.longValue());
            case BIG_INTEGER -> out.writeNumber(number.bigIntegerValue());
            default -> out.writeNumber(number.doubleValue());
        }
    }
}
