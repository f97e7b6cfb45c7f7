package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Token;

/**
 * Checks the printed configurations for the known pitfalls of the one in "Clustering Let's Encrypt with Apache" (2019).
 */
class KnownPitfallsTest {

    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTICLE"})
    void avoidsAllPitfalls(ServerKind kind) throws Exception {
        try (WebServers servers = WebServers.withoutCa(folder, 88, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            servers.start(0, kind);
            checkUrlsAreRedirectedUnchanged(servers);
            checkOnlyConfiguredHostsAreRedirected(servers);
            checkTheMethodIsKept(servers);
            checkOnlyTokensAreServed(servers, kind);
            checkInvalidTokensAreNotPassedOn(servers);
            checkChallengesAreAnsweredForAnyHost(servers);
        }
    }

    @Test
    void redirectsOtherHostsIfConfigured() throws Exception {
        for (ServerKind kind : List.of(ServerKind.APACHE_FILES, ServerKind.NGINX_FILES, ServerKind.HAPROXY_PROXY)) {
            try (WebServers servers = WebServers.withoutCa(
                    Files.createDirectory(folder.resolve(kind.name())), 88, 2, "redirect-other-hosts = true")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                servers.start(0, kind);
                assertThat(servers.get(0, "blog.example.net:8080", "/a").location())
                        .contains("https://blog.example.net/a");
                assertThat(servers.get(0, "evil.example/@x", "/a").status()).isBetween(400, 404);
            }
        }
    }

    private static void checkUrlsAreRedirectedUnchanged(WebServers servers) throws Exception {
        for (String target : List.of(
                "/",
                "/a%20b%2Fc",
                "/a%20b%3Fc",
                "/a%20b%3Fc?x=%3F/%2F&y=a?b",
                "/a%25b%5cc%C3%A9?%",
                "/?next=https://other.example.net/",
                "//evil.example/x",
                "/a//b/../c/./d",
                "/.well-known/acme-challenge",
                "/.WELL-KNOWN/acme-challenge/held-on-this-server",
                "/Xwell-known/acme-challenge/held-on-this-server",
                "/.well-known/acme-challengeXheld-on-this-server")) {
            WebResponse response = servers.get(0, "www.example.org", target);
            assertThat(response.location()).as(target).contains("https://www.example.org" + target);
            assertThat(response.status()).as(target).isEqualTo(301);
        }
    }

    private static void checkOnlyConfiguredHostsAreRedirected(WebServers servers) throws Exception {
        String port = ":" + servers.port();
        for (String host : List.of(
                "www.example.org",
                "www.example.org" + port,
                "WWW.example.org",
                "www.example.org.",
                "web2.example.org")) {
            String name = host.contains("web2") ? "web2.example.org" : "www.example.org";
            assertThat(servers.get(0, host, "/login").location()).as(host).contains("https://" + name + "/login");
        }
        for (String host : List.of(
                "evil.example",
                "wwwxexample.org",
                "www.example.org.evil.example",
                "a.www.example.org",
                "www.example.org@evil.example")) {
            WebResponse response = servers.get(0, host, "/login");
            assertThat(response.status()).as(host).isIn(400, 404);
            assertThat(response.location()).as(host).isEmpty();
        }
        WebResponse absolute = servers.webServer(0).isPresent()
                ? request(servers, "GET http://evil.example/login HTTP/1.1", "www.example.org")
                : request(servers, "GET http://evil.example/login HTTP/1.1", "evil.example");
        assertThat(absolute.status()).isIn(400, 404);
        assertThat(request(servers, "GET http://www.example.org/a%2Fb?c HTTP/1.1", "www.example.org")
                        .location())
                .contains("https://www.example.org/a%2Fb?c");
    }

    private static void checkTheMethodIsKept(WebServers servers) throws Exception {
        WebResponse response = request(servers, "POST /login?a=b HTTP/1.1", "www.example.org");
        assertThat(response.status()).isEqualTo(308);
        assertThat(response.location()).contains("https://www.example.org/login?a=b");
        assertThat(request(servers, "HEAD /login HTTP/1.1", "www.example.org").status())
                .isEqualTo(301);
        WebResponse postedChallenge =
                request(servers, "POST " + CHALLENGES + "held-by-no-server-at-all HTTP/1.1", "www.example.org");
        assertThat(postedChallenge.status()).isEqualTo(405);
    }

    private static void checkOnlyTokensAreServed(WebServers servers, ServerKind kind) throws Exception {
        Path challenges = servers.store(0).resolve("challenges");
        Path secret = Files.writeString(servers.store(0).resolve("a-secret-of-the-store"), "SECRET");
        Files.createSymbolicLink(challenges.resolve("link-out-of-the-folder"), secret);
        servers.holdToken(0, new Token("held-on-this-server"));
        Files.createSymbolicLink(challenges.resolve("link-within-the-folder"), Path.of("held-on-this-server"));
        Path subfolder = Files.createDirectories(challenges.resolve("sub-folder-like-a-token"));
        Files.writeString(subfolder.resolve("in-a-sub-folder-of-it"), "SECRET");
        Files.writeString(challenges.resolve("short"), "SECRET");
        Files.writeString(challenges.resolve(".hidden-like-a-token"), "SECRET");
        Files.writeString(challenges.resolve("with-an-extension.html"), "SECRET");

        for (String name : List.of("link-out-of-the-folder", "link-within-the-folder", "sub-folder-like-a-token")) {
            WebResponse response = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(response.status()).as(name).isEqualTo(302);
            assertThat(response.location()).as(name).contains(redirectToNextServer(servers, name));
            assertThat(servers.get(0, "www.example.org", CHALLENGES + name + "?left=")
                            .status())
                    .as(name)
                    .isEqualTo(404);
        }
        for (String name : List.of(
                "short",
                ".hidden-like-a-token",
                "with-an-extension.html",
                "sub-folder-like-a-token/",
                "sub-folder-like-a-token/in-a-sub-folder-of-it",
                "held-on-this-server/",
                "held-on-this-server%0a",
                "held-on-this-server%00",
                "held-on-this-server%2e",
                "..%2fa-secret-of-the-store",
                "%2e%2e/a-secret-of-the-store")) {
            WebResponse response = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(response.body()).as(name).doesNotContain("SECRET").doesNotContain(WebServers.THUMBPRINT);
            assertThat(response.location().orElse("")).as(name).doesNotContain("left=");
            assertThat(response.status()).as(name).isNotEqualTo(200);
        }
        WebResponse held = servers.get(0, "www.example.org", CHALLENGES + "held-on-this-server");
        assertThat(held.status()).isEqualTo(200);
        assertThat(held.body()).isEqualTo("held-on-this-server." + WebServers.THUMBPRINT);
        assertThat(held.field("Content-Type").orElse("")).as("%s", kind).startsWith("text/plain");
        assertThat(held.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(held.field("Cache-Control")).contains("no-store");
    }

    private static void checkInvalidTokensAreNotPassedOn(WebServers servers) throws Exception {
        for (String name : List.of(
                "",
                "?left=web1.example.org",
                "x",
                "fifteen-letters",
                "x".repeat(257),
                "%3Cscript%3Ealert(1)%3C/script%3E",
                "token-with-a-dot.in-it",
                "token%20with%20blanks%20in",
                "token%3fleft=web1.example.org",
                "token-with%0d%0aX-Evil:%20yes",
                "token-with-%c3%a9-in-it")) {
            WebResponse response = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(response.status()).as(name).isEqualTo(404);
            assertThat(response.body()).as(name).doesNotContain("alert(1)");
            assertThat(response.field("X-Evil")).isEmpty();
        }
        List<String> longest = new ArrayList<>(List.of("x".repeat(256), "sixteen-letters_"));
        for (String name : longest) {
            assertThat(servers.get(0, "www.example.org", CHALLENGES + name).location())
                    .contains(redirectToNextServer(servers, name));
        }
    }

    private static void checkChallengesAreAnsweredForAnyHost(WebServers servers) throws Exception {
        for (String host : List.of("www.example.org", "web0.example.org", "evil.example", "10.0.0.1:81")) {
            assertThat(servers.get(0, host, CHALLENGES + "held-on-this-server").status())
                    .isEqualTo(200);
            assertThat(servers.get(0, host, CHALLENGES + "held-by-no-server-at-all")
                            .location())
                    .contains(redirectToNextServer(servers, "held-by-no-server-at-all"));
        }
    }

    private static String redirectToNextServer(WebServers servers, String token) {
        return "http://web1.example.org:" + servers.port() + CHALLENGES + token + "?left=web2.example.org";
    }

    private static WebResponse request(WebServers servers, String line, String host) throws Exception {
        return WebResponse.send(
                servers.address(0), servers.port(), line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
}
