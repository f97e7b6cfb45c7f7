package org.ringcert.acme;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code https_proxy} or {@code HTTPS_PROXY} names for what is asked over https, apart from the hosts of
 * {@code no_proxy} or {@code NO_PROXY}, as curl and most programs take them. This machine itself is never asked by a
 * proxy. Immutable; shows no password.
 */
final class EnvironmentProxy extends ProxySelector {

    private static final List<String> VARIABLES = List.of("https_proxy", "HTTPS_PROXY");
    private static final List<String> EXCEPT = List.of("no_proxy", "NO_PROXY");
    private static final int HTTP = 80;
    private static final int REFUSES_US = 407;

    private final String variable;
    private final InetSocketAddress address;
    private final Optional<String> authorization;
    private final NoProxy except;

    private EnvironmentProxy(
            String variable, InetSocketAddress address, Optional<String> authorization, NoProxy except) {
        this.variable = variable;
        this.address = address;
        this.authorization = authorization;
        this.except = except;
    }

    /**
     * The one of that environment; empty where it names none.
     *
     * @throws IOException if what it names cannot be used; the message does not repeat it, as it may hold a password
     */
    static Optional<EnvironmentProxy> find(Map<String, String> environment) throws IOException {
        Optional<String> variable = set(environment, VARIABLES);
        return variable.isEmpty()
                ? Optional.empty()
                : Optional.of(read(variable.get(), environment.getOrDefault(variable.get(), ""), except(environment)));
    }

    private static NoProxy except(Map<String, String> environment) {
        return NoProxy.parse(set(environment, EXCEPT)
                .map(name -> environment.getOrDefault(name, ""))
                .orElse(""));
    }

    private static Optional<String> set(Map<String, String> environment, List<String> names) {
        return names.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst();
    }

    private static EnvironmentProxy read(String variable, String written, NoProxy except) throws IOException {
        String text = written.strip();
        try {
            URI url = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(url.getScheme())) {
                throw new Transport.ProxyException(
                        variable + " names a proxy of the kind \"" + ProblemDocument.clean(url.getScheme(), 20)
                                + "\"; Ringcert takes one that is asked over http, such as http://gateway.example.org:3128");
            }
            if (url.getHost() != null && url.getPort() <= 65535 && url.getPort() != 0) {
                int port = url.getPort() < 0 ? HTTP : url.getPort();
                return new EnvironmentProxy(
                        variable,
                        InetSocketAddress.createUnresolved(url.getHost(), port),
                        Optional.ofNullable(url.getRawUserInfo()).map(EnvironmentProxy::basic),
                        except);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // said below, without what the exception repeats
        }
        throw new Transport.ProxyException(
                variable + " is no URL of a proxy; one looks like http://gateway.example.org:3128, or"
                        + " http://USER:PASSWORD@gateway.example.org:3128 with %40 for an @ in it");
    }

    /** RFC 7617, section 2. */
    private static String basic(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        byte[] both = (decoded(user) + ":" + decoded(password)).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    private static String decoded(String part) {
        // a plus is a plus in a URL's user part
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Whether that URL is asked by it. */
    boolean serves(URI url) {
        return "https".equalsIgnoreCase(url.getScheme()) && !UrlRule.toThisMachine(url) && !except.matches(url);
    }

    /** What the proxy is told about who asks, as a value of Proxy-Authorization. */
    Optional<String> authorization() {
        return authorization;
    }

    @Override
    public List<Proxy> select(URI url) {
        return List.of(serves(url) ? new Proxy(Proxy.Type.HTTP, address) : Proxy.NO_PROXY);
    }

    /** Told by the exception as well. */
    @Override
    public void connectFailed(URI url, SocketAddress proxy, IOException e) {}

    /** Takes an answer for what it is where the proxy itself gave it. */
    void check(int status) throws IOException {
        if (status == REFUSES_US) {
            throw new Transport.ProxyException("the proxy " + this
                    + (authorization.isPresent()
                            ? " does not take this user and password"
                            : " wants a user and a password, such as http://USER:PASSWORD@" + address.getHostString()
                                    + ":" + address.getPort()));
        }
    }

    /** The same failure, with the proxy's name where it was the proxy's. */
    IOException explain(IOException failure) {
        boolean refused = String.valueOf(failure.getMessage()).startsWith("Tunnel failed");
        return switch (failure) {
            case HttpConnectTimeoutException timeout ->
                new Transport.ProxyException("the proxy " + this + " did not answer in time", timeout);
            case ConnectException unreachable ->
                new Transport.ProxyException(
                        "the proxy " + this + " cannot be reached: " + AcmeErrors.reason(unreachable), unreachable);
            case IOException tunnel
            when refused ->
                // "Tunnel failed, got: 403"
                new Transport.ProxyException(
                        "the proxy " + this + " does not lead there: " + failure.getMessage(), tunnel);
            case ProtocolException garbage ->
                new Transport.ProxyException("what came through the proxy " + this + " is not HTTP", garbage);
            default -> failure;
        };
    }

    @Override
    public String toString() {
        return address.getHostString() + ":" + address.getPort() + " (" + variable + ")";
    }
}
