package org.ringcert.it.web;

import java.util.stream.Stream;

/**
 * Configurations of Apache as administrators write them. {@code PORT}, {@code ADDRESS}, {@code HOME} and
 * {@code FRAGMENT} are placeholders.
 */
final class ApacheConfigurations {

    private ApacheConfigurations() {}

    /**
     * A configuration that an administrator has written.
     *
     * @param unprepared the number of virtual hosts that need Ringcert's line
     * @param reportedLine the line that is reported in addition; empty if none is
     * @param replacement what the administrator replaces that line with
     */
    record ExistingConfiguration(String title, String text, int unprepared, String reportedLine, String replacement) {

        @Override
        public String toString() {
            return title;
        }
    }

    private static ExistingConfiguration overruled(String title, int unprepared, String configuration) {
        return new ExistingConfiguration(title, configuration, unprepared, "", "");
    }

    private static ExistingConfiguration reported(
            String title, int unprepared, String reportedLine, String replacement, String configuration) {
        return new ExistingConfiguration(title, configuration, unprepared, reportedLine, replacement);
    }

    /** Returns a virtual host for www.example.org with these directives and a redirect of everything to https. */
    private static String www(String directives) {
        return """
                <VirtualHost *:PORT>
                ServerName www.example.org
                %s
                Redirect permanent / https://www.example.org/
                </VirtualHost>
                """.formatted(directives.strip());
    }

    private static final String PASSWORD = """
            AuthType Basic
            AuthName "closed"
            Require valid-user
            """;

