package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The problems of names, addresses and redirects. */
final class TargetProblems {

    private static final Pattern USER_INFO = Pattern.compile("//[^/?#]*@");

    static final String CNAME_REMEDY =
            "Correct the CNAME records: follow them from this name, and let the last one lead to"
                    + " a name that has addresses.";

    private TargetProblems() {}

    /** @param reason half a sentence that is not from outside */
    static Problem notUrl(UrlSource source, String url, String reason) {
        String quoted = "\"" + Excerpt.of(withoutPassword(url)) + "\" is not a URL that all CAs understand: " + reason;
        Problem problem = switch (source) {
            case START ->
                new Problem(
                        Rule.LOCATION,
                        quoted,
                        "",
                        "Correct the URL. Write its host name in ASCII and percent-encode every other character.");
            case REDIRECT ->
                new Problem(
                        Rule.LOCATION,
                        "the Location " + quoted,
                        "Invalid Location header in redirect",
                        "Correct the redirect in the web server's configuration. Write host names in ASCII and"
                                + " percent-encode every other character.");
        };
        return problem.withSummary("a URL is not one that all CAs understand: " + reason);
    }

    private static String withoutPassword(String url) {
        return USER_INFO.matcher(url).replaceFirst("//...@");
    }

    /** @param count how many Location headers there are */
    static Problem locationCount(int status, int count) {
        return new Problem(
                Rule.LOCATION,
                "a redirect with status " + status + " has "
                        + (count == 0 ? "no Location" : count == 1 ? "an empty Location" : count + " Locations"),
                "Invalid Location header in " + status + " redirect",
                "Correct the redirect in the configuration of the web server or of the application behind it.");
    }

    static Problem otherScheme(UrlSource source, String url, String scheme) {
        return new Problem(
                        Rule.TARGET_PORT,
                        switch (source) {
                            case START ->
                                "the URL \"" + Excerpt.of(withoutPassword(url))
                                        + "\" begins with neither http nor https";
                            case REDIRECT ->
                                "the redirect to \"" + Excerpt.of(withoutPassword(url))
                                        + "\" leads to neither http nor https";
                        },
                        "invalid protocol scheme: only \"http\" and \"https\" are supported, not \""
                                + Excerpt.of(scheme) + "\"",
                        "Let " + source.subject() + " begin with http:// or https://.")
                .withSummary("a redirect leads to neither http nor https");
    }

    static Problem otherPort(UrlSource source, String url, int port, ValidationRules rules) {
        String ports = rules.httpPort() + " or " + rules.httpsPort();
        return new Problem(
                        Rule.TARGET_PORT,
                        switch (source) {
                            case START -> "the URL " + url + " has port " + port;
                            case REDIRECT -> "the redirect to " + url + " leads to port " + port;
                        },
                        "invalid port " + port + ": must be " + ports,
                        switch (source) {
                            case START ->
                                "Nothing is wrong with the server: CAs go to port " + ports
                                        + " only. Trace the URL at such a" + " port.";
                            case REDIRECT -> "Let the redirect lead to port " + ports + ".";
                        })
                .withSummary("a redirect leads to port " + port);
    }

    /** @param reason half a sentence about the host */
    static Problem invalidHost(UrlSource source, String host, String reason) {
        return new Problem(
                        Rule.TARGET_HOST,
                        host(source, host) + ": " + reason,
                        invalidHostOfCas(host),
                        switch (source) {
                            case START ->
                                "Write a public host name in ASCII, without a dot at its end and without an underscore.";
                            case REDIRECT ->
                                "Let the redirect lead to a public host name in ASCII, without a dot at its end and without an"
                                        + " underscore.";
                        })
                .withSummary("a redirect leads to a host that CAs do not accept");
    }

    private static String host(UrlSource source, String host) {
        return source.subject()
                + switch (source) {
                    case START -> " has the host ";
                    case REDIRECT -> " leads to the host ";
                }
                + "\"" + Excerpt.of(host) + "\"";
    }

    private static String invalidHostOfCas(String host) {
        return "invalid host in redirect target \"" + Excerpt.of(host) + "\"";
    }

