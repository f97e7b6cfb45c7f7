package org.ringcert.view.ca;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.ringcert.http.NotHttpException;
import org.ringcert.http.ResponseHeaders;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * The problems of a connection and of a response. {@link TargetProblems} has those of names and redirects. Everything
 * that a server has sent is shortened and freed of control characters before it becomes part of a text.
 */
final class Problems {

    private static final String OTHER_ERROR = "Error getting validation data";

    private Problems() {}

    /** Where a request was sent. */
    record At(Target target, InetAddress address) {

        String url() {
            return target.url();
        }

        /** Returns the address and the port as a reader knows them. */
        String socket() {
            return Excerpt.of(address) + " port " + target.effectivePort();
        }

        InetSocketAddress socketAddress() {
            return new InetSocketAddress(address, target.effectivePort());
        }

        boolean isIpv6() {
            return address instanceof Inet6Address;
        }

        private String fetching(String text) {
            return "Fetching " + url() + ": " + text;
        }

        private Rule ruleOfAddress() {
            return isIpv6() ? Rule.IPV6_FIRST : Rule.EVERY_ADDRESS;
        }

        /** Returns what to do about an address that cannot be reached. */
        private String orRemoveRecord() {
            if (target.host().literal().isPresent()) {
                return "";
            }
            return isIpv6()
                    ? " If no server of the cluster has this IPv6 address, or its web server listens on IPv4 only,"
                            + " remove the AAAA record of " + target.host().text()
                            + " or let the web server listen on IPv6: CAs prefer IPv6."
                    : " If no server of the cluster has this address, remove it from the DNS records of "
                            + target.host().text() + ".";
        }
    }

    static Problem connectTimeout(At at) {
        return new Problem(
                at.ruleOfAddress(),
                at.socket() + " does not accept a connection: no answer " + Deadline.SILENCE,
                at.fetching("Timeout during connect (likely firewall problem)"),
                "Open port " + at.target().effectivePort() + " in the firewalls of the server and of its provider, for"
                        + " the whole Internet: CAs do not publish the addresses from which they validate."
                        + at.orRemoveRecord());
    }

    /**
     * A CA gives up here, although there was little time: what came earlier took too long.
     *
     * @param event what has not happened
     */
    static Problem tooLateForCas(String event, String caSays) {
        return new Problem(
                Rule.TIME,
                "the walk takes more than " + ValidationRules.MAX_TIME.toSeconds() + " s: it ends before " + event,
                caSays,
                "See which request is slow: a server, or the DNS.");
    }

    /** @param event what has not happened, although there was less time for it than {@link Deadline#FAIR_TIME} */
    static Verdict.Undecided cutShort(String event) {
        return new Verdict.Undecided(
                "the look ended before " + event,
                "Look again. If it happens again, the server that looked is overloaded, or a server or DNS server on"
                        + " the way is slow.");
    }

    /** @param reason a sentence without a full stop */
    static Verdict.Undecided outOfReach(String reason) {
        return new Verdict.Undecided(reason, "Run `ringcert check` on that server itself.");
    }

    static Problem connectionRefused(At at) {
        return new Problem(
                at.ruleOfAddress(),
                at.socket() + " refuses the connection",
                at.fetching("Connection refused"),
                "Start the web server" + (at.target().isTls() ? "" : " or the Ringcert daemon")
                        + " that listens on port "
                        + at.target().effectivePort() + ", and see that it listens on this address."
                        + at.orRemoveRecord());
    }

    static Problem unreachable(At at) {
        return new Problem(
                at.ruleOfAddress(),
                at.socket()
                        + " cannot be reached: a router or the server's own network says that there is no way to it",
                at.fetching("Network unreachable"),
                "See that the server is up and that it has this address." + at.orRemoveRecord());
    }

