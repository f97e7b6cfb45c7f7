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
import org.ringcert.daemon.front.FrontResponse.ConnectionField;

/**
 * One connection. Serves one request after the other, each of them only when the previous response is written. Reads
 * only when it can process what arrives, so a client that does not take its responses fills its own buffers and not the
 * heap.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** Maximum bytes to drain after the last response. */
    private static final int MAX_DRAINED_BYTES = 256 * 1024;

    private enum State {
        READING,
        AWAITING_RESPONSE,
        WRITING,
        DRAINING,
        CLOSED
    }

    /** What happens once a response is written. */
    private enum AfterWrite {
        READ_NEXT,
        DRAIN,
        CLOSE
    }

    /** The index of a connection that is not in the list. */
    static final int NOT_LISTED = -1;

    /** The index in the list of {@link OpenConnections}, which alone uses it. */
    int index = NOT_LISTED;

    private final SocketChannel channel;
    private final InetAddress source;
    private final OpenConnections connections;
    private final RequestHandler handler;
    private final FrontEvents events;
    private final FrontLimits limits;
    private final RequestHeadReader reader = new RequestHeadReader();
    private State state = State.READING;
    private long deadline;
    private int unwrittenBytes;
    private int countedBytes;
    private int drainedBytes;
    private int requests;
    private boolean isAdvancing;

    Connection(
            SocketChannel channel,
            InetAddress source,
            OpenConnections connections,
            RequestHandler handler,
            FrontEvents events,
            FrontLimits limits) {
        this.channel = channel;
        this.source = source;
        this.connections = connections;
        this.handler = handler;
        this.events = events;
        this.limits = limits;
    }

    InetAddress source() {
        return source;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        connections.add(this);
        startTimeout(limits.headTimeout());
        channel.read();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        connections.addUnfinishedBytes(-countedBytes);
        countedBytes = 0;
        connections.remove(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf bytes = (ByteBuf) message;
            if (state == State.DRAINING) {
                drainedBytes += bytes.readableBytes();
            } else {
                if (reader.isEmpty() && requests > 0) {
                    startTimeout(limits.headTimeout());
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
            events.internalError(cause);
        }
        close();
    }

    /** Closes this connection or sends an error if its deadline has passed. */
    void closeIfOverdue(long nanoTime) {
        if (nanoTime - deadline < 0) {
            return;
        }
        switch (state) {
            case READING -> {
                if (reader.isEmpty()) {
                    close();
                } else {
                    refuse(HttpError.REQUEST_TIMEOUT);
                }
            }
            case AWAITING_RESPONSE -> refuse(HttpError.UNAVAILABLE);
            case WRITING, DRAINING, CLOSED -> close();
        }
    }

    void closeUnlessAnswering() {
        switch (state) {
            case READING, DRAINING, CLOSED -> close();
            case AWAITING_RESPONSE, WRITING -> {}
        }
    }

    void close() {
        state = State.CLOSED;
        ChannelFuture _ = channel.close();
    }

    // Loops instead of recursing: a response is usually written by the time the call to write it returns, and many
    // requests may have arrived at once.
    private void advance() {
        if (isAdvancing) {
            return;
        }
        isAdvancing = true;
        try {
            while (state == State.READING && serveNext()) {
                // The condition does the work.
            }
        } finally {
            isAdvancing = false;
        }
        if (state == State.DRAINING && drainedBytes > MAX_DRAINED_BYTES) {
            close();
        }
        countUnfinishedBytes();
        if (state == State.READING || state == State.DRAINING) {
            channel.read();
        }
    }

    /** Serves the next request if it is complete; returns false if it is not or must be refused. */
    private boolean serveNext() {
        try {
            Optional<RequestHead> head = reader.next();
            head.ifPresent(this::serve);
            return head.isPresent();
        } catch (RejectedRequestException e) {
            refuse(e.error());
            return false;
        }
    }

    private void serve(RequestHead head) {
        requests++;
        state = State.AWAITING_RESPONSE;
        startTimeout(limits.answerTimeout());
        handler.handle(head, source, response -> {
            // The request may have timed out meanwhile, or the client may be gone.
            if (state == State.AWAITING_RESPONSE) {
                respond(response, head);
            }
        });
    }

    private void respond(FrontResponse response, RequestHead head) {
        boolean isLast = response.closesConnection()
                || head.closesConnection()
                || requests >= limits.maxRequestsPerConnection()
                || connections.isClosing();
        ConnectionField connectionField =
                isLast ? ConnectionField.CLOSE : head.isHttp11() ? ConnectionField.ABSENT : ConnectionField.KEEP_ALIVE;
        String date = connections.date();
        byte[] bytes = head.hasMethodHead()
                ? response.bytesWithoutBody(connectionField, date)
                : response.bytes(connectionField, date);
        write(bytes, isLast ? afterLastWrite(head) : AfterWrite.READ_NEXT);
    }

    // If the client does not expect the end, more of its requests may be on the way. Closing immediately would reset
    // the
    // connection, and the client would lose what it has not read yet (RFC 9112, section 9.6).
    private static AfterWrite afterLastWrite(RequestHead head) {
        return head.mayHaveBody() || !head.closesConnection() ? AfterWrite.DRAIN : AfterWrite.CLOSE;
    }

    private void refuse(HttpError error) {
        events.requestRefused(error);
        write(FrontResponse.error(error).bytes(ConnectionField.CLOSE, connections.date()), AfterWrite.DRAIN);
    }

    private void write(byte[] bytes, AfterWrite then) {
        state = State.WRITING;
        unwrittenBytes = bytes.length;
        startTimeout(limits.writeTimeout());
        if (then != AfterWrite.READ_NEXT) {
            reader.discard();
        }
        channel.writeAndFlush(Unpooled.wrappedBuffer(bytes)).addListener((ChannelFutureListener) written -> {
            if (state != State.WRITING) {
                return;
            }
            unwrittenBytes = 0;
            if (!written.isSuccess() || connections.isClosing()) {
                close();
            } else {
                finishWrite(then);
            }
            advance();
        });
        countUnfinishedBytes();
    }

    private void finishWrite(AfterWrite then) {
        switch (then) {
            case READ_NEXT -> {
                state = State.READING;
                startTimeout(reader.isEmpty() ? limits.idleTimeout() : limits.headTimeout());
            }
            case DRAIN -> {
                state = State.DRAINING;
                startTimeout(limits.drainTimeout());
                ChannelFuture _ = channel.shutdownOutput();
            }
            case CLOSE -> close();
        }
    }

    private void countUnfinishedBytes() {
        int bytes = state == State.CLOSED ? 0 : reader.capacity() + unwrittenBytes;
        int added = bytes - countedBytes;
        countedBytes = bytes;
        connections.addUnfinishedBytes(added);
        if (added > 0 && connections.hasTooManyUnfinishedBytes()) {
            close();
        }
    }

    private void startTimeout(Duration timeout) {
        deadline = channel.eventLoop().ticker().nanoTime() + timeout.toNanos();
    }
}
