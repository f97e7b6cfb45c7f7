package org.ringcert.view.ca;

/**
 * A rule of http-01 validation. Where CAs differ, it is the strictest of Let's Encrypt's Boulder (before and after its
 * rewrite of 2026-09), Pebble, step-ca and the CA/B Forum Baseline Requirements (3.2.2.4.19).
 */
public enum Rule {
    START("validation starts at http://NAME/.well-known/acme-challenge/TOKEN, port 80"),
    REQUEST("a plain HTTP/1.1 GET without cookies, credentials or a proxy"),
    CONNECTION("a new TCP connection for each request"),
    DNS("A and AAAA are looked up anew for each request, through a validating resolver"),
    PUBLIC_ADDRESS("special-purpose addresses are not used"),
    IPV6_FIRST("a host with an IPv6 address is visited there; only the first request falls back to IPv4"),
    EVERY_ADDRESS("each published address must work"),
    TIME("everything ends within 9 seconds"),
    REDIRECT_STATUS("only 301, 302, 307 and 308 are followed"),
    REDIRECT_COUNT("at most nine redirects are followed"),
    LOCATION("a redirect has exactly one Location, which is a URL"),
    TARGET_PORT("a redirect leads to http or https, port 80 or 443"),
    TARGET_HOST("a redirect leads to a public host name"),
    TARGET_PATH("the path of a redirect has at most 2000 bytes, and it has no fragment"),
    LOOP("no URL is requested twice"),
    TLS("https needs TLS 1.2 with forward secrecy, or TLS 1.3; the certificate does not matter"),
    FINAL_STATUS("the last response has status 200"),
    BODY_SIZE("the body has at most 127 bytes"),
    BODY("the body is exactly the key authorization"),
    HEADERS("the response is well-formed HTTP/1.1"),
    CONTENT_TYPE("the content type does not matter, but text/html is suspicious"),
    VIEWPOINTS("the CA validates from several places, and nearly all of them must succeed"),
    UNKNOWN_TOKEN("a token that no server holds ends in 404 inside the cluster"),
    ABSENT_PEER("a server that does not answer is stepped over"),
    CAA("CAA records allow the CA, this account and http-01"),
    LIMITS("the CA's limits leave room for an order");

    private final String text;

    Rule(String text) {
        this.text = text;
    }

    /** Returns the rule as half a sentence. */
    public String text() {
        return text;
    }
}
