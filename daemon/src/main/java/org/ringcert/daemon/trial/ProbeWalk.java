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
 * One probe, followed as a CA follows it (RFC 8555, section 8.3; CA/B Forum baseline requirements 3.2.2.4.19), but on
 * this machine only: a redirect to a name of the same site is followed at the same address, and any other redirect is
 * wrong, because this server holds the token.
 */
final class ProbeWalk {

    private static final Set<Integer> ACCESS_DENIED = Set.of(401, 403, 407);
    private static final int MAX_RESPONSE_BYTES = 1024;
    private static final int MAX_SHOWN_CHARACTERS = 160;

    private final Trial trial;
    private final KeyAuthorization challenge;
    private final Probe probe;
    private final Set<String> requested = new HashSet<>();
    private int firstStatus;
    private Optional<String> firstLocation = Optional.empty();

    private ProbeWalk(Trial trial, KeyAuthorization challenge, Probe probe) {
        this.trial = trial;
        this.challenge = challenge;
        this.probe = probe;
    }

    /** Runs a probe. Blocks until it is done. */
    static ProbeResult of(Trial trial, KeyAuthorization challenge, Probe probe) {
        return new ProbeWalk(trial, challenge, probe).follow();
    }

    private ProbeResult follow() {
        String scheme = probe.https() ? "https" : "http";
        String port = probe.port() == (probe.https() ? 443 : 80) ? "" : ":" + probe.port();
        String url = scheme + "://" + probe.name() + port + challenge.token().path();
        while (true) {
            if (requested.size() > Http01.MAX_REDIRECTS) {
                return wrong(Fault.OTHER, "too many redirects");
            }
            if (!requested.add(url)) {
                return wrong(Fault.OTHER, "a redirect loop at " + shown(url));
            }
            HttpGet.Response response;
            try {
                response = get(URI.create(url));
            } catch (IOException e) {
                return noResponse(url, e);
            }
            if (requested.size() == 1) {
                firstStatus = response.status();
                firstLocation = response.location().map(this::shown);
            }
            if (!Http01.isFollowed(response.status())) {
                return verdict(url, response);
            }
            Optional<String> next = response.location().filter(location -> !location.isEmpty());
            if (next.isEmpty()) {
                return wrong(Fault.OTHER, response.status() + " without exactly one Location header");
            }
            Optional<ProbeResult> wrongRedirect = wrongRedirect(url, next.get(), response.status());
            if (wrongRedirect.isPresent()) {
                return wrongRedirect.get();
            }
            url = resolved(url, next.get()).orElseThrow().toString();
        }
    }

    private ProbeResult noResponse(String url, IOException e) {
        if (requested.size() == 1 && probe.https() && (e instanceof ConnectException || isUnrecognizedName(e))) {
            return new ProbeResult.NothingListens();
        }
        if (isPlainHttp(e)) {
            return wrong(Fault.PLAIN_HTTP, describe(url, "no TLS, but plain HTTP"));
        }
        String reason = switch (e) {
            case ConnectException refused -> "nothing answers (" + text(refused) + ")";
            case NoRouteToHostException none -> "nothing answers (" + text(none) + ")";
            case SSLException tls -> "no TLS (" + text(tls) + ")";
            default -> "no answer (" + text(e) + ")";
        };
        return wrong(Fault.NO_RESPONSE, describe(url, reason));
    }

    /** Puts the redirect that has led to a URL before what happened there. */
    private String describe(String url, String what) {
        return requested.size() == 1 ? what : firstStatus + " to " + shown(url) + ", then: " + what;
    }

    /** Recognizes what Java reports when the response to a TLS handshake is not TLS. */
    private static boolean isPlainHttp(IOException e) {
        return e instanceof SSLException && text(e).contains("Unsupported or unrecognized SSL message");
    }

    /** A server may refuse a name that it does not serve (RFC 6066, section 3). */
    private static boolean isUnrecognizedName(IOException e) {
        return e instanceof SSLException && text(e).contains("unrecognized_name");
    }

    private ProbeResult verdict(String url, HttpGet.Response response) {
        int status = response.status();
        if (status == 200
                && !response.truncated()
                && response.body().stripTrailing().equals(challenge.text())) {
            return new ProbeResult.Correct();
        }
        Fault fault = ACCESS_DENIED.contains(status)
                ? Fault.ACCESS_DENIED
                : status == 404
                        ? Fault.NOT_FOUND
                        : status >= 500
                                ? Fault.SERVER_ERROR
                                : response.body().contains(challenge.text()) ? Fault.ALTERED : Fault.OTHER;
        String what = fault == Fault.ALTERED
                ? "200 with the expected answer and additional text"
                : status == 200 ? "200 with something other than the expected answer" : String.valueOf(status);
        return wrong(fault, describe(url, what));
    }

    private Optional<ProbeResult> wrongRedirect(String from, String location, int status) {
        Optional<URI> resolved = resolved(from, location);
        if (resolved.isEmpty()) {
            return Optional.of(wrong(Fault.OTHER, status + " to an invalid URL: " + shown(location)));
        }
        String redirect = status + " to " + shown(location);
        URI target = resolved.get();
        boolean https = "https".equals(target.getScheme());
        if (!https && !"http".equals(target.getScheme())) {
            return Optional.of(wrong(Fault.OTHER, redirect + ", which CAs do not follow"));
        }
        int usualPort = https ? trial.httpsPort() : trial.port();
        if (target.getPort() >= 0
                && target.getPort() != usualPort
                && target.getPort() != trial.httpsPort()
                && target.getPort() != trial.port()) {
            return Optional.of(wrong(Fault.OTHER, redirect + ": CAs follow redirects to ports 80 and 443 only"));
        }
        Optional<HostName> host = host(target);
        if (host.isEmpty()) {
            return Optional.of(wrong(Fault.OTHER, redirect + ": CAs follow redirects to host names only"));
        }
        if (trial.peers().contains(host.get())) {
            return Optional.of(
                    wrong(Fault.NOT_FOUND, redirect + ": this leads to another server, but the token is on this one"));
        }
        if (!trial.namesOfSameServer(probe.name()).contains(host.get())) {
            return Optional.of(wrong(Fault.OTHER, redirect + ", which may be another server"));
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
     * Normalizes a URL as it is requested: the scheme is case-insensitive and an empty path is a slash (RFC 3986,
     * section 6.2); user information and fragment are not sent (RFC 9110, section 4.2).
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
        InetSocketAddress address = new InetSocketAddress(probe.address(), port);
        String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        Duration timeout = trial.timeout();
        return https
                ? HttpGet.fetchOverTls(
                        address, url.getHost(), url.getRawAuthority(), target, timeout, MAX_RESPONSE_BYTES)
                : HttpGet.fetch(address, url.getRawAuthority(), target, timeout, MAX_RESPONSE_BYTES);
    }

    private ProbeResult wrong(Fault fault, String why) {
        return new ProbeResult.Wrong(fault, why, firstStatus, firstLocation);
    }

    /** Makes text from the network safe to show. */
    private String shown(String url) {
        String text = url.replace(challenge.token().value(), "TOKEN").replaceAll("[^ -~]", "?");
        return text.length() > MAX_SHOWN_CHARACTERS ? text.substring(0, MAX_SHOWN_CHARACTERS) + "..." : text;
    }

    private static String text(IOException e) {
        return String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?");
    }
}
