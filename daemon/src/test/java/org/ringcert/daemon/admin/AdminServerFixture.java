package org.ringcert.daemon.admin;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.ringcert.cluster.HostName;
import org.slf4j.LoggerFactory;

/** An admin server with a route of each sort. */
abstract class AdminServerFixture {

    private static final HostName SELF = new HostName("web0.example.org");

    final ListAppender<ILoggingEvent> appender = new ListAppender<>();
    final Logger logger = (Logger) LoggerFactory.getLogger("ringcert.admin");
    final CountDownLatch release = new CountDownLatch(1);
    final CountDownLatch answering = new CountDownLatch(1);
    final AdminServer server = start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    final InetSocketAddress address = server.address().orElseThrow();

    AdminServerFixture() {
        appender.start();
        logger.addAppender(appender);
    }

    final AdminServer start(InetSocketAddress listen) {
        AdminRoutes routes = AdminRoutes.builder()
                .probe("/livez", request -> AdminResponse.text(200, "live " + request.query()))
                .page("/", _ -> AdminResponse.text(200, "the page"))
                .page("/bug", _ -> {
                    throw new IllegalStateException("secret detail");
                })
                .page("/slow", _ -> {
                    answering.countDown();
                    release.await();
                    return AdminResponse.text(200, "at last");
                })
                .page("/pieces", _ -> AdminResponse.inPieces(200, "text/plain", out -> out.write(new byte[100_000])))
                .slowProbe("/readyz", _ -> {
                    release.await();
                    return AdminResponse.text(200, "ready");
                })
                .page("/accept", request -> AdminResponse.text(200, "[" + request.accept() + "]"))
                .page("/empty", _ -> new AdminResponse(200, "text/plain", new byte[0]))
                .file("/page.css", _ -> AdminResponse.text(200, "style"))
                .page(
                        "/half",
                        _ -> AdminResponse.inPieces(200, "text/plain", out -> {
                            out.write('a');
                            throw new IllegalStateException("secret detail");
                        }))
                .page(
                        "/gone",
                        _ -> AdminResponse.inPieces(200, "text/plain", _ -> {
                            throw new UncheckedIOException(new IOException("Broken pipe"));
                        }))
                .pages("/site/", request -> AdminResponse.text(200, request.path()))
                .build();
        return AdminServer.start(listen, SELF, routes, _ -> Optional.of("nginx (pid 7)"));
    }

    @AfterEach
    final void close() {
        release.countDown();
        server.close();
        logger.detachAppender(appender);
    }

    static String get(String target) {
        return get(target, "127.0.0.1");
    }

    static String get(String target, String host) {
        return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    }

    final String response(String request) throws IOException {
        return RawRequest.send(address, request);
    }

    final int status(String request) throws IOException {
        return RawRequest.status(address, request);
    }
}