    static Stream<ExistingConfiguration> virtualHostSelection() {
        return Stream.of(
                overruled("a macro", 1, """
                        LoadModule macro_module /usr/lib/apache2/modules/mod_macro.so
                        <Macro site $n $a>
                        # a comment, and a line \\
                          that continues

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
                overruled("a variable", 1, """
                        Define ALIASES "www.example.org other.example.net"
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        ServerAlias ${ALIASES}
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overruled("a continued line, and quotation marks", 2, """
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
                overruled("wildcards", 1, """
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        ServerAlias w?w.example.*
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overruled("an alias in an included file", 1, """
                        <VirtualHost *:PORT>
                        ServerName blog.example.net
                        Include HOME/more*.conf
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overruled("a virtual host within a condition that holds, and one within one that does not", 1, """
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
                overruled("another site's virtual host for the address", 1, """
                        <VirtualHost ADDRESS:PORT>
                        ServerName blog.example.net
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overruled("another site's virtual host for the address and all ports", 1, """
                        <VirtualHost ADDRESS>
                        ServerName blog.example.net
                        Redirect permanent / https://blog.example.net/
                        </VirtualHost>
                        """),
                overruled("one virtual host for the address and for all", 1, """
                        <VirtualHost ADDRESS:PORT *:PORT>
                        ServerName www.example.org
                        Redirect permanent / https://www.example.org/
                        </VirtualHost>
                        """),
                reported("a virtual host without a port", 0, "<VirtualHost *>", "<VirtualHost *:PORT>", """
                        <VirtualHost *>
                        ServerName blog.example.net
                        </VirtualHost>
                        """));
    }

    static Stream<ExistingConfiguration> accessControl() {
        return Stream.of(
                overruled("a password for a Location", 1, www("<Location \"/\">\n" + PASSWORD + "</Location>")),
                overruled("a password for all", 0, "<Location \"/\">\n" + PASSWORD + "</Location>\n"),
                overruled(
                        "denied hidden files for all",
                        1,
                        "<LocationMatch \"/\\.\">\nRequire all denied\n</LocationMatch>\n" + www("")),
                overruled("restricted access to a proxy", 1, "<Proxy *>\nRequire ip 10.0.0.0/8\n</Proxy>\n" + www("")),
                overruled(
                        "denied access to a proxy",
                        1,
                        "<ProxyMatch \"http\">\nDeny from all\n</ProxyMatch>\n" + www("")),
                overruled("access control by mod_access_compat", 1, www("""
                        <Location />
                        Order deny,allow
                        Deny from all
                        Satisfy all
                        </Location>
                        """)),
                overruled("denied files and folders", 1, """
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
                overruled(
                        "denied methods",
                        1,
                        www("<Location />\n<Limit GET POST>\nRequire all denied\n</Limit>\n</Location>")),
                overruled(
                        "a condition for all",
                        1,
                        "<If \"true\">\nRequire all denied\nDeny from all\n</If>\n" + www("")),
                overruled("rules switched off", 1, www("RewriteEngine off")),
                overruled("rules switched off in a Location", 1, www("<Location />\nRewriteEngine off\n</Location>")),
                overruled("https only", 1, www("<Location />\nSSLRequireSSL\n</Location>")),
                overruled("rules in a Location", 1, www("""
                        <Location />
                        RewriteEngine on
                        RewriteRule ^ https://www.example.org/ [R=301]
                        </Location>
                        """)),
                overruled("a proxy of its own", 1, www("""
                        RewriteEngine on
                        RewriteCond %{HTTPS} off
                        RewriteRule (.*) https://%{HTTP_HOST}$1 [R=301,L]
                        ProxyPass / http://127.0.0.1:1/
                        RedirectMatch ^/(.*) https://www.example.org/$1
                        <Location />
                        ProxyPass http://127.0.0.1:1/
                        </Location>
                        """)),
                overruled("conditions that exclude challenges", 1, www("""
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

    static Stream<ExistingConfiguration> earlierDirectives() {
        String redirect = "Redirect / https://elsewhere.example.net/";
        return Stream.of(
                reported("a condition", 1, redirect, "", www("<If \"%{HTTPS} != 'on'\">\n" + redirect + "\n</If>")),
                reported("a condition for all", 0, redirect, "", "<If \"true\">\n" + redirect + "\n</If>\n"),
                reported(
                        "the else branch of a condition",
                        1,
                        redirect,
                        "",
                        www("<If \"false\">\n</If>\n<Else>\n" + redirect + "\n</Else>")),
                reported("a Location", 1, redirect, "", www("<Location />\n" + redirect + "\n</Location>")),
                reported(
                        "a Location with one argument",
                        1,
                        "Redirect permanent https://elsewhere.example.net/",
                        "",
                        www("<Location />\nRedirect permanent https://elsewhere.example.net/\n</Location>")),
                reported(
                        "a pattern in a Location for all",
                        0,
                        "RedirectMatch 302 ^/\\.(.*) https://elsewhere.example.net/$1",
                        "",
                        "<LocationMatch ^/>\nRedirectMatch 302 ^/\\.(.*) https://elsewhere.example.net/$1\n</LocationMatch>\n"),
                reported(
                        "rules switched off in a condition",
                        1,
                        "RewriteEngine off",
                        "",
                        www("<If \"true\">\nRewriteEngine off\n</If>")),
                reported("a later condition", 1, "Deny from all", "", www("<If \"true\">\nDeny from all\n</If>")),
                reported(
                        "a condition in a Location",
                        1,
                        "Deny from all",
                        "",
                        www("<Location />\n<If \"true\">\nDeny from all\n</If>\n</Location>")),
                reported(
                        "rules of the main server before those of all virtual hosts",
                        1,
                        "RewriteOptions InheritDownBefore",
                        "RewriteOptions InheritDown",
                        "RewriteEngine on\nRewriteOptions InheritDownBefore\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\n"
                                + www("")),
                reported(
                        "rules of the main server before those of one virtual host",
                        1,
                        "RewriteOptions InheritBefore",
                        "",
                        "RewriteEngine on\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\n"
                                + www("RewriteOptions InheritBefore")),
                reported(
                        "rules before the line",
                        0,
                        "RewriteRule ^ https://elsewhere.example.net/ [R=301]",
                        "",
                        www(
                                "RewriteEngine on\nRewriteRule ^ https://elsewhere.example.net/ [R=301]\nInclude FRAGMENT")),
                reported(
                        "a proxy before all rules",
                        1,
                        "ProxyPass / http://127.0.0.1:1/ mapping=encoded",
                        "ProxyPass /.well-known/acme-challenge/ ! mapping=encoded\nProxyPass / http://127.0.0.1:1/ mapping=encoded",
                        www("ProxyPass / http://127.0.0.1:1/ mapping=encoded")),
                reported("mod_md", 1, "MDomain www.example.org", "", MD + "MDomain www.example.org\n" + www("")),
                reported(
                        "mod_md's section",
                        1,
                        "<MDomainSet blog.example.net www.example.org>",
                        "<MDomainSet blog.example.net www.example.org>\nMDCAChallenges tls-alpn-01",
                        MD + "<MDomainSet blog.example.net www.example.org>\nMDRenewMode auto\n</MDomainSet>\n"
                                + www("ServerAlias blog.example.net")),
                overruled("the else branch of a condition that grants access to challenges", 1, www("""
                        <If "%{REQUEST_URI} =~ m#^/(shop|\\.well-known)#">
                        Require all granted
                        </If>
                        <Else>
                        Deny from all
                        </Else>
                        """)),
                reported(
                        "the else branch of a condition that does not cover challenges",
                        1,
                        "Deny from all",
                        "",
                        www("""
                        <If "%{REQUEST_URI} =~ m#^/(shop|\\.well-known)# && %{REQUEST_URI} !~ m#^/\\.well-known/acme-challenge/#">
                        Require all granted
                        </If>
                        <Else>
                        Deny from all
                        </Else>
                        """)),
                overruled("a branch for challenges alone", 1, www("""
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
                overruled("mod_md for other names", 1, MD + "MDomain blog.example.net\n" + www("")));
    }

    static Stream<ExistingConfiguration> otherProxies() {
        String remote = "ProxyRemote * http://127.0.0.1:1";
        return Stream.of(
                reported(
                        "another proxy",
                        1,
                        remote,
                        remote + "\nNoProxy .example.org example.org",
                        remote + "\n" + www("")),
                reported(
                        "another proxy for one virtual host",
                        1,
                        remote,
                        "ProxyRemote https http://127.0.0.1:1",
                        www(remote)),
                reported(
                        "all proxying blocked",
                        1,
                        "ProxyBlock *",
                        "ProxyBlock example.net",
                        "ProxyBlock *\n" + www("")));
    }

    private static final String MD = """
            LoadModule md_module /usr/lib/apache2/modules/mod_md.so
            MDCertificateAuthority http://127.0.0.1:1/
            MDCertificateAgreement accepted
            ServerAdmin hostmaster@example.org
            """;
}
