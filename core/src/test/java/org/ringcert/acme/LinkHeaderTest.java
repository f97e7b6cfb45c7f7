package org.ringcert.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkHeaderTest {

    static Stream<Arguments> links() {
        return Stream.of(
                Arguments.of("<https://ca.example/c/1>;rel=\"alternate\"", List.of("https://ca.example/c/1")),
                Arguments.of("<https://ca.example/c/1>; rel=alternate", List.of("https://ca.example/c/1")),
                Arguments.of("  < /c/1 > ;\tREL = \"ALTERNATE\" ", List.of("/c/1")),
                Arguments.of("<1>;rel=\"up alternate\"", List.of("1")),
                Arguments.of("<1>;rel=\"alternate\\ up\"", List.of("1")),
                Arguments.of("<1>;rel=alternate,<2>;rel=up, , <3>;rel=\"alternate\"", List.of("1", "3")),
                Arguments.of("<1>;title=\"a, <b>; rel=up\";rel=alternate", List.of("1")),
                Arguments.of("<1>;title=\"\\\"\";rel=alternate;type=x", List.of("1")),
                Arguments.of("<1>;nofollow;rel=alternate", List.of("1")),
                Arguments.of("<1,2;3>;rel=alternate", List.of("1,2;3")),
                Arguments.of("<1>;rel=up;rel=alternate", List.of()),
                Arguments.of("<1>;rel=alternate;anchor=\"/other\"", List.of()),
                Arguments.of("<1>;rel=\"alternates\"", List.of()),
                Arguments.of("<1>", List.of()));
    }

    @ParameterizedTest
    @MethodSource("links")
    void findsTheTargetsOfARelation(String value, List<String> expected) {
        assertThat(LinkHeader.targets(List.of(value), "alternate")).isEqualTo(expected);
    }

    @Test
    void readsSeveralHeaders() {
        assertThat(LinkHeader.targets(List.of("<1>;rel=index", "<2>;rel=alternate", "<3>;rel=alternate"), "alternate"))
                .containsExactly("2", "3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",,,",
                "<",
                "<1",
                "https://ca.example/c/1;rel=alternate",
                "x<1>;rel=alternate",
                "<1>;rel",
                "<1>;rel=",
                "<1>;rel=\"",
                "<1>;rel=\"\\",
                "<1>;;;;",
                "<1>;=alternate",
                "<1>x;rel=alternate",
            })
    void ignoresWhatIsNoLink(String value) {
        assertThat(LinkHeader.targets(List.of(value), "alternate")).isEmpty();
    }

    @Test
    void keepsTheLinksBeforeAnError() {
        assertThat(LinkHeader.targets(List.of("<1>;rel=alternate,<2>;rel=alternate x,y", "<3"), "alternate"))
                .containsExactly("1", "2");
        assertThat(LinkHeader.targets(List.of("<1>;rel=\"alternate"), "alternate"))
                .as("a quote that is not closed")
                .containsExactly("1");
    }

    @Test
    void readsLongValuesInLinearTimeAndIgnoresHugeOnes() {
        String many = "<1>;rel=alternate,".repeat(1500);
        assertThat(LinkHeader.targets(List.of(many), "alternate")).hasSize(1500);
        assertThat(LinkHeader.targets(List.of(many + many), "alternate")).isEmpty();
        assertThat(LinkHeader.targets(List.of("<1>" + ";".repeat(30_000)), "alternate"))
                .isEmpty();
    }
}
