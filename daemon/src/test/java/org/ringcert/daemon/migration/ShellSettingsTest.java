package org.ringcert.daemon.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.daemon.migration.ShellSettings.Value;

/** What is read as certain equals what bash computes, which runs dehydrated. The scripts set the variable X. */
class ShellSettingsTest {

    private static final Path BASH = Path.of("/bin/bash");
    private static final Map<String, String> PRESETS = Map.of("BASEDIR", "/etc/dehydrated");

    @TempDir
    private Path folder;

    private Value read(String script) {
        ShellSettings settings = new ShellSettings(file -> Optional.empty(), PRESETS);
        settings.read(Path.of("config"), script);
        return settings.value("X");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X=/srv/certs",
                "X=\"/srv/my certs\"  # not there",
                "X='/srv/$certs'",
                "X=a#b # c",
                "  export X=/srv",
                "X=${BASEDIR}/certs",
                "X=\"$BASEDIR\"/'c e'rts",
                "A=/srv; X=$A/certs",
                "A=/srv\nX=\"${A}/certs\"\nA=/other",
                "X=/first\nX=/second",
                "X=/sr\\\nv",
                "X=a\\ b\\$c",
                "X=\"a\\\"b\\$c\\d\"",
                "X='a\nb'\n",
                "X=/srv\r\n",
                "readonly X=/srv",
                "X=/srv\nunset X",
                "X=/srv\nfalse && true\ntrue",
                "if true; then A=1; fi; X=/srv",
                "case a in\n  a) A=1 ;;\n  *) A=2 ;;\nesac\nX=/srv",
                "f() {\n  A=1\n}\nX=/srv",
                "function f {\n  A=1\n}\nX=/srv",
                "for a in 1 2; do A=$a; done\nX=/srv",
                "while false; do true; done <<<\"x\"\nX=/srv",
                "(A=1)\nX=/srv",
                "A=$(echo \"(\" ; echo ')') || true\nX=/srv",
                "echo 'if' >&2\nX=/srv",
                "X=",
                "A=1 true\nX=/srv",
                "# X=/no\n#if\nX=/srv"
            })
    void agreesWithBashOnWhatIsCertain(String script) throws Exception {
        assumeTrue(Files.isExecutable(BASH), BASH + " is not installed");
        String expected = runInBash(script);

        assertThat(read(script)).isEqualTo(expected.isEmpty() ? new Value.Unset() : new Value.Known(expected));
    }

    private String runInBash(String script) throws Exception {
        Path file = Files.writeString(folder.resolve("script"), script.replace("\r", ""));
        Process bash = new ProcessBuilder(
                        BASH.toString(),
                        "-c",
                        "BASEDIR=/etc/dehydrated; . \"$0\" >&2; printf %s \"$X\"",
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "if [ -e /nowhere ]; then\n  X=/a\nfi",
                "if [ -e /nowhere ]; then X=/a; else X=/b; fi",
                "[ -e /nowhere ] && X=/a",
                "[ -e /nowhere ] ||\n  X=/a",
                "X=/a && true",
                "case $HOSTNAME in\n  web0) X=/a ;;\nesac",
                "for X in /a /b; do X=$X; done",
                "f() { X=/a; }\nf",
                "X=$(pwd)",
                "X=`pwd`",
                "X=\"${HOME}/certs\"",
                "X=${BASEDIR:-/a}",
                "X=~/certs",
                "X=/a\nX+=b",
                "eval \"X=/a\"",
                ". ./more",
                ". \"$HOME/more\"",
                "cat <<END\nX=/a\nEND",
                "if true; then\nX=/a",
                "X=\"/a",
                "X=$'a'",
                "(X=/a)",
                "X=/a | true",
                "while true; do\n unset X\n break; done"
            })
    void doesNotGuessWhatOnlyAShellCanCompute(String script) {
        assertThat(read(script)).isInstanceOf(Value.Computed.class);
    }

    @Test
    void reportsTheLineWhereAValueIsComputed() {
        assertThat(read("# one\n\nA='\n'\nX=$(pwd)")).isEqualTo(new Value.Computed("config, line 5"));
    }

    @Test
    void readsIncludedFiles() {
        Map<Path, String> files = Map.of(Path.of("/etc/dehydrated/more"), "X=/a");
        ShellSettings settings = new ShellSettings(file -> Optional.ofNullable(files.get(file)), PRESETS);
        settings.read(Path.of("config"), ". $BASEDIR/more");
        assertThat(settings.value("X")).isEqualTo(new Value.Known("/a"));

        settings.read(Path.of("config"), "[ -e /nowhere ] && . $BASEDIR/more");
        assertThat(settings.value("X")).isEqualTo(new Value.Computed("/etc/dehydrated/more, line 1"));

        settings.read(Path.of("config"), "X=/b; [ -e /nowhere ] && . $BASEDIR/nowhere");
        assertThat(settings.value("X")).isEqualTo(new Value.Known("/b"));
    }

    @Test
    void stopsAtAFileThatIncludesItself() {
        ShellSettings settings = new ShellSettings(file -> Optional.of(". /self\nX=/a"), Map.of());
        settings.read(Path.of("/self"), ". /self");
        assertThat(settings.value("X")).isEqualTo(new Value.Known("/a"));
    }
}
