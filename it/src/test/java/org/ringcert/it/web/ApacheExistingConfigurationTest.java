package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.ringcert.challenge.Token;
import org.ringcert.it.web.ApacheConfigurations.ExistingConfiguration;

/**
 * Existing configurations of Apache: after following all advice, challenges are answered for every name. Directives
 * that the printed lines cannot override are reported with file and line.
 */
class ApacheExistingConfigurationTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final List<String> NAMES = List.of("www.example.org", "web0.example.org", "web2.example.org");

    @TempDir
    private Path folder;

    /** The selection of a virtual host does not depend on how challenges are answered, so one kind is enough for it. */
    static Stream<Arguments> all() {
        Stream<Arguments> selections = ApacheConfigurations.virtualHostSelection()
                .map(configuration -> Arguments.of(ServerKind.APACHE_FILES, configuration));
        Stream<Arguments> others = Stream.of(ServerKind.APACHE_FILES, ServerKind.APACHE_PROXY)
                .flatMap(kind -> Stream.concat(
                                ApacheConfigurations.accessControl(), ApacheConfigurations.earlierDirectives())
                        .map(configuration -> Arguments.of(kind, configuration)));
        Stream<Arguments> proxied = ApacheConfigurations.otherProxies()
                .map(configuration -> Arguments.of(ServerKind.APACHE_PROXY, configuration));
        return Stream.of(selections, others, proxied).flatMap(arguments -> arguments);
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("all")
    void answersChallengesAfterAllAdviceIsFollowed(ServerKind kind, ExistingConfiguration existing) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 86, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path home = servers.folderOf(0);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(home.resolve("more.conf"), "ServerAlias www.example.org\n");
            servers.startWith(0, kind, filledIn(existing.text(), servers));
            servers.webServer(0).orElseThrow().close();
            servers.holdToken(0, HELD);
            AdviceFollower follower = new AdviceFollower(folder, servers, kind);
            String reportedLine = filledIn(existing.reportedLine(), servers);

            String advice = follower.run("--fragment").output();

            assertThat(AdviceFollower.unpreparedHosts(advice)).as(advice).hasSize(existing.unprepared());
            assertThat(AdviceFollower.problems(advice)).as(advice).hasSize(reportedLine.isEmpty() ? 0 : 1);
            if (reportedLine.isEmpty()) {
                follower.addLines(advice);
            } else {
                int line = Files.readAllLines(follower.mainFile()).indexOf(reportedLine) + 1;
                assertThat(AdviceFollower.problems(advice).getFirst())
                        .contains(follower.mainFile() + ":" + line + "  ");
                if (existing.replacement().startsWith("<VirtualHost")) {
                    follower.change(reportedLine, filledIn(existing.replacement(), servers));
                    follower.addLines(advice);
                } else {
                    follower.addLines(advice);
                    assertThat(unanswered(servers, follower))
                            .as("the reported line is a real problem")
                            .isNotEmpty();
                    follower.change(reportedLine, filledIn(existing.replacement(), servers));
                }
            }
            assertThat(unanswered(servers, follower)).isEmpty();
            assertThat(follower.run("--fragment").output())
                    .contains("# No other virtual host of apache needs to be changed.");
        }
    }

    private static List<String> unanswered(WebServers servers, AdviceFollower follower) throws Exception {
        try (ServerProduct.Running _ =
                ServerProduct.APACHE.start(follower.mainFile(), servers.address(0), servers.port())) {
            return NAMES.stream()
                    .map(name -> name + ": " + body(servers, name))
                    .filter(answer -> !answer.endsWith(": " + HELD + "." + WebServers.THUMBPRINT))
                    .toList();
        }
    }

    private static String body(WebServers servers, String name) {
        try {
            return servers.get(0, name, HELD.path()).body();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String filledIn(String text, WebServers servers) {
        try {
            return text.replace("PORT", String.valueOf(servers.port()))
                    .replace("ADDRESS", servers.address(0).getHostAddress())
                    .replace("HOME", servers.folderOf(0).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