    static Verdict.Undecided noRoute(At at) {
        String host = at.target().host().text();
        return new Verdict.Undecided(
                "this machine has no route to " + Excerpt.of(at.address()),
                at.isIpv6()
                        ? "The CA has a route there and prefers IPv6. Try `ringcert check` on a server that has one"
                                + (at.target().host().literal().isPresent()
                                        ? "."
                                        : ", or remove the AAAA record of " + host + " if no server answers there.")
                        : "The CA has a route there. Try `ringcert check` on a server that has one.");
    }

    static Problem responseTimeout(At at) {
        return new Problem(
                Rule.TIME,
                at.socket() + " accepts the connection, but gives no complete response " + Deadline.SILENCE,
                at.fetching("Timeout after connect (your server may be slow or overloaded)"),
                "See whether the server is overloaded, or waits for a back end before it answers challenges. Let the web"
                        + " server answer or pass on /.well-known/acme-challenge/ before anything else.");
    }

    static Problem connectionBroken(At at) {
        if (at.target().isTls()) {
            return new Problem(
                    Rule.TLS,
                    at.socket() + " closes the connection during the TLS handshake or right after it",
                    at.fetching("remote error: tls: certificate required"),
                    "See whether the web server demands a client certificate for "
                            + at.target().host().text()
                            + ", and exclude /.well-known/acme-challenge/ from that. Or do not redirect challenges to"
                            + " https.");
        }
        return new Problem(
                Rule.CONNECTION,
                at.socket() + " accepts the connection, but closes it before it has answered",
                at.fetching("Connection reset by peer"),
                "Look for a firewall or an intrusion prevention system that cuts connections, and for a crash in the web"
                        + " server's error log.");
    }

    static Problem notHttp(NotHttpException e, At at) {
        return switch (e.kind()) {
            case HTTP2 ->
                new Problem(
                        Rule.REQUEST,
                        at.socket() + " speaks HTTP/2 although the request is HTTP/1.1",
                        at.fetching("Server is speaking HTTP/2 over HTTP"),
                        "Let the web server speak HTTP/1.1 on this port, and HTTP/2 over TLS only.");
            case TLS ->
                new Problem(
                        Rule.HEADERS,
                        at.socket() + " speaks TLS, but the URL begins with http:",
                        at.fetching(OTHER_ERROR),
                        "Let the web server speak plain HTTP on this port, or redirect to https without this port.");
            case OTHER ->
                new Problem(
                        Rule.HEADERS,
                        at.socket() + " does not answer in HTTP/1.1",
                        at.fetching(OTHER_ERROR),
                        "See which program listens on this port. It must be a web server.");
        };
    }

    /** @param reason half a sentence that is not from the server */
    static Problem malformedResponse(String reason, At at) {
        return new Problem(
                Rule.HEADERS,
                at.socket() + " answers with a malformed response: " + reason,
                at.fetching(OTHER_ERROR),
                "Correct the configuration, the script or the proxy that makes this response.");
    }

    static Problem tls(SSLException e, At at) {
        String message = Excerpt.ofReason(String.valueOf(e.getMessage()));
        if (message.contains("Unsupported or unrecognized SSL message")) {
            return new Problem(
                    Rule.TLS,
                    at.socket() + " does not speak TLS, but the URL begins with https:",
                    at.fetching("Server only speaks HTTP, not TLS"),
                    "Let the web server speak TLS on this port, with any certificate, or do not redirect challenges to"
                            + " https.");
        }
        return new Problem(
                Rule.TLS,
                "the TLS handshake with " + at.socket() + " fails: " + message,
                at.fetching(
                        message.contains("protocol_version")
                                ? "remote error: tls: protocol version not supported"
                                : "remote error: tls: handshake failure"),
                "Let the web server speak TLS 1.2 or 1.3 with ECDHE for "
                        + at.target().host().text()
                        + ", without a client certificate. Any server certificate will do. Or do not redirect challenges"
                        + " to https.",
                "the TLS handshake with " + at.socket() + " fails");
    }

