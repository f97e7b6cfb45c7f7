package org.ringcert.it.web;

import static org.assertj.core.api.Assertions.assertThat;

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

/**
 * Whatever an administrator has in Apache's configuration: when all that was advised is done, challenges are answered
 * under every name; and what the printed lines cannot overcome is named by file and line.
 */
class ApacheSurroundingsTest {

    private static final Token HELD = new Token("held-on-this-server");
    private static final List<String> NAMES = List.of("www.example.org", "web0.example.org", "web2.example.org");

    @TempDir
    private Path folder;

    /**
     * Configuration of an administrator.
     *
     * @param lacking how many virtual hosts need the line
     * @param named the line that is named beside them; empty where none is
     * @param instead what the administrator makes of it then
     */
    record Surroundings(String what, String configuration, int lacking, String named, String instead) {

        @Override
        public String toString() {
            return what;
        }
    }

    private static Surroundings overcome(String what, int lacking, String configuration) {
        return new Surroundings(what, configuration, lacking, "", "");
    }

    private static Surroundings named(String what, int lacking, String named, String instead, String configuration) {
        return new Surroundings(what, configuration, lacking, named, instead);
    }

    /** A virtual host for www.example.org that sends everything to https, and has more. */
    private static String www(String more) {
        return """
                <VirtualHost *:PORT>
                ServerName www.example.org
                %s
                Redirect permanent / https://www.example.org/
                </VirtualHost>
                """.formatted(more.strip());
    }

    private static final String PASSWORD = """
            AuthType Basic
            AuthName "closed"
            Require valid-user
            """;

