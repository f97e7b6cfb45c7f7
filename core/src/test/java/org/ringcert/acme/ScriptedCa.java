package org.ringcert.acme;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A CA for tests, over real sockets. By default it behaves: it verifies every signature, nonce and URL, and fulfills an
 * order for www.example.org at once. Tests replace the responses at single paths.
 */
final class ScriptedCa implements AutoCloseable {

    static final String DIRECTORY = "/dir";
    static final String NONCE = "/nonce";
    static final String ACCOUNTS = "/accounts";
    static final String ACCOUNT = "/account/1";
    static final String ORDERS = "/orders";
    static final String ORDER = "/order/1";
    static final String AUTHORIZATION = "/authz/1";
    static final String CHALLENGE = "/challenge/1";
    static final String FINALIZE = "/finalize/1";
    static final String CERTIFICATE = "/certificate/1";
    static final String RENEWAL_INFO = "/renewal-info";

    static final String PEM = """
            -----BEGIN CERTIFICATE-----
            MIIBkTCCATegAwIBAgIUIOP1UWxBQgbql/WKd7B/B+Ev++swCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjUwMDI0NTlaGA8yMTI2MTEwMTAwMjQ1
            OVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABD1B
            hZ47xmm54aHbBVEpsx9TizXMQaFOzfOC06sfRORSB31bgXYbvtbKeVw4oXXiGLQ2
            FK68PXFchICnSU9BoM+jbzBtMB0GA1UdDgQWBBSi7mINdRLADCghSJugRqVMCL8J
            pDAfBgNVHSMEGDAWgBSi7mINdRLADCghSJugRqVMCL8JpDAPBgNVHRMBAf8EBTAD
            AQH/MBoGA1UdEQQTMBGCD3d3dy5leGFtcGxlLm9yZzAKBggqhkjOPQQDAgNIADBF
            AiEAxyukU4uHiV6eXzyeCVuxhxTiDBGJ6E44wikAvJ1xX5sCIGhhQ3jpJj7lPWwr
            wR9/6u2B83qJnUcSGKZ+zWoQOx7r
            -----END CERTIFICATE-----
            """;

    static final JsonMapper JSON = new JsonMapper();

    /** A request. Header and payload are those of its JWS, whose signature has been verified. */
    record Received(String method, String path, Map<String, String> headers, JsonNode header, String payload) {}

    /** A response. The server adds a fresh nonce unless there is a nonce header already, even an empty one. */
    record Response(int status, Map<String, String> headers, String body) {

        static Response json(int status, String body) {
            return new Response(status, Map.of("Content-Type", "application/json"), body);
        }

        static Response problem(int status, String type, String detail) {
            String body = "{\"type\":\"" + ProblemDocument.NAMESPACE + type + "\",\"detail\":\"" + detail + "\"}";
            return new Response(status, Map.of("Content-Type", "application/problem+json"), body);
        }

        static Response html(int status) {
            return new Response(
                    status, Map.of("Content-Type", "text/html"), "<html><h1>" + status + " says the proxy</h1></html>");
        }

