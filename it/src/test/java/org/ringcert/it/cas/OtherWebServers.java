package org.ringcert.it.cas;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ringcert.cluster.HostName;

/**
 * The web servers of {@link CaNetwork} that are no nodes: one with a welcome page, and two that record what a CA sends.
 * Of these, the first redirects every request, and the second fetches the answer from node 0. Thread-safe.
 */
final class OtherWebServers implements AutoCloseable {

    /** The name of the second recorder. */
    static final HostName SECOND_RECORDER = new HostName("recorder.example.net");

    /** Redirects in a chain after which the first recorder gives the answer. */
    static final int MAX_HOPS = 40;

    private static final String HOP = "hop=";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Where the first recorder redirects to. */
    enum Target {
        /** To the second recorder. */
        SECOND_RECORDER,
        /** To itself, {@link #MAX_HOPS} times. */
        ITSELF
    }

    /**
     * A request to a recorder.
     *
     * @param recorder 0 or 1
     * @param hop how many redirects led here, if the first recorder redirects to itself
     */
    record Recorded(int recorder, int hop, String host, String userAgent) {}

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final List<Recorded> requests = new CopyOnWriteArrayList<>();
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile Target target = Target.SECOND_RECORDER;

    /** Starts all three on port 80. */
    static OtherWebServers start() throws IOException {
        OtherWebServers started = new OtherWebServers();
        try {
            started.serve(CaNetwork.WELCOME, OtherWebServers::welcome);
            started.serve(CaNetwork.RECORDERS.getFirst(), started::redirect);
            started.serve(CaNetwork.RECORDERS.getLast(), exchange -> {
                started.record(1, 0, exchange);
                started.fetchFromNode(exchange);
            });
            return started;
        } catch (IOException e) {
            started.close();
            throw e;
        }
    }

    private interface Handler {
        void answer(HttpExchange exchange) throws IOException;
    }

    private void serve(InetAddress address, Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 80), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.answer(exchange);
            }
        });
        server.start();
        servers.add(server);
    }

    /** Changes what the first recorder does, and forgets the requests so far. */
    void redirectTo(Target newTarget) {
        target = newTarget;
        requests.clear();
    }

    /** Returns the requests to the recorders so far. */
    List<Recorded> requests() {
        return List.copyOf(requests);
    }

    private static void welcome(HttpExchange exchange) throws IOException {
        send(exchange, 200, "<!DOCTYPE html><title>Welcome</title><h1>It works!</h1>\n");
    }

    private void redirect(HttpExchange exchange) throws IOException {
        int hop = Optional.ofNullable(exchange.getRequestURI().getQuery())
                .filter(query -> query.startsWith(HOP))
                .map(query -> Integer.parseInt(query.substring(HOP.length())))
                .orElse(0);
        record(0, hop, exchange);
        if (hop == MAX_HOPS) {
            fetchFromNode(exchange);
            return;
        }
        String path = exchange.getRequestURI().getPath();
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        switch (target) {
                            case SECOND_RECORDER -> "http://" + SECOND_RECORDER + path;
                            case ITSELF -> "http://" + CaProbe.SITES.getLast() + path + "?" + HOP + (hop + 1);
                        });
        send(exchange, 302, "");
    }

    private void record(int recorder, int hop, HttpExchange exchange) {
        requests.add(new Recorded(recorder, hop, header(exchange, "Host"), header(exchange, "User-Agent")));
    }

    private static String header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).orElse("");
    }

    private void fetchFromNode(HttpExchange exchange) throws IOException {
        URI url = URI.create("http://" + CaNetwork.NODES.getFirst().getHostAddress()
                + exchange.getRequestURI().getPath());
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(url).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
            send(exchange, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        // step-ca would use the open connection again after the name has been led elsewhere. acme2certifier asks for
        // this, and without it would send the next request on a connection that is being closed.
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        servers.forEach(server -> server.stop(0));
        client.shutdownNow();
        threads.shutdownNow();
    }
}
