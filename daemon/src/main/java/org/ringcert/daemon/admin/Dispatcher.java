package org.ringcert.daemon.admin;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.ringcert.daemon.admin.AdminRoutes.Hosts;
import org.ringcert.daemon.admin.AdminRoutes.Route;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of the admin server: checks each, calls the handler of its route, and adds the header fields
 * that all responses have. A connection carries one request. So nothing that follows it is ever taken for another one,
 * and its buffers are free as soon as it is answered. Thread-safe.
 */
final class Dispatcher implements HttpHandler {

    private static final Logger log = LoggerFactory.getLogger("ringcert.admin");

    /** A page of 50,000 cells takes seven megabytes while it is made, and the heap has 64. */
    private static final int MAX_HEAVY_REQUESTS = 4;

    /** How long a request for a heavy path waits for others. */
    private static final Duration HEAVY_WAIT = Duration.ofSeconds(10);

    /** Together with {@link #MAX_SLOW_REQUESTS} far less than all requests, so that there is always room for probes. */
    private static final int MAX_WAITING_REQUESTS = 32;

    private static final int MAX_SLOW_REQUESTS = 64;

    /** A client can repeat a request that fails as often as it likes. */
    private static final Duration BETWEEN_REPORTS = Duration.ofHours(1);

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private final AdminRoutes routes;
    private final HostCheck hostCheck;
    private final RequestThreads threads;
    private final Semaphore heavyRequests = new Semaphore(MAX_HEAVY_REQUESTS, true);
    private final Semaphore slowRequests = new Semaphore(MAX_SLOW_REQUESTS);

    /** When a failure of a route was last reported, by {@link System#nanoTime}. */
    private final Map<String, Long> reports = new ConcurrentHashMap<>();

    Dispatcher(AdminRoutes routes, HostCheck hostCheck, RequestThreads threads) {
        this.routes = routes;
        this.hostCheck = hostCheck;
        this.threads = threads;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        threads.headIsComplete();
        try (exchange) {
            answer(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange) throws IOException, InterruptedException {
        try {
            AdminRequest request = RequestParser.parse(exchange);
            Route route = route(exchange, request);
            switch (route.load()) {
                case LIGHT -> send(exchange, route, request);
                case SLOW -> sendInSlot(slowRequests, slowRequests.tryAcquire(), exchange, route, request);
                case HEAVY -> sendInSlot(heavyRequests, awaitHeavySlot(), exchange, route, request);
            }
        } catch (RefusedRequestException e) {
            switch (e.status()) {
                case 405 -> exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                case 503 -> exchange.getResponseHeaders().set("Retry-After", "1");
                default -> {}
            }
            send(exchange, e.response());
        }
    }

    private boolean awaitHeavySlot() throws InterruptedException {
        return heavyRequests.getQueueLength() < MAX_WAITING_REQUESTS
                && heavyRequests.tryAcquire(HEAVY_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sendInSlot(
            Semaphore slots, boolean isAcquired, HttpExchange exchange, Route route, AdminRequest request)
            throws IOException, InterruptedException, RefusedRequestException {
        if (!isAcquired) {
            throw new RefusedRequestException(503, "too many requests at the same time; try again");
        }
        try {
            send(exchange, route, request);
        } finally {
            slots.release();
        }
    }

    private void send(HttpExchange exchange, Route route, AdminRequest request)
            throws IOException, InterruptedException {
        AdminResponse response = answer(route, request);
        try {
            send(exchange, response);
        } catch (RuntimeException e) {
            // The status has been sent already. A client that has gone away is no bug.
            if (!(e.getCause() instanceof IOException)) {
                report(route, e);
            }
        }
    }

    private Route route(HttpExchange exchange, AdminRequest request) throws RefusedRequestException {
        Headers headers = exchange.getRequestHeaders();
        Route route = routes.find(request.path()).orElse(null);
        hostCheck.check(headers, route == null ? Hosts.OWN : route.hosts());
        if (route == null) {
            throw new RefusedRequestException(404, "there is no such page");
        }
        return route;
    }

    private AdminResponse answer(Route route, AdminRequest request) throws InterruptedException {
        try {
            return route.handler().answer(request);
        } catch (RuntimeException e) {
            report(route, e);
            return AdminResponse.text(500, "this is a bug in Ringcert; the log of this server says more");
        }
    }

    private void report(Route route, RuntimeException failure) {
        long now = System.nanoTime();
        Long previous = reports.get(route.path());
        if (previous == null || now - previous > BETWEEN_REPORTS.toNanos()) {
            reports.put(route.path(), now);
            log.error("{} could not be answered; this is a bug in Ringcert", route.path(), failure);
        }
    }

    private static void send(HttpExchange exchange, AdminResponse response) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Connection", "close");
        headers.set("Content-Type", response.contentType());
        headers.set("Content-Security-Policy", CONTENT_SECURITY_POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        byte[] body = response.body();
        if (exchange.getRequestMethod().equals("HEAD")) {
            if (response.pieces().isEmpty()) {
                headers.set("Content-Length", String.valueOf(body.length));
            }
            exchange.sendResponseHeaders(response.status(), -1);
            return;
        }
        if (response.pieces().isPresent()) {
            exchange.sendResponseHeaders(response.status(), 0);
            try (OutputStream out = exchange.getResponseBody()) {
                response.pieces().get().writeTo(out);
            }
            return;
        }
        // A length of 0 would mean a body of unknown length.
        exchange.sendResponseHeaders(response.status(), body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }
}
