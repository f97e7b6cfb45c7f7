package org.ringcert.daemon.trial;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.ringcert.challenge.Http01;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.trial.ProbeResult.Fault;
import org.ringcert.http.HttpGet;

/**
 * One question, followed as a CA follows it (RFC 8555, section 8.3; CA/B Forum baseline requirements 3.2.2.4.19), but
 * on this machine only: a redirect to a name of the same site is followed at the same address, and one to anybody else
 * is wrong, since the token is held here.
 */
final class Visit {

    private static final Set<Integer> CLOSED = Set.of(401, 403, 407);
    private static final int LARGEST_ANSWER = 1024;
    private static final int LONGEST_SHOWN = 160;

    private final Trial trial;
    private final KeyAuthorization held;
    private final Question question;
    private final Set<String> asked = new HashSet<>();
    private int firstStatus;
    private Optional<String> firstLocation = Optional.empty();

    private Visit(Trial trial, KeyAuthorization held, Question question) {
        this.trial = trial;
        this.held = held;
        this.question = question;
    }

    /** Asks. Blocks. */
    static ProbeResult of(Trial trial, KeyAuthorization held, Question question) {
        return new Visit(trial, held, question).follow();
    }

    private ProbeResult follow() {
        String scheme = question.https() ? "https" : "http";
        String port = question.port() == (question.https() ? 443 : 80) ? "" : ":" + question.port();
        String url = scheme + "://" + question.name() + port + held.token().path();
        while (true) {
            if (asked.size() > Http01.MAX_REDIRECTS) {
                return wrong(Fault.OTHER, "redirects without end");
            }
            if (!asked.add(url)) {
                return wrong(Fault.OTHER, "a redirect loop at " + shown(url));
            }
            HttpGet.Response response;
            try {
                response = get(URI.create(url));
            } catch (IOException e) {
                return unanswered(url, e);
            }
            if (asked.size() == 1) {
                firstStatus = response.status();
                firstLocation = response.location().map(this::shown);
            }
            if (!Http01.isFollowed(response.status())) {
                return end(url, response);
            }
            Optional<String> next = response.location().filter(location -> !location.isEmpty());
            if (next.isEmpty()) {
                return wrong(Fault.OTHER, response.status() + " without exactly one Location");
            }
            Optional<ProbeResult> astray = astray(url, next.get(), response.status());
            if (astray.isPresent()) {
                return astray.get();
            }
            url = resolved(url, next.get()).orElseThrow().toString();
        }
    }

    private ProbeResult unanswered(String url, IOException e) {
        boolean first = asked.size() == 1;
        if (first && question.https() && (e instanceof ConnectException || isAboutTheName(e))) {
            return new ProbeResult.Absent();
        }
        if (isPlain(e)) {
            return wrong(Fault.PLAIN, from(first, url, "no TLS, but plain HTTP"));
        }
        String reason = switch (e) {
            case ConnectException refused -> "nothing answers (" + text(refused) + ")";
            case NoRouteToHostException none -> "nothing answers (" + text(none) + ")";
            case SSLException tls -> "no TLS (" + text(tls) + ")";
            default -> "no answer (" + text(e) + ")";
        };
        return wrong(Fault.SILENT, from(first, url, reason));
    }

    private String from(boolean first, String url, String reason) {
        return first ? reason : firstStatus + " to " + shown(url) + ", and there: " + reason;
    }

    /** What Java's TLS says of bytes that are none of its protocol. */
    private static boolean isPlain(IOException e) {
        return e instanceof SSLException && text(e).contains("Unsupported or unrecognized SSL message");
    }

    /** RFC 6066, section 3: a server may refuse whom it does not serve. */
    private static boolean isAboutTheName(IOException e) {
        return e instanceof SSLException && text(e).contains("unrecognized_name");
    }

