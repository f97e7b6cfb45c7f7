package org.ringcert.daemon.front;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringcert.http.HttpGet;

/**
 * Port 80: answers challenges and redirects everything else to https (RFC 9112 for HTTP/1.1 and 1.0). Thread-safe,
 * except that a {@link FrontListener} must not call it.
 *
 * <p>One thread serves all connections, so there are no locks. Only answers that may block run on virtual threads.
 */
public final class Front implements AutoCloseable {

    // Room for what a CA or a browser sends at once. It is allocated only while bytes are read.
    private static final int READ_BUFFER_BYTES = 2 * 1024;
    private static final int BACKLOG = 1024;
    private static final long ANSWER_GRACE_MILLIS = 1_000;
    private static final long LOOP_SHUTDOWN_MILLIS = 500;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("front"), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final FrontLimits limits;
    private final FrontEvents events;
    private final OpenConnections connections;
    private final ChallengeDispatcher challenges;
    private final LookDispatcher looks;
    private final RequestHandler handler;
    private final List<Channel> servers = new ArrayList<>();
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private Front(FrontService service, FrontLimits limits, FrontListener listener, InstantSource clock) {
        this.limits = limits;
        this.events = new FrontEvents(listener);
        this.connections = new OpenConnections(limits, events, clock);
        this.challenges = new ChallengeDispatcher(loop, limits.maxPendingAnswers(), events);
        this.looks = new LookDispatcher(loop, limits.maxPendingLooks(), events);
        this.handler = new RequestHandler(service, challenges, looks, events);
    }

    /**
     * Asks whether a front of Ringcert, in any process, answers at this address. Requests its health and blocks for two
     * seconds at most. The response itself decides, because another program may answer every path with 200.
     */
    public static boolean answersAt(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        InetSocketAddress target = host.isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
        try {
            HttpGet.Response response = HttpGet.fetch(target, "localhost", Router.HEALTH, Duration.ofSeconds(2), 1024);
            return response.status() == 200 && response.body().equals(FrontResponse.HEALTHY);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Starts a front that listens on all addresses, or fails and listens on none.
     *
     * @param listen port 0 means any free port; {@code [::]} accepts IPv4 as well, so {@code 0.0.0.0} with the same
     *     port is ignored
     * @param clock for the date of responses
     * @throws ListenException if one of the addresses cannot be listened on
     */
    public static Front start(
            List<InetSocketAddress> listen,
            FrontService service,
            FrontLimits limits,
            FrontListener listener,
            InstantSource clock)
            throws ListenException {
        Front front = new Front(service, limits, listener, clock);
        try {
            for (InetSocketAddress address : BindAddresses.withoutRedundant(listen)) {
                front.bind(address);
            }
        } catch (ListenException e) {
            front.close();
            throw e;
        }
        Future<?> _ = front.loop.scheduleWithFixedDelay(front::runEverySecond, 1, 1, TimeUnit.SECONDS);
        return front;
    }

    /** Returns the addresses that this listens on, with the actual ports, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return servers.stream()
                .map(server -> (InetSocketAddress) server.localAddress())
                .toList();
    }

    /** Serves this from the next request on. The addresses and limits stay as they are. */
    public void reconfigure(FrontService service) {
        handler.reconfigure(service);
    }

    /**
     * Stops listening immediately, gives pending answers a second to complete, then closes all connections. Returns
     * within two seconds.
     */
    @Override
    public void close() {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        CountDownLatch drained = new CountDownLatch(1);
        loop.execute(() -> {
            for (Channel server : servers) {
                ChannelFuture _ = server.close();
            }
            connections.closeGracefully(drained::countDown);
        });
        try {
            boolean _ = drained.await(ANSWER_GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // The interrupt asks for a quicker end.
            Thread.currentThread().interrupt();
        }
        loop.execute(connections::closeAll);
        challenges.close();
        looks.close();
        group.shutdownGracefully(0, LOOP_SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOP_SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void runEverySecond() {
        try {
            connections.checkDeadlines(loop.ticker().nanoTime());
            events.flush();
        } catch (RuntimeException e) {
            // If this were thrown, the loop would not run the task again.
            events.internalError(e);
        }
    }

    private void bind(InetSocketAddress address) throws ListenException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false, true))
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_BUFFER_BYTES))
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            throw BindAddresses.failure(address, cause);
        }
        servers.add(bound.channel());
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress source = channel.remoteAddress();
        if (source == null) {
            // The client is gone already.
            ChannelFuture _ = channel.close();
        } else if (connections.admits(source.getAddress())) {
            channel.pipeline()
                    .addLast(new Connection(channel, source.getAddress(), connections, handler, events, limits));
        } else {
            events.connectionRefused();
            ChannelFuture _ = channel.close();
        }
    }
}
