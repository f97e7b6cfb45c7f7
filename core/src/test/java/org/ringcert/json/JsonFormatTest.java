package org.ringcert.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringWriter;
import java.io.Writer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.json.JsonFormat.Layout;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Tests that trees are read and written as Jackson's mapper does. */
class JsonFormatTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonMapper INDENTING =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                " null ",
                "\"\"",
                "\"a\\\"\\\\\\u0000\\u00fc\\ud83d\\ude00/\\n\"",
                "[1, -1, 2147483648, 123456789012345678901234567890, 1.5, 1e999, -0.0, 1.0]",
                "{\"a\": {\"b\": [true, false, null, {}, [[]]]}, \"\": \"c\", \"d\": {\"e\": []}}",
                "{\"a\": 1, \"b\": 2, \"a\": 3}",
            })
    void agreesWithTheMapper(String text) {
        assertThat(JsonFormat.DEFAULT.read(text)).isEqualTo(MAPPER.readTree(text));
        assertThat(JsonFormat.DEFAULT.write(MAPPER.readTree(text)))
                .isEqualTo(MAPPER.writeValueAsString(MAPPER.readTree(text)));
        assertThat(JsonFormat.DEFAULT.writeIndented(MAPPER.readTree(text)))
                .isEqualTo(INDENTING.writeValueAsString(MAPPER.readTree(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[",
                "[1",
                "[1,]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1",
                "}",
                "]",
                "nul",
                "'a'",
                "\"a",
                "NaN",
                "01",
                "{} {}",
                "1 2",
                "{\"a\":1]",
                "[1}",
                "\u0000",
                "{a:1}",
                "// a\n1"
            })
    void rejectsWhatTheMapperRejects(String text) {
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> MAPPER.readTree(text));
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JsonFormat.DEFAULT.read(text));
    }

    @Test
    void anEmptyTextIsMissing() {
        assertThat(JsonFormat.DEFAULT.read("")).isEqualTo(MissingNode.getInstance());
        assertThat(JsonFormat.DEFAULT.read(" \n")).isEqualTo(MissingNode.getInstance());
    }

    @Test
    void rejectsDeepNesting() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> JsonFormat.DEFAULT.read(deep));
        String allowed = "[".repeat(500) + "]".repeat(500);
        assertThat(JsonFormat.DEFAULT.write(JsonFormat.DEFAULT.read(allowed))).isEqualTo(allowed);
    }

    @Test
    void rejectsRepeatedPropertiesIfTheFactoryDoes() {
        JsonFormat strict = new JsonFormat(JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build());
        assertThatExceptionOfType(JacksonException.class).isThrownBy(() -> strict.read("{\"a\": 1, \"a\": 1}"));
    }

    @Test
    void writesPartsOfADocumentAndLeavesTheWriterOpen() {
        AtomicBoolean closed = new AtomicBoolean();
        Writer text = new StringWriter() {
            @Override
            public void close() {
                closed.set(true);
            }
        };
        try (JsonGenerator json = JsonFormat.DEFAULT.generator(text, Layout.LINE)) {
            json.writeStartArray();
            JsonFormat.write(JsonFormat.newObject().put("a", 1), json);
            json.writeEndArray();
        }
        assertThat(text).hasToString("[{\"a\":1}]");
        assertThat(closed).isFalse();
    }

    @Test
    void writesNothingButJson() {
        ObjectNode object = JsonFormat.newObject().putPOJO("a", "b");
        assertThatIllegalArgumentException().isThrownBy(() -> JsonFormat.DEFAULT.write(object));
    }
}