    static Problem missingSlash(UrlSource source, String host) {
        return new Problem(
                        Rule.TARGET_HOST,
                        host(source, host) + ", which swallowed the path",
                        invalidHostOfCas(host) + ": check webserver config for missing '/' in redirect target",
                        switch (source) {
                            case START -> "Write a slash between the name and the path.";
                            case REDIRECT ->
                                "Add a slash to the end of the redirect's target: `Redirect / https://NAME/` instead of"
                                        + " `Redirect / https://NAME`.";
                        })
                .withSummary("a redirect leads to a host that swallowed the path");
    }

    static Problem notPublicName(String host) {
        return new Problem(
                        Rule.TARGET_HOST,
                        host + " is not a public host name: it does not end in a public suffix such as .com or .org",
                        "invalid host: must end in IANA registered TLD",
                        "Give the server a name of the public DNS. If it is the name of a node, change it in the configuration"
                                + " on every server; the name of the node need not be that of the machine.")
                .withSummary(
                        "a URL has a host that is not public: it does not end in a public suffix such as .com or .org");
    }

    static Problem ipAddressAsHost(UrlSource source, String host) {
        Problem problem = switch (source) {
            case START ->
                new Problem(
                        Rule.TARGET_HOST,
                        "the URL has the IP address " + host + " instead of a name",
                        "",
                        "A walk from here does not say what the DNS does. To see that, write a URL with a name.");
            case REDIRECT ->
                new Problem(
                        Rule.TARGET_HOST,
                        "the redirect leads to the IP address " + host + " instead of a name",
                        "",
                        "Let's Encrypt accepts this. Of other CAs it is not known, so let the redirect lead to a name.");
        };
        return problem.withSummary("a redirect leads to an IP address instead of a name");
    }

    /** @param kind the range to which the address belongs */
    static Problem specialLiteral(UrlSource source, InetAddress address, String kind) {
        return new Problem(
                        Rule.PUBLIC_ADDRESS,
                        source.subject()
                                + switch (source) {
                                    case START -> " has";
                                    case REDIRECT -> " leads to";
                                }
                                + " the address " + Excerpt.of(address) + ", which is not public: " + kind,
                        "invalid host in redirect target: it is not a public address",
                        switch (source) {
                            case START -> "CAs do not go there. Write a URL with a public name.";
                            case REDIRECT -> "Let the redirect lead to a public name.";
                        })
                .withSummary("a redirect leads to an address that is not public: " + kind);
    }

    /** @param kind the range to which the address belongs */
    static Problem specialAddress(String host, InetAddress address, String kind) {
        return new Problem(
                        Rule.PUBLIC_ADDRESS,
                        host + " has the address " + Excerpt.of(address) + ", which is not public: " + kind,
                        "no valid A or AAAA records found for " + host,
                        "Publish the server's public address. If the DNS says something else inside your network than outside,"
                                + " set `resolver` in [check] to a public resolver.")
                .withSummary("a host has an address that is not public: " + kind);
    }

    static Problem pathTooLong(UrlSource source, int bytes, int maxBytes) {
        return new Problem(
                Rule.TARGET_PATH,
                "the path of " + source.subject() + " has " + bytes + " bytes, more than " + maxBytes,
                "invalid url: path component too long",
                source == UrlSource.START
                        ? "Write a shorter URL."
                        : "See why the redirect makes the path longer. A redirect that adds to the path each time is a loop.");
    }

    static Problem fragment(String url) {
        return new Problem(
                        Rule.TARGET_PATH,
                        "the redirect to " + url + " has a fragment (#)",
                        "",
                        "Remove the fragment. CAs do not send it, and it hides loops from them.")
                .withSummary("a redirect has a fragment (#)");
    }

    static Problem loop(String url) {
        return new Problem(
                        Rule.LOOP,
                        "the redirect leads back to " + url + ", which was requested before",
                        "Fetching " + url + ": redirect loop detected",
                        "Find the redirects that lead to each other, such as http to https at the web server and https to http"
                                + " at a CDN or in the application, and exclude /.well-known/acme-challenge/ from one of them.")
                .withSummary("a redirect leads back to a URL that was requested before");
    }

