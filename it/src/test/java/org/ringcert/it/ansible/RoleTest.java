package org.ringcert.it.ansible;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.demo.ChildProcess;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;

/** The example in {@code ansible/}, on new servers, with the real ansible-playbook and ssh. */
@UsesPebble
class RoleTest {

    private static final Path ROLE = Path.of("..", "ansible");
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org", "blog.example.org");
    private static final Pattern RECAP =
            Pattern.compile("(?m)^(\\S+) +: ok=\\d+ +changed=(\\d+) +unreachable=(\\d+) +failed=(\\d+)");
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    @TempDir
    private Path folder;

    private Path ansible;

    @BeforeEach
    void copyExample() throws IOException {
        ansible = folder.resolve("ansible");
        try (Stream<Path> files = Files.walk(ROLE)) {
            for (Path file : files.toList()) {
                Files.copy(file, ansible.resolve(ROLE.relativize(file)));
            }
        }
    }

    @Test
    void lintFindsNothing() throws IOException {
        requireProgram("/usr/bin/ansible-lint");
        ChildProcess lint = ChildProcess.start(
                "ansible-lint",
                List.of("sh", "-c", "cd \"$0\" && exec ansible-lint --offline --nocolor --strict", ansible.toString()),
                Map.of("HOME", folder.toString()),
                folder.resolve("lint.log"));
        assertThat(lint.awaitExit(TIMEOUT)).as(lint.output()).isZero();
        assertThat(lint.output()).contains("production");
    }

    @Test
    void leadsFromNewServersToCertificatesAndAddsAServer() throws Exception {
        requireProgram("/usr/bin/ansible-playbook");
        Files.createSymbolicLink(
                folder.resolve(Archive.file().getFileName().toString()),
                Archive.file().toAbsolutePath());
        try (DebianServers servers = DebianServers.start(folder, List.of("web0", "web1", "web2", "web3"))) {
            System.out.println("ansible/. " + DebianServers.STAND_INS);
            for (String server : List.of("web0", "web1", "web2", "web3")) {
                servers.runOn(server, "systemctl enable --now apache2");
            }

            Files.writeString(ansible.resolve("wrong.yml"), "ringcert_sites: [[www.example.org, www..example.org]]\n");
            assertThat(play(servers, 2, "--extra-vars @wrong.yml --limit web1.example.org"))
                    .contains("www..example.org")
                    .contains("unreachable=0", "failed=1");
            assertThat(servers.tryOn("web1", "test -e /etc/ringcert/ringcert.toml")
                            .status())
                    .as("a configuration with mistakes is not installed")
                    .isEqualTo(1);

            assertThat(changes(play(servers, 0, "--check --diff --limit web0.example.org")))
                    .isNotEqualTo(Set.of("0"));
            assertThat(servers.tryOn("web0", "test -e /opt/ringcert -o -e /etc/ringcert")
                            .status())
                    .as("check mode changes nothing")
                    .isEqualTo(1);

            play(servers, 0, "");
            assertThat(awaitServed(servers, List.of("web0", "web1", "web2"))).hasSize(9);

            assertThat(changes(play(servers, 0, ""))).isEqualTo(Set.of("0"));

            Files.writeString(ansible.resolve("hosts"), "web3.example.org\n", StandardOpenOption.APPEND);
            play(servers, 0, "");
            assertThat(awaitServed(servers, List.of("web0", "web1", "web2", "web3")))
                    .hasSize(12);
            assertThat(Stream.of("web0", "web1", "web2", "web3")
                            .map(server -> configuration(servers, server))
                            .distinct())
                    .singleElement()
                    .asString()
                    .contains("web3.example.org");

            Files.writeString(ansible.resolve("hosts"), "[ringcert]\nweb0.example.org\nweb2.example.org\n");
            assertThat(play(servers, 0, "--check --diff --limit web0.example.org"))
                    .contains("-name = \"web1.example.org\"", "-name = \"web3.example.org\"");
        }
    }

    private static void requireProgram(String program) {
        assumeTrue(Files.isExecutable(Path.of(program)), program + " is not installed");
    }

    private String play(DebianServers servers, int status, String options) throws IOException {
        return servers.runOnAdminHost(
                ansible,
                "status=0; ANSIBLE_NOCOLOR=1 ansible-playbook site.yml " + options + " || status=$?\n" + "[ $status = "
                        + status + " ]");
    }

    private static Set<String> changes(String output) {
        Set<String> changes = new HashSet<>();
        RECAP.matcher(output).results().forEach(recap -> changes.add(recap.group(2)));
        assertThat(changes).as(output).isNotEmpty();
        return changes;
    }

    private static String configuration(DebianServers servers, String server) {
        try {
            return servers.runOn(server, "cat /etc/ringcert/ringcert.toml");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until each server has and serves a certificate for each site. Returns the serial numbers. */
    private static Set<String> awaitServed(DebianServers servers, List<String> names) {
        Set<String> serials = new HashSet<>();
        for (String server : names) {
            for (String site : SITES) {
                serials.add(servers.awaitServed(server, site, "acme-staging-v02"));
            }
        }
        return serials;
    }
}
