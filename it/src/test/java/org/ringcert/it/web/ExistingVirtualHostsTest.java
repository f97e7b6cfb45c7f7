package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Token;
import org.ringcert.daemon.cli.Ringcert;
import org.ringcert.daemon.demo.ChildProcess;

/** Sites that have virtual hosts of their own, which send everything to https: the command finds them, and the line that it prints cures them. */
class ExistingVirtualHostsTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final Token UNKNOWN = new Token("held-by-no-server-at-all");
    private static final Pattern LINE = Pattern.compile("(?mi)^# {5}(include .*)$");
    private static final Pattern PLACE = Pattern.compile("(?m)^# {3}(/.*):([0-9]+)  port ([0-9]+): (.*)$");

    private static final String APACHE = """
            Listen HTTPS
            <VirtualHost *:PORT>
                ServerName www.example.org
                ServerAlias example.org
                Redirect permanent / https://www.example.org/
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName shop.example.org
                RewriteEngine on
                RewriteRule ^(.*)$ https://shop.example.org$1 [R=301,L]
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName any.example.com
                ServerAlias *.example.org
                Redirect permanent / https://www.example.org/
            </VirtualHost>
            <VirtualHost *:PORT>
                ServerName blog.example.net
                Redirect permanent / https://blog.example.net/
            </VirtualHost>
            <VirtualHost *:HTTPS>
                ServerName www.example.org
                Redirect permanent / https://www.example.org/new/
            </VirtualHost>
            """;

    private static final String NGINX = """
            server {
                listen PORT;
                server_name www.example.org example.org;
                return 301 https://$host$request_uri;
            }
            server {
                listen PORT; server_name shop.example.org;
                if ($host = shop.example.org) {
                    return 301 https://$host$request_uri; # of another program
                }
                return 404;
            }
            server {
                listen PORT;
                server_name *.example.org;
                rewrite ^ https://www.example.org$request_uri? permanent;
            }
            server {
                listen PORT;
                server_name blog.example.net;
                return 301 https://$host$request_uri;
            }
            server {
                listen HTTPS;
                server_name "www.example.org";
                location ~ /\\. { deny all; }
                location / { return 301 https://www.example.org/new$request_uri; }
            }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = {"APACHE_FILES", "APACHE_PROXY", "NGINX_FILES", "NGINX_PROXY"})
    void areFoundAndCuredByThePrintedLine(Kind kind) throws Exception {
        Make make = kind.make().orElseThrow();
        try (Servers servers = Servers.without(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            String own = (make == Make.APACHE ? APACHE : NGINX)
                    .replace("PORT", String.valueOf(servers.port()))
                    .replace("HTTPS", String.valueOf(servers.httpsPort()));
            servers.startWith(0, kind, own);
            Path main = servers.home(0).resolve(make == Make.APACHE ? "apache2.conf" : "nginx.conf");
            servers.hold(0, HELD);
            for (String host : List.of("www.example.org", "web2.example.org")) {
                assertThat(servers.get(0, host, HELD.path()).location().orElse(""))
                        .startsWith("https://");
            }

            String said = advice(servers, kind, main);

            assertThat(PLACE.matcher(said).results().map(match -> match.group(4)))
                    .as(said)
                    .containsExactlyInAnyOrder(
                            "www.example.org example.org",
                            make == Make.APACHE ? "any.example.com *.example.org" : "*.example.org",
                            "www.example.org");
            cure(said, main, servers.home(0).resolve("ringcert-challenges.conf"));
            servers.webServer(0).orElseThrow().close();
            try (Make.Running _ = make.start(main, servers.address(0), servers.port())) {
                for (int port : List.of(servers.port(), servers.httpsPort())) {
                    Reply held = Reply.get(servers.address(0), port, "www.example.org", HELD.path());
                    assertThat(held.body()).isEqualTo(HELD + "." + Servers.THUMBPRINT);
                    Reply unknown = Reply.get(servers.address(0), port, "www.example.org", UNKNOWN.path());
                    assertThat(unknown.location().orElse(""))
                            .startsWith("http://web1.example.org:")
                            .endsWith("?left=web2.example.org");
                    assertThat(Reply.get(servers.address(0), port, "www.example.org", "/a?b")
                                    .location()
                                    .orElse(""))
                            .startsWith("https://www.example.org/")
                            .endsWith("a?b");
                }
                assertThat(servers.get(0, "web2.example.org", HELD.path()).status())
                        .isEqualTo(200);
                assertThat(advice(servers, kind, main)).contains("# No other virtual host of " + make.label());
            }
        }
    }

    @Test
    void ofHaproxy_areCuredByTheTwoLinesOfTheFragment() throws Exception {
        try (Servers servers = Servers.without(folder, 90, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Kind kind = Kind.HAPROXY_PROXY;
            servers.start(0, kind);
            servers.hold(0, HELD);
            servers.webServer(0).orElseThrow().close();
            String fragment = servers.print(0, kind, "--fragment");
            List<String> lines = fragment.lines()
                    .filter(line -> line.startsWith("#     "))
                    .map(line -> line.substring(6))
                    .toList();
            String own = """
                    frontend web
                        mode http
                        timeout client 30s
                        bind %s:%d
                        CURE
                        http-request redirect scheme https code 301
                    """.formatted(servers.address(0).getHostAddress(), servers.port());
            for (boolean cured : new boolean[] {false, true}) {
                String text = own.replace("CURE", cured ? lines.get(0) : "# nothing")
                        + (cured ? "    " + lines.get(1) + "\n" : "")
                        + fragment;
                Path file = kind.make().orElseThrow().write(servers.home(0), text);
                try (Make.Running _ = Make.HAPROXY.start(file, servers.address(0), servers.port())) {
                    assertThat(servers.get(0, "www.example.org", HELD.path()).status())
                            .isEqualTo(cured ? 200 : 301);
                    assertThat(servers.get(0, "www.example.org", "/a").status()).isEqualTo(301);
                }
            }
        }
    }

    /** What the command says, in a process of its own, whose web server has the test's main file instead of the machine's. */
    private String advice(Servers servers, Kind kind, Path main) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        String program = kind.make().orElseThrow() == Make.APACHE ? "apache2 -f" : "nginx -c";
        for (String name : List.of("apachectl", "nginx")) {
            Path script = bin.resolve(name);
            Files.writeString(script, "#!/bin/sh\nexec /usr/sbin/" + program + " '" + main + "' \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        ChildProcess command = ChildProcess.start(
                "ringcert web",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Ringcert.class.getName(),
                        "web",
                        kind.make().orElseThrow().label(),
                        "--fragment",
                        "--config",
                        servers.configure(0, kind).toString(),
                        "--node",
                        "web0",
                        "--store",
                        servers.store(0).toString()),
                Map.of("PATH", bin + ":" + System.getenv("PATH")),
                Files.createTempFile(folder, "advice", ".txt"));
        assertThat(command.awaitExit(Duration.ofMinutes(1)))
                .as(command.output())
                .isZero();
        return command.output();
    }

    /** Writes the line below each place, the last first, so that the others keep their numbers. */
    private static void cure(String said, Path main, Path fragment) throws IOException {
        Matcher line = LINE.matcher(said.substring(said.indexOf("and do not answer challenges yet")));
        assertThat(line.find()).isTrue();
        String include = line.group(1).replaceAll("/etc/\\S+ringcert-challenges.conf", fragment.toString());
        List<String> lines = new ArrayList<>(Files.readAllLines(main));
        PLACE.matcher(said)
                .results()
                .map(match -> Integer.parseInt(match.group(2)))
                .sorted(Comparator.reverseOrder())
                .forEach(number -> lines.add(number, include));
        Files.write(main, lines);
    }
}
