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
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.handoff.ChallengeResponder;
import org.ringcert.http.HttpGet;

/**
 * Port 80: answers challenges, and sends everything else to https (RFC 9112 for HTTP/1.1 and 1.0). Methods may be
 * called by any thread but the one that serves.
 *
 * <p>One thread serves all connections, so there are no locks; only answers that may have to wait run on virtual
 * threads.
 */
public final class Front implements AutoCloseable {

    // Room for what a CA or a browser sends at once. Taken for the moment of reading only.
    private static final int READ_AT_ONCE = 2 * 1024;
    private static final int BACKLOG = 1024;
    private static final long ANSWERS_END_MILLIS = 1_000;
    private static final long LOOP_ENDS_MILLIS = 500;

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("front"), NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final FrontLimits limits;
    private final Connections connections;
    private final ChallengeDispatcher desk;
    private final List<Channel> servers = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Front(FrontLimits limits, ChallengeDispatcher.Service service, InstantSource clock) {
        this.limits = limits;
        this.connections = new Connections(limits, clock);
        this.desk = new ChallengeDispatcher(loop, limits.answersInWork(), service);
    }

    /**
     * Whether a front of Ringcert answers there, of whatever process: it is asked for its health. Blocks for two
     * seconds at most.
     */
    public static boolean answersAt(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        InetSocketAddress asked = host.isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort())
                : address;
        try {
            return HttpGet.fetch(asked, "localhost", Router.HEALTH, Duration.ofSeconds(2), 1024)
                            .status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Listens on all addresses, or on none.
     *
     * @param listen port 0 takes any free port; {@code [::]} takes IPv4 as well, so {@code 0.0.0.0} beside it is left
     *     out
     * @param cluster whose node this is
     * @param hosts what is redirected to https: the names of all sites and nodes
     * @param redirectOtherHosts whether every other host is, too
     * @param clock for the date that answers carry
     * @throws ListenException if one of the addresses cannot be listened on
     */
    public static Front start(
            List<InetSocketAddress> listen,
            Cluster cluster,
            Set<HostName> hosts,
            boolean redirectOtherHosts,
            ChallengeResponder responder,
            FrontLimits limits,
            InstantSource clock)
            throws ListenException {
        Router rules = new Router(cluster, hosts, redirectOtherHosts);
        Front front = new Front(limits, new ChallengeDispatcher.Service(rules, responder), clock);
        try {
            for (InetSocketAddress address : Listening.withoutDoubles(listen)) {
                front.bind(address);
            }
        } catch (ListenException e) {
            front.close();
            throw e;
        }
        Future<?> _ = front.loop.scheduleWithFixedDelay(front::sweep, 1, 1, TimeUnit.SECONDS);
        return front;
    }

    /** Where it listens, with the real ports, in the order of the configuration. */
    public List<InetSocketAddress> addresses() {
        return servers.stream()
                .map(server -> (InetSocketAddress) server.localAddress())
                .toList();
    }

    /** Serves by another configuration from the next request on. Where it listens and its limits stay. */
    public void change(Cluster cluster, Set<HostName> hosts, boolean redirectOtherHosts, ChallengeResponder responder) {
        desk.change(new ChallengeDispatcher.Service(new Router(cluster, hosts, redirectOtherHosts), responder));
    }

    /**
     * Stops listening at once, gives answers under way a second to end, then closes all connections. Returns within two
     * seconds.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CountDownLatch empty = new CountDownLatch(1);
        loop.execute(() -> {
            for (Channel server : servers) {
                ChannelFuture _ = server.close();
            }
            connections.end(empty::countDown);
        });
        try {
            boolean _ = empty.await(ANSWERS_END_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            // Whoever interrupts wants it to end sooner.
            Thread.currentThread().interrupt();
        }
        loop.execute(connections::closeAll);
        desk.close();
        group.shutdownGracefully(0, LOOP_ENDS_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(LOOP_ENDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void sweep() {
        try {
            connections.sweep(loop.ticker().nanoTime());
            desk.sweep();
        } catch (RuntimeException e) {
            // Thrown further, it would be the last sweep.
            desk.troubles().add(e);
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
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ_AT_ONCE))
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
            throw Listening.failure(address, cause);
        }
        servers.add(bound.channel());
    }

    private void accept(SocketChannel channel) {
        InetSocketAddress from = channel.remoteAddress();
        // Gone already, or too many of them.
        if (from == null || !connections.admits(from.getAddress())) {
            ChannelFuture _ = channel.close();
            return;
        }
        channel.pipeline().addLast(new Connection(channel, from.getAddress(), connections, desk, limits));
    }
}