    private ProbeResult end(String url, HttpGet.Response response) {
        int status = response.status();
        if (status == 200
                && !response.truncated()
                && response.body().stripTrailing().equals(held.text())) {
            return new ProbeResult.Right();
        }
        Fault fault = CLOSED.contains(status)
                ? Fault.CLOSED
                : status == 404
                        ? Fault.NOT_SEEN
                        : status >= 500
                                ? Fault.BEHIND
                                : response.body().contains(held.text()) ? Fault.ALTERED : Fault.OTHER;
        String what = fault == Fault.ALTERED
                ? "200 with the token's answer and more beside it"
                : status == 200 ? "200 with something else than the token's answer" : String.valueOf(status);
        return wrong(fault, asked.size() == 1 ? what : firstStatus + " to " + shown(url) + ", and there " + what);
    }

    private Optional<ProbeResult> astray(String from, String location, int status) {
        Optional<URI> target = resolved(from, location);
        if (target.isEmpty()) {
            return Optional.of(wrong(Fault.OTHER, status + " to what is no URL: " + shown(location)));
        }
        String where = status + " to " + shown(location);
        URI to = target.get();
        boolean https = "https".equals(to.getScheme());
        if (!https && !"http".equals(to.getScheme())) {
            return Optional.of(wrong(Fault.OTHER, where + ", which CAs do not follow"));
        }
        int wanted = https ? trial.httpsPort() : trial.port();
        if (to.getPort() >= 0
                && to.getPort() != wanted
                && to.getPort() != trial.httpsPort()
                && to.getPort() != trial.port()) {
            return Optional.of(wrong(Fault.OTHER, where + ": CAs follow to ports 80 and 443 only"));
        }
        Optional<HostName> host = host(to);
        if (host.isEmpty()) {
            return Optional.of(wrong(Fault.OTHER, where + ": CAs follow to host names only"));
        }
        if (trial.peers().contains(host.get())) {
            return Optional.of(wrong(Fault.NOT_SEEN, where + ": another server is asked for what is held here"));
        }
        if (!trial.sameSite(question.name()).contains(host.get())) {
            return Optional.of(wrong(Fault.OTHER, where + ", which may be another server"));
        }
        return Optional.empty();
    }

    private static Optional<HostName> host(URI url) {
        try {
            return Optional.ofNullable(url.getHost())
                    .filter(host -> !host.matches("\\[.*|.*\\.[0-9]+"))
                    .map(host -> new HostName(host.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> resolved(String from, String location) {
        try {
            return Optional.of(asFetched(URI.create(from).resolve(new URI(location))));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /**
     * RFC 3986, section 6.2: a scheme has no case, an empty path is a slash; RFC 9110, section 4.2: who asks is not
     * sent, nor is a fragment.
     */
    private static URI asFetched(URI url) {
        if (url.getHost() == null || url.getScheme() == null) {
            return url;
        }
        String port = url.getPort() < 0 ? "" : ":" + url.getPort();
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return URI.create(url.getScheme().toLowerCase(Locale.ROOT) + "://" + url.getHost() + port + path + query);
    }

    private HttpGet.Response get(URI url) throws IOException {
        boolean https = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : https ? trial.httpsPort() : trial.port();
        InetSocketAddress to = new InetSocketAddress(question.address(), port);
        String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        Duration patience = trial.patience();
        return https
                ? HttpGet.fetchOverTls(to, url.getHost(), url.getRawAuthority(), target, patience, LARGEST_ANSWER)
                : HttpGet.fetch(to, url.getRawAuthority(), target, patience, LARGEST_ANSWER);
    }

    private ProbeResult wrong(Fault fault, String why) {
        return new ProbeResult.Wrong(fault, why, firstStatus, firstLocation);
    }

    /** What came from outside, as it can be shown. */
    private String shown(String url) {
        String text = url.replace(held.token().value(), "TOKEN").replaceAll("[^ -~]", "?");
        return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
    }

    private static String text(IOException e) {
        return String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
    }
}
