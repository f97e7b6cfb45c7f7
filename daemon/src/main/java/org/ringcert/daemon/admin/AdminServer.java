package org.ringcert.daemon.admin;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server for administrators, balancers and monitoring programs. Answers GET and HEAD only. Without its port
 * the daemon does everything else, so an address that cannot be used is reported once, and tried again until it can.
 * Thread-safe.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("ringcert.admin");

    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);

    /** 30 KB each for the buffers of the JDK's server. */
    private static final int MAX_REQUESTS = 256;

    /** Connections that the kernel completes before they are accepted. */
    private static final int BACKLOG = 1_024;

    private final InetSocketAddress address;
    private final RequestThreads threads = new RequestThreads(MAX_REQUESTS);
    private final Dispatcher dispatcher;
    private final Function<InetSocketAddress, Optional<String>> portOwner;
    private final CountDownLatch closing = new CountDownLatch(1);
    private @Nullable HttpServer server;

    private AdminServer(
            InetSocketAddress address,
            HostName self,
            AdminRoutes routes,
            Function<InetSocketAddress, Optional<String>> portOwner) {
        this.address = address;
        this.dispatcher = new Dispatcher(routes, new HostCheck(self), threads);
        this.portOwner = portOwner;
    }

    /**
     * Starts a server. Never fails: an address that cannot be used is logged, and tried again until this is closed.
     *
     * @param address where to listen; port 0 for any free one
     * @param self the name of this node, under which the pages may be asked
     * @param portOwner returns which program listens at an address, if that can be seen; called if the address is taken
     */
    public static AdminServer start(
            InetSocketAddress address,
            HostName self,
            AdminRoutes routes,
            Function<InetSocketAddress, Optional<String>> portOwner) {
        ServerLimits.apply();
        AdminServer server = new AdminServer(address, self, routes, portOwner);
        try {
            server.listen();
        } catch (IOException e) {
            log.warn("{}", server.explain(e));
            Thread.ofVirtual().name("admin-retry").start(server::retry);
        }
        return server;
    }

    /** Returns the address that this listens on; empty while it cannot. */
    public synchronized Optional<InetSocketAddress> address() {
        return Optional.ofNullable(server).map(HttpServer::getAddress);
    }

    /** Returns the URL of the page, for a browser on this machine; empty while this cannot listen. */
    public Optional<String> url() {
        return address().map(listening -> {
            boolean isWildcard = listening.getAddress().isAnyLocalAddress();
            InetAddress host = isWildcard ? InetAddress.getLoopbackAddress() : listening.getAddress();
            return "http://" + AddressText.inUrl(host) + ":" + listening.getPort() + "/";
        });
    }

    private synchronized void listen() throws IOException {
        if (closing.getCount() == 0) {
            return;
        }
        HttpServer created = HttpServer.create(address, BACKLOG);
        created.setExecutor(threads);
        created.createContext("/", dispatcher);
        created.start();
        server = created;
    }

    private void retry() {
        try {
            while (!closing.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    listen();
                    url().ifPresent(url -> log.info("the admin page is at {} now", url));
                    return;
                } catch (IOException e) {
                    log.debug("the admin page still cannot listen on {}: {}", text(address), e.getMessage());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns what happened, what works without the page, and what to do. */
    private String explain(IOException failure) {
        return "the admin page cannot listen on " + text(address) + ": " + reason(failure)
                + ". Certificates and port 80 do not depend on it; it is tried again every "
                + RETRY_INTERVAL.toSeconds() + " seconds";
    }

    private String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        String lowerCase = message.toLowerCase(Locale.ROOT);
        if (failure instanceof BindException && lowerCase.contains("in use")) {
            return portOwner.apply(address).orElse("another program")
                    + " uses the port. Stop it, or set another `listen` in [admin]; \"off\" does without the page";
        }
        if (lowerCase.contains("permission denied")) {
            return "ports below 1024 need root or the capability CAP_NET_BIND_SERVICE. Set a higher port in [admin]";
        }
        if (lowerCase.contains("assign requested address")) {
            return "this server does not have that address. Set `admin` in its [[node]], or `listen` in [admin]";
        }
        return message;
    }

    private static String text(InetSocketAddress address) {
        return address.isUnresolved()
                ? address.toString()
                : AddressText.inUrl(address.getAddress()) + ":" + address.getPort();
    }

    /** Stops at once. Requests that are being answered are cut off. */
    @Override
    public void close() {
        HttpServer started;
        synchronized (this) {
            closing.countDown();
            started = server;
            server = null;
        }
        threads.close();
        if (started != null) {
            started.stop(0);
        }
    }
}
