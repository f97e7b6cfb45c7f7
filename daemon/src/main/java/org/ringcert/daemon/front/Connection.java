package org.ringcert.daemon.front;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import org.ringcert.daemon.front.Response.Persistence;

/**
 * One connection: one request after the other, the next one not before the answer is written. Reads only when it can do
 * something with what comes, so a client that does not take its answers fills its own buffers, not the heap.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** More than this is not read of what nobody wants any more. */
    private static final int MOST_LINGERING = 256 * 1024;

    private enum State {
        READING,
        ASKING,
        WRITING,
        LINGERING,
        CLOSED
    }

    /** The place of those that are not in the list. */
    static final int ABSENT = -1;

    /** Its index in the list of all, which only that list uses. */
    int place = ABSENT;

    private final SocketChannel channel;
    private final InetAddress source;
    private final Connections connections;
    private final ChallengeDispatcher desk;
    private final FrontLimits limits;
    private final HeadReader reader = new HeadReader();
    private State state = State.READING;
    private long deadline;
    private int unwritten;
    private int counted;
    private int requests;
    private int lingered;
    private boolean advancing;

    Connection(
            SocketChannel channel,
            InetAddress source,
            Connections connections,
            ChallengeDispatcher desk,
            FrontLimits limits) {
        this.channel = channel;
        this.source = source;
        this.connections = connections;
        this.desk = desk;
        this.limits = limits;
    }

    InetAddress source() {
        return source;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connections.add(this);
        within(limits.head());
        channel.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        connections.fit(-counted);
        counted = 0;
        connections.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf bytes = (ByteBuf) message;
            if (state == State.LINGERING) {
                lingered += bytes.readableBytes();
            } else {
                if (reader.isEmpty() && requests > 0) {
                    within(limits.head());
                }
                reader.append(ByteBufUtil.getBytes(bytes));
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        advance();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof IOException)) {
            desk.troubles().add(cause);
        }
        close();
    }

    /** By the sweep. */
    void endIfOver(long nanoTime) {
        if (nanoTime - deadline < 0) {
            return;
        }
        switch (state) {
            case READING -> {
                if (reader.isEmpty()) {
                    close();
                } else {
                    refuse(Refusal.REQUEST_TIMEOUT);
                }
            }
            case ASKING -> refuse(Refusal.UNAVAILABLE);
            case WRITING, LINGERING, CLOSED -> close();
        }
    }

    void endUnlessAnswering() {
        switch (state) {
            case READING, LINGERING, CLOSED -> close();
            case ASKING, WRITING -> {}
        }
    }

    void close() {
        state = State.CLOSED;
        ChannelFuture _ = channel.close();
    }

    // Loops rather than recurs: an answer is mostly written when the call to write it returns, and many requests may
    // have come at once.
    private void advance() {
        if (advancing) {
            return;
        }
        advancing = true;
        try {
            while (state == State.READING && next()) {
                // What to do is in the condition.
            }
        } finally {
            advancing = false;
        }
        if (state == State.LINGERING && lingered > MOST_LINGERING) {
            close();
        }
        count();
        if (state == State.READING || state == State.LINGERING) {
            channel.read();
        }
    }

    private boolean next() {
        try {
            Optional<Head> head = reader.next();
            head.ifPresent(this::serve);
            return head.isPresent();
        } catch (RefusedException e) {
            refuse(e.refusal());
            return false;
        }
    }

    private void serve(Head head) {
        requests++;
        switch (desk.rules().decide(head, source)) {
            case Route.Ask ask -> {
                state = State.ASKING;
                within(limits.answer());
                desk.ask(ask.request(), response -> {
                    // Its time may be over, or the client gone.
                    if (state == State.ASKING) {
                        respond(response, head);
                    }
                });
            }
            case Route.Well() -> respond(Response.well(), head);
            case Route.Redirect redirect -> respond(Response.of(redirect), head);
            case Route.Refuse refuse -> respond(Response.of(refuse.refusal()), head);
        }
    }

    // Where the client does not expect the end, more of its requests may be on the way. Closing at once would reset the
    // connection, and what it has not read yet would be lost (RFC 9112, section 9.6).
    private void respond(Response response, Head head) {
        boolean last = response.closes() || head.ends() || requests >= limits.requests() || connections.isEnding();
        Persistence persistence = last ? Persistence.CLOSES : head.persistent() ? Persistence.STAYS : Persistence.KEPT;
        write(response.bytes(!head.isHead(), persistence, connections.date()), last, head.body() || !head.ends());
    }

    private void refuse(Refusal refusal) {
        write(Response.of(refusal).bytes(true, Persistence.CLOSES, connections.date()), true, true);
    }

    private void write(byte[] bytes, boolean last, boolean lingers) {
        state = State.WRITING;
        unwritten = bytes.length;
        within(limits.write());
        if (last) {
            reader.drop();
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener((ChannelFutureListener) written -> {
            if (state != State.WRITING) {
                return;
            }
            unwritten = 0;
            if (!written.isSuccess() || connections.isEnding()) {
                close();
            } else if (!last) {
                state = State.READING;
                within(reader.isEmpty() ? limits.idle() : limits.head());
            } else if (lingers) {
                state = State.LINGERING;
                within(limits.linger());
                ChannelFuture _ = channel.shutdownOutput();
            } else {
                close();
            }
            advance();
        });
        count();
    }

    private void count() {
        int kept = state == State.CLOSED ? 0 : reader.capacity() + unwritten;
        int more = kept - counted;
        counted = kept;
        if (!connections.fit(more)) {
            close();
        }
    }

    private void within(Duration limit) {
        deadline = channel.eventLoop().ticker().nanoTime() + limit.toNanos();
    }
}
