package org.ringcert.daemon.snippets.apache;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;

/**
 * Domains that mod_md manages. It answers challenges for them itself, before everything else, and with 404 what it does
 * not know (md_http_challenge_pr in its mod_md.c); not so where it has been given the certificate's file, must not use
 * http-01, or does not renew.
 */
final class ManagedDomains {

    private static final String REMEDY =
            "mod_md answers challenges for these names itself, before all rules; take it out, or give it an MDCertificateFile, or write `MDCAChallenges tls-alpn-01`";

    private ManagedDomains() {}

    /** Those that have one of these names, each with its place, and what to do about it. */
    static List<String> of(List<Directive> main, Collection<Host> hosts, List<HostName> names) {
        List<String> found = new ArrayList<>();
        boolean elsewhere = isIdle(main);
        all(main).forEach(domain -> {
            if (!elsewhere && !isIdle(domain.inside()) && names.stream().anyMatch(name -> isOf(domain, hosts, name))) {
                found.add(domain.place() + "  " + domain.text() + ": " + REMEDY);
            }
        });
        return found;
    }

    private static Stream<Directive> all(List<Directive> directives) {
        return directives.stream()
                .flatMap(directive -> directive.is("mdomain", "mdomainset")
                        ? Stream.of(directive)
                        : directive.is("virtualhost") ? all(directive.inside()) : Stream.of());
    }

    private static boolean isIdle(List<Directive> directives) {
        return directives.stream()
                .anyMatch(directive -> directive.is("mdcertificatefile")
                        || (directive.is("mdcachallenges") && !directive.says("http-01"))
                        || (directive.is("mdrenewmode") && directive.says("manual")));
    }

    /** A virtual host of https with one of its names brings all its names into it, unless that is switched off. */
    private static boolean isOf(Directive domain, Collection<Host> hosts, HostName name) {
        Set<String> written = new HashSet<>();
        domain.words().forEach(word -> written.add(word.toLowerCase(Locale.ROOT)));
        return written.contains(name.value())
                || (!written.contains("manual")
                        && hosts.stream()
                                .filter(host -> host.names().contains(name.value())
                                        && host.inside().stream()
                                                .anyMatch(
                                                        directive -> directive.is("sslengine") && directive.says("on")))
                                .anyMatch(host -> host.names().stream().anyMatch(written::contains)));
    }
}
