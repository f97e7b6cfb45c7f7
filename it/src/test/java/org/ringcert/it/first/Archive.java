package org.ringcert.it.first;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ringcert.daemon.demo.ChildProcess;

/**
 * Stands for the archive that {@code ./ringcert package} makes: the same tree, with this build's jars and this machine's Java instead of a runtime of its own, and a unit without
 * its sandbox. The CA's certificate is taken from the system, by a copy.
 */
final class Archive {

    private static final String NAME = "ringcert-0.1.0";

    private Archive() {}

    static Path make(Path folder) throws IOException {
        Path tree = folder.resolve(NAME);
        Path lib = Files.createDirectories(tree.resolve("lib"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (entry.endsWith(".jar")) {
                Files.copy(Path.of(entry), lib.resolve(Path.of(entry).getFileName()));
            }
        }
        Files.copy(Path.of("..", "build", "jvm.args"), tree.resolve("jvm.args"));
        Path program = Files.createDirectories(tree.resolve("bin")).resolve("ringcert");
        Files.writeString(program, """
                #!/bin/sh
                home=$(dirname "$(dirname "$(readlink -f "$0")")")
                java=%s
                if [ ! -e "$home/trust" ]; then
                    $java/bin/keytool -importcert -noprompt -trustcacerts -file /usr/local/share/ca-certificates/the-test-ca.crt \\
                        -keystore "$home/trust" -storepass changeit >/dev/null 2>&1
                    chmod 644 "$home/trust"
                fi
                exec $java/bin/java "@$home/jvm.args" -Djavax.net.ssl.trustStore="$home/trust" -Djavax.net.ssl.trustStorePassword=changeit -cp "$home/lib/*" org.ringcert.daemon.cli.Ringcert "$@"
                """.formatted(System.getProperty("java.home")));
        assertThat(program.toFile().setExecutable(true, false)).isTrue();
        Files.writeString(Files.createDirectories(tree.resolve("systemd")).resolve("ringcert.service"), """
                [Service]
                User=ringcert
                StateDirectory=ringcert
                StateDirectoryMode=0711
                ExecStart=/opt/ringcert/bin/ringcert run
                ExecReload=/bin/kill -HUP $MAINPID
                [Install]
                WantedBy=multi-user.target
                """);
        Path archive = folder.resolve(NAME + "-linux-x86_64.tar.gz");
        ChildProcess tar = ChildProcess.start(
                "tar",
                List.of("tar", "-C", folder.toString(), "-czf", archive.toString(), NAME),
                Map.of("GZIP", "-1"),
                folder.resolve("tar.log"));
        assertThat(tar.awaitExit(Duration.ofMinutes(2))).as(tar.output()).isZero();
        try (Stream<Path> jars = Files.list(lib)) {
            assertThat(jars).isNotEmpty();
        }
        return archive;
    }
}