        Response with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Response(status, more, body);
        }
    }

    interface Script {
        Response respond(Received request);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final Map<String, Closing> closing = new ConcurrentHashMap<>();
    private final Set<String> nonces = ConcurrentHashMap.newKeySet();
    private final AtomicInteger nonceCount = new AtomicInteger();
    private final Queue<PublicKey> accountKeys = new ConcurrentLinkedQueue<>();
    final List<Received> received = new CopyOnWriteArrayList<>();

    ScriptedCa() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        behave();
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    URI directory() {
        return url(DIRECTORY);
    }

    void on(String path, Script script) {
        scripts.put(path, script);
    }

    /** Sends these responses first, then continues with the current script. */
    void firstOn(String path, Response... first) {
        Queue<Response> queue = new ConcurrentLinkedQueue<>(List.of(first));
        Script current = scripts.getOrDefault(path, _ -> Response.json(404, ""));
        on(path, request -> {
            Response next = queue.poll();
            return next == null ? current.respond(request) : next;
        });
    }

    long count(String path) {
        return received.stream().filter(request -> request.path().equals(path)).count();
    }

    Received last(String path) {
        return received.stream()
                .filter(request -> request.path().equals(path))
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    String directoryJson(String meta) {
        return """
                {"newNonce":"%s","newAccount":"%s","newOrder":"%s","renewalInfo":"%s","keyChange":"%s","fancy":[1,{"x":null}],"meta":%s}""".formatted(url(NONCE), url(ACCOUNTS), url(ORDERS), url(RENEWAL_INFO), url("/key-change"), meta);
    }

    String orderJson(String status) {
        return """
                {"status":"%s","expires":"2030-01-01T00:00:00Z","identifiers":[{"type":"dns","value":"www.example.org"}],
                "authorizations":["%s"],"finalize":"%s","certificate":"%s","unheardOf":{"deep":[[]]}}""".formatted(status, url(AUTHORIZATION), url(FINALIZE), url(CERTIFICATE));
    }

    String authorizationJson(String status) {
        return """
                {"status":"%s","identifier":{"type":"dns","value":"www.example.org"},"challenges":[
                {"type":"dns-persist-01","url":"%s","issuer-domain-names":["ca.example"]},
                {"type":"http-01","url":"%s","token":"DGyRejmCefe7v4NfDGDKfA","status":"%s"}]}""".formatted(status, url("/challenge/0"), url(CHALLENGE), status);
    }

    /** Closes the connections of the next requests for the path without reading them: their nonces remain valid. */
    void closeBeforeReading(String path, int requests) {
        closing.put(path, new Closing(Moment.BEFORE_READING, new AtomicInteger(requests)));
    }

    /** Carries out the next requests for the path, but closes their connections without responding. */
    void closeAfterReading(String path, int requests) {
        closing.put(path, new Closing(Moment.AFTER_READING, new AtomicInteger(requests)));
    }

    private enum Moment {
        BEFORE_READING,
        AFTER_READING
    }

    private record Closing(Moment moment, AtomicInteger remaining) {}

    private Optional<Closing> closing(String path) {
        return Optional.ofNullable(closing.get(path))
                .filter(each -> each.remaining().getAndDecrement() > 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void behave() {
        on(DIRECTORY, _ -> Response.json(200, directoryJson("{\"profiles\":{\"classic\":\"\",\"tlsserver\":\"\"}}")));
        on(NONCE, _ -> new Response(200, Map.of(), ""));
        on(
                ACCOUNTS,
                _ -> Response.json(201, "{\"status\":\"valid\"}")
                        .with("Location", url(ACCOUNT).toString()));
        on(
                ORDERS,
                _ -> Response.json(201, orderJson("pending"))
                        .with("Location", url(ORDER).toString()));
        on(ORDER, _ -> Response.json(200, orderJson("ready")));
        on(AUTHORIZATION, _ -> Response.json(200, authorizationJson("valid")));
        on(CHALLENGE, _ -> Response.json(200, "{}"));
        on(FINALIZE, _ -> Response.json(200, orderJson("valid")));
        on(CERTIFICATE, _ -> new Response(200, Map.of("Content-Type", "application/pem-certificate-chain"), PEM));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            Response response;
            Optional<Closing> closes = closing(path);
            if (closes.isPresent()) {
                if (closes.get().moment() == Moment.AFTER_READING) {
                    received.add(readOrFail(exchange, path));
                }
                // The connection is closed without a single byte of a response.
                return;
            }
            try {
                Received request = read(exchange, path);
                received.add(request);
                Script script = scripts.get(path);
                response = script == null ? Response.json(404, "") : script.respond(request);
            } catch (BadNonce _) {
                response = Response.problem(400, "badNonce", "unknown nonce");
            } catch (GeneralSecurityException | RuntimeException e) {
                response = Response.problem(
                        400, "malformed", "ScriptedCa: " + e.toString().replace('"', '\''));
            }
            send(exchange, response);
        }
    }

    private void send(HttpExchange exchange, Response response) throws IOException {
        if (!response.headers().containsKey("Replay-Nonce")) {
            String nonce = "nonce-" + nonceCount.incrementAndGet();
            nonces.add(nonce);
            exchange.getResponseHeaders().set("Replay-Nonce", nonce);
        }
        response.headers().forEach((name, value) -> {
            if (!value.isEmpty()) {
                exchange.getResponseHeaders().set(name, value);
            }
        });
        byte[] body = response.body().getBytes(StandardCharsets.UTF_8);
        boolean hasNoBody = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(response.status(), hasNoBody ? -1 : body.length);
        if (!hasNoBody) {
            exchange.getResponseBody().write(body);
        }
    }

    private Received readOrFail(HttpExchange exchange, String path) throws IOException {
        try {
            return read(exchange, path);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class BadNonce extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Received read(HttpExchange exchange, String path) throws IOException, GeneralSecurityException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        if (!exchange.getRequestMethod().equals("POST")) {
            return new Received(exchange.getRequestMethod(), path, headers, JSON.createObjectNode(), body);
        }
        check("application/jose+json".equals(headers.get("content-type")), "content type");
        JsonNode jws = JSON.readTree(body);
        JsonNode header = JSON.readTree(text(jws.path("protected")));
        PublicKey key = header.has("jwk") ? key(header.path("jwk")) : accountKeys.element();
        check(header.has("jwk") != header.has("kid"), "either jwk or kid");
        check(header.path("url").asString().equals(url(path).toString()), "url");
        check(verify(header.path("alg").asString(), key, jws), "signature");
        if (!nonces.remove(header.path("nonce").asString())) {
            throw new BadNonce();
        }
        if (header.has("jwk")) {
            accountKeys.clear();
            accountKeys.add(key);
        } else {
            check(header.path("kid").asString().equals(url(ACCOUNT).toString()), "kid");
        }
        return new Received("POST", path, headers, header, text(jws.path("payload")));
    }

    /** Verifies a signature without using any of the client's code. */
    static boolean verify(String algorithm, PublicKey key, JsonNode jws) throws GeneralSecurityException {
        byte[] bytes = Base64.getUrlDecoder().decode(jws.path("signature").asString());
        Signature signature = switch (algorithm) {
            case "ES256" -> Signature.getInstance("SHA256withECDSA");
            case "ES384" -> Signature.getInstance("SHA384withECDSA");
            case "RS256" -> Signature.getInstance("SHA256withRSA");
            default -> throw new GeneralSecurityException("algorithm " + algorithm);
        };
        signature.initVerify(key);
        signature.update(
                (jws.path("protected").asString() + "." + jws.path("payload").asString())
                        .getBytes(StandardCharsets.US_ASCII));
        if (algorithm.startsWith("ES")) {
            check(bytes.length == (algorithm.equals("ES256") ? 64 : 96), "length of the signature");
            return signature.verify(der(bytes));
        }
        return signature.verify(bytes);
    }

    /** Encodes plain r and s as a SEQUENCE of two INTEGERs. */
    private static byte[] der(byte[] plain) {
        byte[] r = new BigInteger(1, Arrays.copyOf(plain, plain.length / 2)).toByteArray();
        byte[] s = new BigInteger(1, Arrays.copyOfRange(plain, plain.length / 2, plain.length)).toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0x30, (byte) (r.length + s.length + 4), 2, (byte) r.length});
        out.writeBytes(r);
        out.writeBytes(new byte[] {2, (byte) s.length});
        out.writeBytes(s);
        return out.toByteArray();
    }

    static PublicKey key(JsonNode jwk) throws GeneralSecurityException {
        if (jwk.path("kty").asString().equals("RSA")) {
            return KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(number(jwk.path("n")), number(jwk.path("e"))));
        }
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(jwk.path("crv").asString().equals("P-256") ? "secp256r1" : "secp384r1"));
        ECPoint point = new ECPoint(number(jwk.path("x")), number(jwk.path("y")));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode node) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(node.asString()));
    }

    static String text(JsonNode node) {
        return new String(Base64.getUrlDecoder().decode(node.asString()), StandardCharsets.UTF_8);
    }

    private static void check(boolean valid, String part) {
        if (!valid) {
            throw new IllegalArgumentException("wrong " + part);
        }
    }
}
