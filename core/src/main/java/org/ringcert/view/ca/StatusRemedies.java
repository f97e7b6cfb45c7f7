package org.ringcert.view.ca;

import java.util.List;
import java.util.Locale;
import org.ringcert.http.ResponseHeaders;

/** What to do about a last response whose status is not 200. Stateless. */
final class StatusRemedies {

    /** Headers that CDNs and their caches add. */
    private static final List<String> CDN_HEADERS =
            List.of("CF-RAY", "X-Amz-Cf-Id", "X-Served-By", "X-Akamai-Request-ID", "X-Azure-Ref", "X-Sucuri-ID");

    private StatusRemedies() {}

    static String of(int status, ResponseHeaders headers, Problems.At at) {
        String remedy = switch (status) {
            case 401, 407 ->
                "A password is demanded at " + at.socket() + ". Exclude /.well-known/acme-challenge/ from it.";
            case 403 ->
                "An access rule at " + at.socket()
                        + " forbids the request: a deny rule, a rule for hidden files, a list of countries or a"
                        + " web application firewall. Exclude /.well-known/acme-challenge/ from it.";
            case 404, 410 ->
                "The server at " + at.socket() + " does not have the answer and sends the CA to no other."
                        + " Either its web server does not pass on /.well-known/acme-challenge/ to Ringcert (see"
                        + " `ringcert web`), or the address belongs to a server outside the cluster.";
            case 421, 400 ->
                "The web server at " + at.socket() + " does not serve "
                        + at.target().host().text() + ", or expects TLS on this port.";
            case 429 ->
                "A limit of requests at " + at.socket()
                        + " has been reached. Exclude /.well-known/acme-challenge/ from it.";
            case 502, 503, 504 ->
                "The server at " + at.socket()
                        + " cannot reach what is behind it. See that the Ringcert daemon runs there, and that"
                        + " the web server passes /.well-known/acme-challenge/ to its port. A maintenance page"
                        + " must exclude this path.";
            case 300, 303, 304, 305, 306 -> "Let the server at " + at.socket() + " redirect with 301, 302, 307 or 308.";
            default -> Problems.applicationAnswers(at);
        };
        return isFromCdn(headers)
                ? remedy + " The response comes from a CDN: let it pass /.well-known/acme-challenge/ on to the servers"
                        + " of the cluster, unchanged and over plain HTTP."
                : remedy;
    }

    private static boolean isFromCdn(ResponseHeaders headers) {
        return CDN_HEADERS.stream().anyMatch(name -> !headers.values(name).isEmpty())
                || headers.values("Server").stream()
                        .map(server -> server.toLowerCase(Locale.ROOT))
                        .anyMatch(server -> server.contains("cloudflare")
                                || server.contains("cloudfront")
                                || server.contains("akamai"));
    }
}
