package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ValidationRecordTest {

    /** As Boulder writes it. */
    @Test
    void readsTheRequestsInTheirOrder() {
        assertThat(read("""
                [{"url": "http://www.example.org/.well-known/acme-challenge/x", "hostname": "www.example.org", "port": "80",
                  "addressesResolved": ["192.0.2.1", "192.0.2.2"], "addressUsed": "192.0.2.1"},
                 {"url": "http://web2.example.org/.well-known/acme-challenge/x?left=", "addressUsed": "2001:db8::2"}]
                """))
                .containsExactly(
                        new ValidationRecord("http://www.example.org/.well-known/acme-challenge/x", "192.0.2.1"),
                        new ValidationRecord(
                                "http://web2.example.org/.well-known/acme-challenge/x?left=", "2001:db8::2"));
    }

    @Test
    void ignoresWhatIsNotARecord() {
        assertThat(read("[7, null, [], {}, {\"url\": 1, \"addressUsed\": {}}, {\"url\": \"u\"}]"))
                .containsExactly(new ValidationRecord("u", ""));
        assertThat(read("{\"url\": \"u\"}")).isEmpty();
        assertThat(read("\"text\"")).isEmpty();
    }

    @Test
    void cutsTextsAndMakesThemPrintable() {
        assertThat(read("[{\"url\": \"a\\u001b[2J\\nb" + "x".repeat(10_000) + "\", \"addressUsed\": \"\\u202e1\"}]"))
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.url()).startsWith("a [2J bx").hasSizeLessThan(510);
                    assertThat(record.address()).isEqualTo("1");
                });
    }

    @Test
    void readsTwentyFourRecordsAtMost() {
        assertThat(read("[" + "{\"url\": \"u\"},".repeat(1_000) + "{}]")).hasSize(24);
    }

    private static List<ValidationRecord> read(String json) {
        return ValidationRecord.readAll(JsonFields.parse(json));
    }
}
