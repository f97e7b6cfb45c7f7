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
 * Finds the domains that mod_md manages. It answers challenges for them itself, before everything else, and answers 404
 * for tokens that it does not know (md_http_challenge_pr in its mod_md.c). This does not apply if it has been given the
 * certificate's file, may not use http-01, or does not renew.
 */
final class ManagedDomains {

    private static final String REMEDY =
            "mod_md answers challenges for these names itself, before all rules; remove this, or give it an MDCertificateFile, or write `MDCAChallenges tls-alpn-01`";

    private ManagedDomains() {}

    /** Returns the managed domains that have one of these names, each with its position and what to do. */
    static List<String> of(List<ApacheDirective> main, Collection<VirtualHost> hosts, List<HostName> names) {
        List<String> problems = new ArrayList<>();
        boolean allDisabled = isDisabled(main);
        all(main).forEach(domain -> {
            if (!allDisabled
                    && !isDisabled(domain.inside())
                    && names.stream().anyMatch(name -> contains(domain, hosts, name))) {
                problems.add(domain.position() + "  " + domain.text() + ": " + REMEDY);
            }
        });
        return problems;
    }

    private static Stream<ApacheDirective> all(List<ApacheDirective> directives) {
        return directives.stream()
                .flatMap(directive -> directive.is("mdomain", "mdomainset")
                        ? Stream.of(directive)
                        : directive.is("virtualhost") ? all(directive.inside()) : Stream.of());
    }

    private static boolean isDisabled(List<ApacheDirective> directives) {
        return directives.stream()
                .anyMatch(directive -> directive.is("mdcertificatefile")
                        || (directive.is("mdcachallenges") && !directive.hasWord("http-01"))
                        || (directive.is("mdrenewmode") && directive.hasWord("manual")));
    }

    /**
     * An https virtual host that has one of the domain's names adds all its names to the domain, unless that is turned
     * off.
     */
    private static boolean contains(ApacheDirective domain, Collection<VirtualHost> hosts, HostName name) {
        Set<String> written = new HashSet<>();
        domain.words().forEach(word -> written.add(word.toLowerCase(Locale.ROOT)));
        return written.contains(name.value())
                || (!written.contains("manual")
                        && hosts.stream()
                                .filter(host -> host.names().contains(name.value())
                                        && host.inside().stream()
                                                .anyMatch(directive ->
                                                        directive.is("sslengine") && directive.hasWord("on")))
                                .anyMatch(host -> host.names().stream().anyMatch(written::contains)));
    }
}