    static Problem contentEncoding(String encoding, At at) {
        return new Problem(
                        Rule.BODY_SIZE,
                        "the response has the Content-Encoding \"" + Excerpt.of(encoding) + "\"",
                        "The key authorization file from the server did not match this challenge",
                        "Switch off compression for /.well-known/acme-challenge/ at " + at.socket()
                                + ". Only gzip was offered.")
                .withSummary("the response has a Content-Encoding that was not offered");
    }

    static Problem brokenGzip(At at) {
        return new Problem(
                Rule.BODY_SIZE,
                "the body is not valid gzip, although the response says so",
                "Error reading HTTP response body: gzip: invalid header",
                "Switch off compression for /.well-known/acme-challenge/ at " + at.socket() + ".");
    }

    static Problem bodyTooLong(int maxBytes, boolean isHtml, At at) {
        return new Problem(
                Rule.BODY_SIZE,
                "the body has more than " + maxBytes + " bytes" + (isHtml ? " and is a page in HTML" : ""),
                "Error reading HTTP response body: reader size limit exceeded",
                applicationAnswers(at));
    }

    /** @param text the body, with what CAs trim removed; one character per byte */
    static Problem otherBody(String text, ExpectedAnswer expected, boolean isHtml, At at) {
        BodyKind kind = BodyKind.of(text, expected, isHtml);
        return new Problem(
                Rule.BODY,
                kind.what(text),
                "The key authorization file from the server did not match this challenge",
                kind.remedy(at),
                kind.text());
    }

    static Problem html(At at) {
        return new Problem(
                Rule.CONTENT_TYPE,
                at.socket() + " serves the answer as text/html",
                "",
                "CAs accept this. A proxy that changes HTML pages may add to the answer and spoil it, so serve it as"
                        + " application/octet-stream or text/plain.");
    }

    static String applicationAnswers(At at) {
        return "An application, a proxy or a CDN answers at " + at.socket()
                + " instead of Ringcert. Let the web server pass on /.well-known/acme-challenge/ before everything else,"
                + " as `ringcert web` prints it.";
    }

    /** @param hops the URLs that were requested, the last included */
    static Problem finalStatus(int status, ResponseHeaders headers, List<String> hops, ExpectedAnswer expected, At at) {
        Optional<String> eaten = pathEater(hops, expected);
        return new Problem(
                Rule.FINAL_STATUS,
                at.socket() + " answers " + at.url() + " with status " + status,
                status / 100 == 3
                        ? "Received disallowed redirect status code " + status
                        : "Invalid response from " + at.url() + ": " + status,
                eaten.orElseGet(() -> withdrawn(status, expected) + StatusRemedies.of(status, headers, at)));
    }

    /** The token in a URL, unlike one that a node has just published, may have been withdrawn long ago. */
    private static String withdrawn(int status, ExpectedAnswer expected) {
        return (status == 404 || status == 410) && expected.isFromAnyAccount()
                ? "Perhaps no server has this token: it is published only while its order is in progress. If it is"
                        + " published now: "
                : "";
    }

    /** Returns the remedy if a redirect has lost the token, as one from every page to the start page does. */
    static Optional<String> pathEater(List<String> urls, ExpectedAnswer expected) {
        for (int i = 1; i < urls.size(); i++) {
            if (expected.isIn(urls.get(i - 1)) && !expected.isIn(urls.get(i))) {
                return Optional.of("The redirect from " + urls.get(i - 1) + " to " + urls.get(i)
                        + " loses the path. Let it keep the path, such as `return 301 https://$host$request_uri;` in"
                        + " nginx or `Redirect permanent / https://NAME/` in Apache, or exclude"
                        + " /.well-known/acme-challenge/ from it.");
            }
        }
        return Optional.empty();
    }

    static Problem slow(Duration time, Duration limit) {
        return new Problem(
                Rule.TIME,
                "the walk took " + Math.round(time.toMillis() / 100.0) / 10.0 + " s, more than " + limit.toSeconds()
                        + " s",
                "",
                "CAs have little more than twice this time for all of their validations. See which request is slow: a"
                        + " server, or the DNS.");
    }
}
