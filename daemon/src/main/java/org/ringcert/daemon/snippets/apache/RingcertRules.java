package org.ringcert.daemon.snippets.apache;

import java.util.List;
import org.ringcert.daemon.snippets.ServingMode;

/**
 * Ringcert's rules in a virtual host, as far as they are there. Immutable.
 *
 * @param host all directives of the virtual host
 */
record RingcertRules(List<ApacheDirective> host) {

    RingcertRules {
        host = List.copyOf(host);
    }

    /** Returns whether the rules pass challenges on to the daemon, or may do so once they are there. */
    boolean mayUseDaemon() {
        List<ApacheDirective> rules = host.stream()
                .filter(directive -> directive.is("rewriterule") && directive.mentions("acme-challenge"))
                .toList();
        return rules.isEmpty() || rules.stream().anyMatch(RingcertRules::isProxyRule);
    }

    /** Returns the URL that the rules use for the daemon, or else the usual one. */
    String daemonUrl() {
        return host.stream()
                .filter(RingcertRules::isProxyRule)
                .map(rule -> rule.word(1).replaceAll("\\$.*", ""))
                .filter(url -> url.matches("http://[^%$]+"))
                .findFirst()
                .orElse("http://" + ServingMode.USUAL_DAEMON_ADDRESS);
    }

    /** Returns whether the section that grants access has {@code Satisfy any}. */
    boolean haveSatisfyAny() {
        return host.stream()
                .filter(ChallengePath::grantsAccess)
                .anyMatch(section -> section.inside().stream()
                        .anyMatch(directive -> directive.is("satisfy") && directive.hasWord("any")));
    }

    private static boolean isProxyRule(ApacheDirective rule) {
        return rule.is("rewriterule")
                && rule.mentions("acme-challenge")
                && rule.word(2).matches("\\[(.*,)?P(,.*)?\\]");
    }
}