    static Problem tooManyRedirects(int max) {
        return new Problem(
                Rule.REDIRECT_COUNT,
                "there are more than " + max + " redirects",
                "Too many hops",
                "Shorten the chain of redirects. A cluster with more than ten servers must not use `handoff = \"ring\"`.");
    }

    static Problem manyRedirects(int count) {
        return new Problem(
                Rule.REDIRECT_COUNT,
                "there are " + count + " redirects",
                "",
                "Some CAs follow only one. Each one is another name and another server that must work.");
    }

    static Problem noAddress(String host) {
        return new Problem(
                Rule.DNS,
                host + " has no address in the DNS",
                "no valid A or AAAA records found for " + host,
                "Publish an A record, an AAAA record or both for " + host
                        + ". A new record may take some time until every" + " resolver knows it.");
    }

    static Problem noSuchName(String host) {
        return new Problem(
                Rule.DNS,
                host + " does not exist in the DNS (NXDOMAIN)",
                "DNS problem: NXDOMAIN looking up A for " + host + " - check that a DNS record exists for this domain",
                "See that " + host + " is spelled correctly and that its domain is still registered. Then publish an A"
                        + " record, an AAAA record or both for it. If it is a CNAME, its target does not exist.");
    }

    /** @param reasons what happened, for each family that failed */
    static Problem lookupFailed(String host, List<String> reasons) {
        return new Problem(
                Rule.DNS,
                "the DNS gives no address for " + host + ": "
                        + reasons.stream().map(Excerpt::ofReason).distinct().collect(Collectors.joining(", ")),
                lookupFailedOfCas("A", host, String.join(" ", reasons)),
                hasWrongCnames(String.join(" ", reasons))
                        ? CNAME_REMEDY
                        : "See that the name servers of the domain answer, and that its DNSSEC signatures are valid. If"
                                + " only this server gets no answer, set `resolver` in [check].");
    }

    /** Returns whether a lookup fails because of the CNAME records that it has found. */
    static boolean hasWrongCnames(String reason) {
        return reason.contains("CNAME");
    }

    /** Returns what CAs say of a failed lookup. Their resolvers report CNAME records that do not end as SERVFAIL. */
    static String lookupFailedOfCas(String type, String host, String reason) {
        String lookup = " looking up " + type + " for " + host;
        return hasWrongCnames(reason) || reason.contains("SERVFAIL")
                ? "DNS problem: SERVFAIL" + lookup + " - the domain's nameservers may be malfunctioning"
                : "DNS problem: query timed out" + lookup;
    }

    static Problem oneFamilyFailed(String host, String family, String reason) {
        return new Problem(
                Rule.DNS,
                "the lookup of " + family + " for " + host + " fails: " + Excerpt.ofReason(reason),
                "",
                "CAs go on with the other kind of address. See that the name servers of the domain answer questions of"
                        + " this kind, at least by saying that there is no such record.");
    }

    static Problem lookupTooLate(String host) {
        return Problems.tooLateForCas("the lookup of " + host + " is done", lookupTimeoutOfCas(host));
    }

    private static String lookupTimeoutOfCas(String host) {
        return "DNS problem: query timed out looking up A for " + host;
    }

    static Problem lookupTimeout(String host) {
        return new Problem(
                Rule.TIME,
                "the DNS gives no address for " + host + ": no answer " + Deadline.SILENCE,
                lookupTimeoutOfCas(host),
                "See that the resolver of this server and the name servers of the domain answer quickly.");
    }

    static Problem fellBack(Problem failure) {
        return new Problem(
                        Rule.IPV6_FIRST,
                        failure.what() + "; over IPv4 the request was repeated",
                        failure.caSays(),
                        failure.remedy()
                                + " A CA tries IPv4 after that, but only for the first request, and it may run out of"
                                + " time.")
                .withSummary(failure.summary() + "; over IPv4 the request was repeated");
    }

    static Problem otherAddressFails(String host, Problem failure) {
        return new Problem(
                        Rule.EVERY_ADDRESS,
                        host + " has several addresses, and one of them does not work: " + failure.what(),
                        failure.caSays(),
                        failure.remedy() + " A CA may choose any of the addresses.")
                .withSummary("a host has several addresses, and one of them does not work: " + failure.summary());
    }
}