    private static Stream<Surroundings> whoTakesTheRequest() {
        return Stream.of(
                overcome("a macro", 1, """
                        LoadModule macro_module /usr/lib/apache2/modules/mod_macro.so
                        <Macro site $n $a>
                        # a comment, and a line \\
                          that goes on

                        ServerAdmin \\
                          hostmaster@example.org
                        <VirtualHost *:PORT>
                        ServerName $n
                        ServerAlias $a
                        Redirect permanent / https://$n/
                        </VirtualHost>
                        </Macro>
                        Use site blog.example.net www.example.org
                        Use site shop.example.net web2.example.org
                        """),
                overcome("a variable", 1, """
                        Define ALIASES "www.example.org other.example.net"
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        ServerAlias ${ALIASES}
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("a line that goes on, and quotation marks", 2, """
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        ServerAlias a.example.net \\
                            www.example.org
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        <VirtualHost *:PORT>
                        ServerName shop.example.net
                        ServerAlias "web2.example.org"
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("wildcards", 1, """
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        ServerAlias w?w.example.*
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("an alias in an included file", 1, """
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        Include HOME/more*.conf
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("a virtual host within a condition that holds, and one within one that does not", 1, """
                        <IfDefine !SOMETHING>
                        <IfModule mod_alias.c>
                        <VirtualHost *:PORT>
                        ServerName www.example.org
                        Redirect permanent / https://www.example.org/
                        </VirtualHost>
                        </IfModule>
                        </IfDefine>
                        <IfDefine SOMETHING>
                        <VirtualHost *:PORT>
                        ServerName web2.example.org
                        </VirtualHost>
                        </IfDefine>
                        """),
                overcome("another site's virtual host for the address", 1, """
                        <VirtualHost ADDRESS:PORT>
                        ServerName blog.example.net
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("another site's virtual host for the address and every port", 1, """
                        <VirtualHost ADDRESS>
                        ServerName blog.example.net
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overcome("one virtual host for the address and for all", 1, """
                        <VirtualHost ADDRESS:PORT *:PORT>
                        ServerName www.example.org
                        Redirect permanent / https://www.example.org/
                        </VirtualHost>
                        """),
                named("a virtual host without a port", 0, "<VirtualHost *>", "<VirtualHost *:PORT>", """
                        <VirtualHost *>
                        ServerName blog.example.net
                        </VirtualHost>
                        """));
    }

    private static Stream<Surroundings> whatIsClosed() {
        return Stream.of(
                overcome("a password for a Location", 1, www("<Location \"/\">\n" + PASSWORD + "</Location>")),
                overcome("a password for all", 0, "<Location \"/\">\n" + PASSWORD + "</Location>\n"),
                overcome(
                        "hidden files for all",
                        1,
                        "<LocationMatch \"/\\.\">\nRequire all denied\n</LocationMatch>\n" + www("")),
                overcome("a proxy for some", 1, "<Proxy *>\nRequire ip 10.0.0.0/8\n</Proxy>\n" + www("")),
                overcome(
                        "a proxy that is denied", 1, "<ProxyMatch \"http\">\nDeny from all\n</ProxyMatch>\n" + www("")),
                overcome("as of old", 1, www("""
                        <Location />
                        Order deny,allow
                        Deny from all
                        Satisfy all
                        </Location>
                        """)),
                overcome("files and folders", 1, """
                        <Files "*">
                        Require all denied
                        </Files>
                        <DirectoryMatch "^/">
                        Require all denied
                        Deny from all
                        </DirectoryMatch>
                        """ + www("""
                        <FilesMatch "^[^.]*$">
                        Order allow,deny
                        Deny from all
                        SetHandler server-status
                        </FilesMatch>
                        """)),
                overcome(
                        "methods", 1, www("<Location />\n<Limit GET POST>\nRequire all denied\n</Limit>\n</Location>")),
                overcome(
                        "a condition for all",
                        1,
                        "<If \"true\">\nRequire all denied\nDeny from all\n</If>\n" + www("")),
                overcome("rules switched off", 1, www("RewriteEngine off")),
                overcome("rules that are off", 1, www("<Location />\nRewriteEngine off\n</Location>")),
                overcome("https only", 1, www("<Location />\nSSLRequireSSL\n</Location>")),
                overcome("rules in a Location", 1, www("""
                        <Location />
                        RewriteEngine on
                        RewriteRule ^ https://www.example.org/ [R=301]
                        </Location>
                        """)),
                overcome("a proxy of its own", 1, www("""
                        RewriteEngine on
                        RewriteCond %{HTTPS} off
                        RewriteRule (.*) https://%{HTTP_HOST}$1 [R=301,L]
                        ProxyPass / http://127.0.0.1:1/
                        RedirectMatch ^/(.*) https://www.example.org/$1
                        <Location />
                        ProxyPass http://127.0.0.1:1/
                        </Location>
                        """)),
                overcome("conditions that leave challenges out", 1, www("""
                        <If "%{REQUEST_URI} !~ m#^/.well-known/acme-challenge/#">
                        Redirect / https://www.example.org/
                        </If>
                        <LocationMatch "^/(?!\\.well-known/acme-challenge/)">
                        RedirectMatch ^/(.*) https://www.example.org/$1
                        </LocationMatch>
                        <Location "/old">
                        Redirect permanent / https://www.example.org/
                        </Location>
                        <Location "/">
                        Redirect permanent /old https://www.example.org/new
                        </Location>
                        """)));
    }

    private static Stream<Surroundings> whatIsInTheWay() {
        String redirect = "Redirect / https://elsewhere.example.net/";
        return Stream.of(
                named("a condition", 1, redirect, "", www("<If \"%{HTTPS} != 'on'\">\n" + redirect + "\n</If>")),
                named("a condition for all", 0, redirect, "", "<If \"true\">\n" + redirect + "\n</If>\n"),
                named(
                        "the other case of a condition",
                        1,
                        redirect,
                        "",
                        www("<If \"false\">\n</If>\n<Else>\n" + redirect + "\n</Else>")),
                named("a Location", 1, redirect, "", www("<Location />\n" + redirect + "\n</Location>")),
                named(
                        "a Location with one argument",
                        1,
                        "Redirect permanent https://elsewhere.example.net/",
                        "",
                        www("<Location />\nRedirect permanent https://elsewhere.example.net/\n</Location>")),
                named(
                        "a pattern in a Location of all",
                        0,
                        "RedirectMatch 302 ^/\\.(.*) https://elsewhere.example.net/$1",
                        "",
                        "<LocationMatch ^/>\nRedirectMatch 302 ^/\\.(.*) https://elsewhere.example.net/$1\n</LocationMatch>\n"),
                named(
                        "rules switched off in a condition",
                        1,
                        "RewriteEngine off",
                        "",
                        www("<If \"true\">\nRewriteEngine off\n</If>")),
                named("a later condition", 1, "Deny from all", "", www("<If \"true\">\nDeny from all\n</If>")),
                named(
                        "a condition in a Location",
                        1,
                        "Deny from all",
                        "",
                        www("<Location />\n<If \"true\">\nDeny from all\n</If>\n</Location>")),
                named(
                        "rules of all before",
                        1,
                        "RewriteOptions InheritDownBefore",
                        "RewriteOptions InheritDown",
                        "RewriteEngine on\nRewriteOptions InheritDownBefore\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\n"
                                + www("")),
                named(
                        "rules of all before one",
                        1,
                        "RewriteOptions InheritBefore",
                        "",
                        "RewriteEngine on\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\n"
                                + www("RewriteOptions InheritBefore")),
                named(
                        "rules before the line",
                        0,
                        "RewriteRule ^ https://elsewhere.example.net/ [R=301]",
                        "",
                        www(
                                "RewriteEngine on\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\nInclude FRAGMENT")),
                named(
                        "a proxy before all rules",
                        1,
                        "ProxyPass / http://127.0.0.1:1/ mapping=encoded",
                        "ProxyPass /.well-known/acme-challenge/ ! mapping=encoded\nProxyPass / http://127.0.0.1:1/ mapping=encoded",
                        www("ProxyPass / http://127.0.0.1:1/ mapping=encoded")),
                named("mod_md", 1, "MDomain www.example.org", "", MD + "MDomain www.example.org\n" + www("")),
                named(
                        "mod_md's section",
                        1,
                        "<MDomainSet blog.example.net www.example.org>",
                        "<MDomainSet blog.example.net www.example.org>\nMDCAChallenges tls-alpn-01",
                        MD + "<MDomainSet blog.example.net www.example.org>\nMDRenewMode auto\n</MDomainSet>\n"
                                + www("ServerAlias blog.example.net")),
                overcome("the other case of a condition that lets challenges in", 1, www("""
                        <If "%{REQUEST_URI} =~ m#^/(shop|\\.well-known)#">
                        Require all granted
                        </If>
                        <Else>
                        Deny from all
                        </Else>
                        """)),
                named("the other case of a condition that is not for challenges", 1, "Deny from all", "", www("""
                        <If "%{REQUEST_URI} =~ m#^/(shop|\\.well-known)# && %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#">
                        Require all granted
                        </If>
                        <Else>
                        Deny from all
                        </Else>
                        """)),
                overcome("a branch for challenges alone", 1, www("""
                        <If "%{REQUEST_URI} =~ m#^/\\.well-known/acme-challenge/#">
                        </If>
                        <ElseIf "%{REQUEST_URI} =~ m#^/shop#">
                        Require all granted
                        </ElseIf>
                        <Else>
                        Redirect / https://elsewhere.example.net/
                        Deny from all
                        </Else>
                        """)),
                overcome("mod_md for others", 1, MD + "MDomain blog.example.net\n" + www("")));
    }

    private static Stream<Surroundings> whatIsBeforeTheDaemon() {
        String remote = "ProxyRemote * http://127.0.0.1:1";
        return Stream.of(
                named(
                        "another proxy",
                        1,
                        remote,
                        remote + "\nNoProxy .example.org example.org",
                        remote + "\n" + www("")),
                named("another proxy for one", 1, remote, "ProxyRemote https http://127.0.0.1:1", www(remote)),
                named("no proxy at all", 1, "ProxyBlock *", "ProxyBlock example.net", "ProxyBlock *\n" + www("")));
    }

    private static final String MD = """
            LoadModule md_module /usr/lib/apache2/modules/mod_md.so
            MDCertificateAuthority http://127.0.0.1:1/
            MDCertificateAgreement accepted
            ServerAdmin hostmaster@example.org
            """;

    /** Who takes a request hangs on the virtual hosts alone, so one way of answering is enough for that. */
    static Stream<Arguments> all() {
        Stream<Arguments> takers = whoTakesTheRequest().map(each -> Arguments.of(Kind.APACHE_FILES, each));
        Stream<Arguments> others = Stream.of(Kind.APACHE_FILES, Kind.APACHE_PROXY)
                .flatMap(kind -> Stream.concat(whatIsClosed(), whatIsInTheWay()).map(each -> Arguments.of(kind, each)));
        Stream<Arguments> proxied = whatIsBeforeTheDaemon().map(each -> Arguments.of(Kind.APACHE_PROXY, each));
        return Stream.of(takers, others, proxied).flatMap(each -> each);
    }

    @ParameterizedTest(name = "{1}, {0}")
    @MethodSource("all")
    void challengesAreAnsweredWhenAllIsDone(Kind kind, Surroundings surroundings) throws Exception {
        try (Servers servers = Servers.without(folder, 86, 3, "handoff = \"ring\"\nwatch = \"off\"")) {
            Path home = servers.home(0);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.writeString(home.resolve("more.conf"), "ServerAlias www.example.org\n");
            servers.startWith(0, kind, fitted(surroundings.configuration(), servers));
            servers.webServer(0).orElseThrow().close();
            servers.hold(0, HELD);
            Administrator administrator = new Administrator(folder, servers, kind);
            String named = fitted(surroundings.named(), servers);

            Administrator.Said said = administrator.web("--fragment");

            assertThat(said.lacking()).as(said.text()).hasSize(surroundings.lacking());
            assertThat(remarks(said)).as(said.text()).hasSize(named.isEmpty() ? 0 : 1);
            if (!named.isEmpty()) {
                int line = Files.readAllLines(administrator.mainFile()).indexOf(named) + 1;
                assertThat(remarks(said).getFirst()).contains(administrator.mainFile() + ":" + line + "  ");
                if (!surroundings.instead().startsWith("<VirtualHost")) {
                    administrator.cure(said);
                    assertThat(unanswered(servers, administrator))
                            .as("it is in the way, or it need not be named")
                            .isNotEmpty();
                    said = new Administrator.Said(0, "");
                }
                administrator.change(named, fitted(surroundings.instead(), servers));
            }
            administrator.cure(said);
            assertThat(unanswered(servers, administrator)).isEmpty();
            Administrator.Said then = administrator.web("--fragment");
            assertThat(then.text()).contains("# No other virtual host of apache needs to be changed.");
        }
    }

    private static List<String> remarks(Administrator.Said said) {
        return said.text()
                .lines()
                .filter(line -> line.startsWith("#   /"))
                .filter(line -> !line.matches("#   /\\S+  (\\S+ )?port [0-9, ]+: .*"))
                .toList();
    }

    private static List<String> unanswered(Servers servers, Administrator administrator) throws Exception {
        try (Make.Running _ = Make.APACHE.start(administrator.mainFile(), servers.address(0), servers.port())) {
            return NAMES.stream()
                    .map(name -> name + ": " + body(servers, name))
                    .filter(answer -> !answer.endsWith(": " + HELD + "." + Servers.THUMBPRINT))
                    .toList();
        }
    }

    private static String body(Servers servers, String name) {
        try {
            return servers.get(0, name, HELD.path()).body();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    private static String fitted(String text, Servers servers) {
        try {
            return text.replace("PORT", String.valueOf(servers.port()))
                    .replace("ADDRESS", servers.address(0).getHostAddress())
                    .replace("HOME", servers.home(0).toString());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
