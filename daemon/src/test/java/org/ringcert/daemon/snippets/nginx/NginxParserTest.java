package org.ringcert.daemon.snippets.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NginxParserTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a b;                          | a b",
                "a # ; {¶ b;                  | a b",
                "a b#c;                        | a b#c",
                "a \"b ; { # \\\" c\" d;       | a b ; { # \" c d",
                "a 'it\\'s' \"~^x{2}\\.y$\";   | a it's ~^x{2}\\.y$",
                "a ${b}c;                      | a ${b}c",
                "a b\\;c;                      | a b\\;c",
                "a ^/x}y;                      | a ^/x}y",
            })
    void splitsWordsAsNginxDoes(String text, String words) {
        NginxParser.Result result = NginxParser.parse("f", text.replace('¶', '\n'));
        assertThat(result.errorLine()).isEmpty();
        assertThat(result.directives())
                .singleElement()
                .extracting(NginxDirective::text)
                .isEqualTo(words);
    }

    /** Lua code that would be misread in nginx's own syntax. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-- don't",
                "--[[ } ' ]] local t = { a = '}' }",
                "local s = \"}\\\"}\"",
                "local s = [==[ } ]] ' ]==] if s then local t = {} end",
                "ngx.say('it\\'s {')",
            })
    void endsLuaAtItsOwnBrace(String lua) {
        NginxParser.Result result =
                NginxParser.parse("f", "content_by_lua_block { " + lua + "\n}\nserver\n{ listen 80; }");
        assertThat(result.errorLine()).isEmpty();
        assertThat(result.directives()).hasSize(2);
        NginxDirective server = result.directives().getLast();
        assertThat(server.position()).isEqualTo("f:3");
        assertThat(server.opening()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a;¶}                   | 2",
                "a {¶ b;¶              | 3",
                "a;¶b                   | 2",
                "a;¶{ b; }              | 2",
                "a; \"b                  | 1",
                "x_by_lua_block {¶ a    | 2",
                "}}; \" { server { a 'b  | 1",
            })
    void reportsTheLineOfAnError(String text, int line) {
        assertThat(NginxParser.parse("f", text.replace('¶', '\n')).errorLine()).hasValue(line);
    }

    @Test
    void ranksNamesAsNginxDoes() {
        String name = "www.example.org";
        List<String> bestFirst =
                List.of("WWW.example.org", "*.example.org", "*.org", "www.example.*", "www.*", "~^www\\.");
        for (int i = 1; i < bestFirst.size(); i++) {
            ServerNames.Rank better =
                    ServerNames.rank(List.of(bestFirst.get(i - 1)), name).orElseThrow();
            ServerNames.Rank worse =
                    ServerNames.rank(List.of("no", bestFirst.get(i)), name).orElseThrow();
            assertThat(better)
                    .as("%s before %s", bestFirst.get(i - 1), bestFirst.get(i))
                    .isLessThan(worse);
        }
        assertThat(ServerNames.rank(List.of(".example.org"), name)).isPresent();
        assertThat(ServerNames.rank(List.of(".example.org"), "example.org"))
                .isEqualTo(ServerNames.rank(List.of("example.org"), "example.org"));
        assertThat(ServerNames.rank(
                        List.of(
                                "_",
                                "",
                                "*",
                                "w?w.example.org",
                                "*.www.example.org",
                                "~^WWX",
                                "~z",
                                "ww.example.org",
                                "*ww.example.org"),
                        name))
                .isEmpty();
        assertThat(ServerNames.isUnsupported("~(?<a>x)(?(1)y|z)")).isTrue();
        assertThat(ServerNames.isUnsupported("~^(?P<a_b>WWW)$")).isFalse();
        assertThat(ServerNames.rank(List.of("~^(?P<a_b>WWW)\\."), name)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "80, 0.0.0.0:80",
        "*:81, 0.0.0.0:81",
        "10.0.0.1:8080, 10.0.0.1:8080",
        "10.0.0.1, 10.0.0.1:80",
        "[::]:80, [::]:80",
        "[::1], [::1]:80",
        "localhost:8000, localhost:8000",
        "unix:/run/x.sock, unix:/run/x.sock",
        "80-82, 0.0.0.0:80 0.0.0.0:81 0.0.0.0:82",
        "[::]:8-9, [::]:8 [::]:9",
    })
    void parsesListenAddressesAsNginxDoes(String written, String sockets) {
        assertThat(Listen.sockets(written).map(NginxSocket::toString)).containsExactly(sockets.split(" "));
    }
}
