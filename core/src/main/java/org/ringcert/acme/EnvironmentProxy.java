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
import org.ringcert.cluster.PrintableText;

/**
 * The proxy that {@code https_proxy} or {@code HTTPS_PROXY} names for https requests, except to the hosts in
 * {@code no_proxy} or {@code NO_PROXY}. The variables mean what they mean to curl and most other programs. Requests to
 * this machine itself never use the proxy. Immutable. Never shows the password.
 */
final class EnvironmentProxy extends ProxySelector {

    private static final List<String> PROXY_VARIABLES = List.of("https_proxy", "HTTPS_PROXY");
    private static final List<String> NO_PROXY_VARIABLES = List.of("no_proxy", "NO_PROXY");
    private static final int HTTP_PORT = 80;
    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;

    private final String variable;
    private final InetSocketAddress address;
    private final Optional<String> authorization;
    private final NoProxy noProxy;

    private EnvironmentProxy(
            String variable, InetSocketAddress address, Optional<String> authorization, NoProxy noProxy) {
        this.variable = variable;
        this.address = address;
        this.authorization = authorization;
        this.noProxy = noProxy;
    }

    /**
     * Returns the proxy that the environment names; empty if it names none.
     *
     * @throws IOException if the variable's value cannot be used; the message does not repeat it, as it may contain a
     *     password
     */
    static Optional<EnvironmentProxy> find(Map<String, String> environment) throws IOException {
        Optional<String> variable = firstSet(environment, PROXY_VARIABLES);
        return variable.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        parse(variable.get(), environment.getOrDefault(variable.get(), ""), noProxy(environment)));
    }

    private static NoProxy noProxy(Map<String, String> environment) {
        return NoProxy.parse(firstSet(environment, NO_PROXY_VARIABLES)
                .map(name -> environment.getOrDefault(name, ""))
                .orElse(""));
    }

    private static Optional<String> firstSet(Map<String, String> environment, List<String> names) {
        return names.stream()
                .filter(name -> !environment.getOrDefault(name, "").isBlank())
                .findFirst();
    }

    private static EnvironmentProxy parse(String variable, String value, NoProxy noProxy) throws IOException {
        String text = value.strip();
        try {
            URI url = new URI(text.contains("://") ? text : "http://" + text);
            if (!"http".equalsIgnoreCase(url.getScheme())) {
                throw new Transport.ProxyException(variable + " names a proxy of type \""
                        + PrintableText.of(url.getScheme(), 20)
                        + "\"; Ringcert supports http proxies only, such as http://gateway.example.org:3128");
            }
            if (url.getHost() != null && url.getPort() <= UrlRule.MAX_PORT && url.getPort() != 0) {
                int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
                return new EnvironmentProxy(
                        variable,
                        InetSocketAddress.createUnresolved(url.getHost(), port),
                        Optional.ofNullable(url.getRawUserInfo()).map(EnvironmentProxy::basicCredentials),
                        noProxy);
            }
        } catch (URISyntaxException | IllegalArgumentException e) {
            // Reported below. The exception's own message would quote the value.
        }
        throw new Transport.ProxyException(
                variable + " is not the URL of a proxy; write http://gateway.example.org:3128, or"
                        + " http://USER:PASSWORD@gateway.example.org:3128 with %40 for an @ in the user or password");
    }

    /** RFC 7617, section 2. */
    private static String basicCredentials(String userInfo) {
        int colon = userInfo.indexOf(':');
        String user = colon < 0 ? userInfo : userInfo.substring(0, colon);
        String password = colon < 0 ? "" : userInfo.substring(colon + 1);
        byte[] credentials = (decode(user) + ":" + decode(password)).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(credentials);
    }

    private static String decode(String userInfoPart) {
        // In this part of a URL a plus is a plus, but URLDecoder would read a space.
        return URLDecoder.decode(userInfoPart.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** Whether requests to the URL go through the proxy. */
    boolean serves(URI url) {
        return "https".equalsIgnoreCase(url.getScheme()) && !UrlRule.isLoopback(url) && !noProxy.matches(url);
    }

    /** Returns the value of the Proxy-Authorization header; empty if the variable names no user. */
    Optional<String> authorization() {
        return authorization;
    }

    @Override
    public List<Proxy> select(URI url) {
        return List.of(serves(url) ? new Proxy(Proxy.Type.HTTP, address) : Proxy.NO_PROXY);
    }

    /** Does nothing: the exchange fails with an exception as well. */
    @Override
    public void connectFailed(URI url, SocketAddress proxy, IOException e) {}

    /** Fails if a response with this status came from the proxy itself. */
    void checkStatus(int status) throws IOException {
        if (status == PROXY_AUTHENTICATION_REQUIRED) {
            throw new Transport.ProxyException("the proxy " + this
                    + (authorization.isPresent()
                            ? " rejects this user and password"
                            : " requires a user and a password; write http://USER:PASSWORD@" + address.getHostString()
                                    + ":" + address.getPort()));
        }
    }

    /**
     * Returns the failure as a {@link Transport.ProxyException} if the proxy caused it; otherwise returns it unchanged.
     */
    IOException explain(IOException failure) {
        // The JDK's message for a refused CONNECT is such as "Tunnel failed, got: 403".
        boolean tunnelRefused = String.valueOf(failure.getMessage()).startsWith("Tunnel failed");
        return switch (failure) {
            case HttpConnectTimeoutException timeout ->
                new Transport.ProxyException("the proxy " + this + " did not answer in time", timeout);
            case ConnectException unreachable ->
                new Transport.ProxyException(
                        "the proxy " + this + " cannot be reached: " + AcmeErrors.reason(unreachable), unreachable);
            case IOException tunnel
            when tunnelRefused ->
                new Transport.ProxyException(
                        "the proxy " + this + " refused to connect to the CA: " + failure.getMessage(), tunnel);
            case ProtocolException garbage ->
                new Transport.ProxyException("the response through the proxy " + this + " is not HTTP", garbage);
            default -> failure;
        };
    }

    @Override
    public String toString() {
        return address.getHostString() + ":" + address.getPort() + " (" + variable + ")";
    }
}
