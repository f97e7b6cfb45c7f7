package org.ringcert.view.ca;

/**
 * Problems that a peer reports. Only the rule and the summary are the peer's; all advice is this server's. Stateless.
 */
public final class ReportedProblem {

    private static final String EXCLUDE_PATH =
            "Let its web server pass on /.well-known/acme-challenge/ before everything"
                    + " else, as `ringcert web` prints it.";

    private ReportedProblem() {}

    /**
     * Returns a problem that a peer reports.
     *
     * @param summary what the peer says, printable
     */
    public static Problem of(Rule rule, String summary) {
        return new Problem(rule, summary, caSays(rule), remedy(rule), summary);
    }

    /** Returns what a CA says, where a rule has only one answer; else nothing. */
    private static String caSays(Rule rule) {
        return switch (rule) {
            case LOOP -> "redirect loop detected";
            case BODY -> "The key authorization file from the server did not match this challenge";
            case BODY_SIZE -> "Error reading HTTP response body: reader size limit exceeded";
            default -> "";
        };
    }

    /** Returns what to do about any problem with a rule. `ringcert trace` says more, where the problem is seen. */
    static String remedy(Rule rule) {
        return switch (rule) {
            case DNS, PUBLIC_ADDRESS ->
                "See which addresses the DNS gives that server for the name, and that the name servers of the domain"
                        + " answer. If its DNS differs from what the CA sees, set `resolver` in [check] there.";
            case CONNECTION, IPV6_FIRST, EVERY_ADDRESS ->
                "See that a web server or the Ringcert daemon listens at that address, and that port 80 is open in the"
                        + " firewalls of the server and its provider, for the whole Internet. If no server of the cluster"
                        + " has the address, remove its A or AAAA record.";
            case TIME -> "See which request is slow: a server, or the DNS.";
            case REDIRECT_STATUS, REDIRECT_COUNT, LOCATION, TARGET_PORT, TARGET_HOST, TARGET_PATH, LOOP ->
                "See where the redirect comes from (`ringcert trace NAME`), and correct it, or exclude"
                        + " /.well-known/acme-challenge/ from it.";
            case TLS ->
                "Let the web server speak TLS 1.2 or 1.3 without a client certificate, or do not redirect challenges to"
                        + " https.";
            case START, REQUEST, FINAL_STATUS, BODY_SIZE, BODY, HEADERS, CONTENT_TYPE ->
                "See which server answers at that address. " + EXCLUDE_PATH;
            case VIEWPOINTS, UNKNOWN_TOKEN, ABSENT_PEER, CAA, LIMITS -> "Run `ringcert check` on that server.";
        };
    }
}
