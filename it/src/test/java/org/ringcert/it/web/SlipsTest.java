package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ringcert.challenge.Token;

/** What went wrong with the article's configuration, tried on each that is printed. */
class SlipsTest {

    private static final String CHALLENGES = "/.well-known/acme-challenge/";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ARTICLE"})
    void noneIsRepeated(Kind kind) throws Exception {
        try (Servers servers = Servers.without(folder, 88, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            servers.start(0, kind);
            ordinaryUrlsReachTheRedirectUnharmed(servers);
            onlyHostsOfTheConfigurationAreRedirected(servers);
            theMethodStays(servers);
            onlyTokensAreServed(servers, kind);
            whatIsNoTokenIsNotHandedOn(servers);
            challengesAreAnsweredWhateverTheHost(servers);
        }
    }

    @Test
    void otherHostsAreRedirectedWhereThatIsWanted() throws Exception {
        for (Kind kind : List.of(Kind.APACHE_FILES, Kind.NGINX_FILES, Kind.HAPROXY_PROXY)) {
            try (Servers servers = Servers.without(
                    Files.createDirectory(folder.resolve(kind.name())), 88, 2, "redirect-other-hosts = true")) {
                Files.setPosixFilePermissions(
                        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
                servers.start(0, kind);
                assertThat(servers.get(0, "blog.example.net:8080", "/a").location())
                        .contains("https://blog.example.net/a");
                assertThat(servers.get(0, "evil.example/@x", "/a").status()).isBetween(400, 404);
            }
        }
    }

    private static void ordinaryUrlsReachTheRedirectUnharmed(Servers servers) throws Exception {
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
            Reply reply = servers.get(0, "www.example.org", target);
            assertThat(reply.location()).as(target).contains("https://www.example.org" + target);
            assertThat(reply.status()).as(target).isEqualTo(301);
        }
    }

    private static void onlyHostsOfTheConfigurationAreRedirected(Servers servers) throws Exception {
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
            Reply reply = servers.get(0, host, "/login");
            assertThat(reply.status()).as(host).isIn(400, 404);
            assertThat(reply.location()).as(host).isEmpty();
        }
        Reply absolute = servers.webServer(0).isPresent()
                ? request(servers, "GET http://evil.example/login HTTP/1.1", "www.example.org")
                : request(servers, "GET http://evil.example/login HTTP/1.1", "evil.example");
        assertThat(absolute.status()).isIn(400, 404);
        assertThat(request(servers, "GET http://www.example.org/a%2Fb?c HTTP/1.1", "www.example.org")
                        .location())
                .contains("https://www.example.org/a%2Fb?c");
    }

    private static void theMethodStays(Servers servers) throws Exception {
        Reply reply = request(servers, "POST /login?a=b HTTP/1.1", "www.example.org");
        assertThat(reply.status()).isEqualTo(308);
        assertThat(reply.location()).contains("https://www.example.org/login?a=b");
        assertThat(request(servers, "HEAD /login HTTP/1.1", "www.example.org").status())
                .isEqualTo(301);
        Reply posted = request(servers, "POST " + CHALLENGES + "held-by-no-server-at-all HTTP/1.1", "www.example.org");
        assertThat(posted.status()).isEqualTo(405);
    }

    private static void onlyTokensAreServed(Servers servers, Kind kind) throws Exception {
        Path challenges = servers.store(0).resolve("challenges");
        Path secret = Files.writeString(servers.store(0).resolve("a-secret-of-the-store"), "SECRET");
        Files.createSymbolicLink(challenges.resolve("link-out-of-the-folder"), secret);
        servers.hold(0, new Token("held-on-this-server"));
        Files.createSymbolicLink(challenges.resolve("link-within-the-folder"), Path.of("held-on-this-server"));
        Path sub = Files.createDirectories(challenges.resolve("sub-folder-like-a-token"));
        Files.writeString(sub.resolve("in-a-sub-folder-of-it"), "SECRET");
        Files.writeString(challenges.resolve("short"), "SECRET");
        Files.writeString(challenges.resolve(".hidden-like-a-token"), "SECRET");
        Files.writeString(challenges.resolve("with-an-extension.html"), "SECRET");

        for (String name : List.of("link-out-of-the-folder", "link-within-the-folder", "sub-folder-like-a-token")) {
            Reply reply = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(reply.status()).as(name).isEqualTo(302);
            assertThat(reply.location()).as(name).contains(next(servers, name));
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
            Reply reply = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(reply.body()).as(name).doesNotContain("SECRET").doesNotContain(Servers.THUMBPRINT);
            assertThat(reply.location().orElse("")).as(name).doesNotContain("left=");
            assertThat(reply.status()).as(name).isNotEqualTo(200);
        }
        Reply held = servers.get(0, "www.example.org", CHALLENGES + "held-on-this-server");
        assertThat(held.status()).isEqualTo(200);
        assertThat(held.body()).isEqualTo("held-on-this-server." + Servers.THUMBPRINT);
        assertThat(held.field("Content-Type").orElse("")).as("%s", kind).startsWith("text/plain");
        assertThat(held.field("X-Content-Type-Options")).contains("nosniff");
        assertThat(held.field("Cache-Control")).contains("no-store");
    }

    private static void whatIsNoTokenIsNotHandedOn(Servers servers) throws Exception {
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
            Reply reply = servers.get(0, "www.example.org", CHALLENGES + name);
            assertThat(reply.status()).as(name).isEqualTo(404);
            assertThat(reply.body()).as(name).doesNotContain("alert(1)");
            assertThat(reply.field("X-Evil")).isEmpty();
        }
        List<String> longest = new ArrayList<>(List.of("x".repeat(256), "sixteen-letters_"));
        for (String name : longest) {
            assertThat(servers.get(0, "www.example.org", CHALLENGES + name).location())
                    .contains(next(servers, name));
        }
    }

    private static void challengesAreAnsweredWhateverTheHost(Servers servers) throws Exception {
        for (String host : List.of("www.example.org", "web0.example.org", "evil.example", "10.0.0.1:81")) {
            assertThat(servers.get(0, host, CHALLENGES + "held-on-this-server").status())
                    .isEqualTo(200);
            assertThat(servers.get(0, host, CHALLENGES + "held-by-no-server-at-all")
                            .location())
                    .contains(next(servers, "held-by-no-server-at-all"));
        }
    }

    private static String next(Servers servers, String token) {
        return "http://web1.example.org:" + servers.port() + CHALLENGES + token + "?left=web2.example.org";
    }

    private static Reply request(Servers servers, String line, String host) throws Exception {
        return Reply.to(
                servers.address(0), servers.port(), line + "\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
}
