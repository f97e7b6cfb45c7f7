package org.ringcert.daemon.snippets.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HaproxyServiceTest {

    @TempDir
    private Path folder;

    /** What {@code systemctl show} prints for Debian's unit, with an administrator's line in /etc/default/haproxy. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "# nothing                                        | /etc/haproxy/haproxy.cfg",
                "CONFIG=\"/srv/one.cfg\"                          | /srv/one.cfg",
                "EXTRAOPTS=\"-f /etc/haproxy/conf.d -de\"         | /etc/haproxy/haproxy.cfg /etc/haproxy/conf.d",
                "EXTRAOPTS='-C /srv -f more.cfg -- last.cfg'      | /etc/haproxy/haproxy.cfg /srv/more.cfg /srv/last.cfg",
            })
    void expandsVariablesOfAUnitThatIsNotRunning(String line, String files) throws IOException {
        Path defaults = Files.writeString(folder.resolve("default"), "# CONFIG=/no.cfg\n" + line + "\n");
        HaproxyService service = HaproxyService.fromSystemctl("""
                MainPID=0
                ExecStart={ path=/usr/sbin/haproxy ; argv[]=/usr/sbin/haproxy -Ws -f $CONFIG -p $PIDFILE $EXTRAOPTS ; ignore_errors=no ; start_time=[n/a] ; pid=0 }
                Environment=CONFIG=/etc/haproxy/haproxy.cfg PIDFILE=/run/haproxy.pid "EXTRAOPTS=-S /run/haproxy-master.sock"
                EnvironmentFiles=%s (ignore_errors=yes)
                EnvironmentFiles=/etc/sysconfig/none (ignore_errors=yes)
                """.formatted(defaults));
        assertThat(service.paths().stream().map(Path::toString)).containsExactly(files.split(" "));
        assertThat(service.checkCommand()).isEqualTo("haproxy -c -f " + files.replace(" ", " -f "));
    }

    @Test
    void usesTheArgumentsOfARunningProcess() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "read x; : $0 $@", "-f", "one.cfg", "-f", "/two")
                .directory(folder.toFile())
                .start();
        try {
            HaproxyService service = HaproxyService.fromSystemctl(
                    "MainPID=" + process.pid() + "\nExecStart={ argv[]=haproxy -f /no ; }\n");
            assertThat(service.paths()).containsExactly(folder.toRealPath().resolve("one.cfg"), Path.of("/two"));
            assertThat(service.environment()).containsKey("PATH");
        } finally {
            process.destroy();
        }
    }

    @Test
    void readsConfigurationFilesOfAFolderInOrderOfTheirNames() throws IOException {
        for (String name : List.of("b.cfg", "a.cfg", ".c.cfg", "d.conf", "d.cfg.old")) {
            Files.writeString(folder.resolve(name), "");
        }
        assertThat(new HaproxyService(List.of(folder, Path.of("/x")), Map.of()).files())
                .containsExactly(folder.resolve("a.cfg"), folder.resolve("b.cfg"), Path.of("/x"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "  bind \":80\" # \"x            | bind,:80",
                "bind 'a b'c\\ d\\#e#f           | bind,a bc d#e",
                "bind \"a\\\"b\\$c\" \"$P/${P}\" '$P' ${P} | bind,a\"b$c,80/80,$P,${P}",
                "bind \"${Q-81}${Q}\"            | bind,81${Q}",
            })
    void splitsLinesAsHaproxyDoes(String written, String words) {
        assertThat(HaproxyLine.words(written, Map.of("P", "80"))).containsExactly(words.split(","));
    }
}
