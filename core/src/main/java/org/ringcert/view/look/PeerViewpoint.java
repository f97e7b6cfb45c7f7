package org.ringcert.view.look;

import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.cluster.PrintableText;
import org.ringcert.handoff.PeerRequest;
import org.ringcert.http.HttpGet;
import org.ringcert.view.ca.Viewpoint;
import org.ringcert.view.ca.ViewpointReply;

/**
 * A peer that is asked to look. At most {@value LookSlots#MAX_LOOKS} looks are in progress at that peer, and one for
 * each token; further ones wait. So looks in parallel need probes of their own. Thread-safe.
 */
public final class PeerViewpoint implements Viewpoint {

    /** How long to wait for a peer: four seconds, in which its look has ended, and one for a slow network. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** The pause before a busy peer is asked again. */
    private static final Duration BUSY_PAUSE = Duration.ofMillis(250);

    private static final String NOT_A_WEB_SERVER =
            "See which program listens on that port there. It must be a web server or the Ringcert daemon.";

    private static final int MAX_ATTEMPTS = 3;

    private final Node peer;
    private final HostName self;
    private final PeerRequest request;
    private final Duration timeout;
    private final Duration busyPause;
    private final LookSlots slots = new LookSlots();

    /** @param self this node, which holds the probes */
    public PeerViewpoint(Node peer, HostName self, PeerRequest request) {
        this(peer, self, request, TIMEOUT, BUSY_PAUSE);
    }

    PeerViewpoint(Node peer, HostName self, PeerRequest request, Duration timeout, Duration busyPause) {
        this.peer = peer;
        this.self = self;
        this.request = request;
        this.timeout = timeout;
        this.busyPause = busyPause;
    }

    @Override
    public HostName node() {
        return peer.name();
    }

    /** Asks the peer to look. Waits for other looks at that peer, then for five seconds at most. */
    @Override
    public ViewpointReply look(HostName name, KeyAuthorization probe) {
        try (LookSlots.Slot _ = slots.acquire(probe.token())) {
            return askUntilNotBusy(name, probe);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new ViewpointReply.NoReply("the wait for it was interrupted");
        } catch (SocketTimeoutException e) {
            return new ViewpointReply.NoReply("no answer within 4 s");
        } catch (UnknownHostException _) {
            return new ViewpointReply.NoReply("its address cannot be resolved");
        } catch (ConnectException e) {
            return new ViewpointReply.NoReply("cannot connect: " + reason(e));
        } catch (ProtocolException e) {
            return new ViewpointReply.CannotLook("its answer is not HTTP: " + reason(e), NOT_A_WEB_SERVER);
        } catch (IOException e) {
            return new ViewpointReply.NoReply("the connection failed: " + reason(e));
        }
    }

    private ViewpointReply askUntilNotBusy(HostName name, KeyAuthorization probe)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        String target = probe.token().path() + "?" + LookQuery.of(self, name);
        HttpGet.Response response = ask(target, deadline);
        for (int attempt = 2; attempt <= MAX_ATTEMPTS && response.status() == 503; attempt++) {
            if (remaining(deadline).compareTo(busyPause) <= 0) {
                break;
            }
            Thread.sleep(busyPause);
            try {
                response = ask(target, deadline);
            } catch (SocketTimeoutException _) {
                // It was busy, which says more than that there was no time for another attempt.
                break;
            }
        }
        return interpret(response, name, probe);
    }

    private HttpGet.Response ask(String target, long deadline) throws IOException {
        return request.send(peer, target, remaining(deadline), LookJson.MAX_BYTES);
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Interprets the response of a peer, which is untrusted. */
    static ViewpointReply interpret(HttpGet.Response response, HostName name, KeyAuthorization probe) {
        int status = response.status();
        return switch (status) {
            case 200 -> read(response, name, probe);
            case 404 ->
                new ViewpointReply.CannotLook("it does not look for peers, or could not get the probe (status 404)");
            case 503 ->
                new ViewpointReply.CannotLook(
                        "it is busy with looks for others, or its web server does not reach Ringcert (status 503)",
                        "Try again in a minute. If it happens again, see that its daemon runs.");
            default ->
                new ViewpointReply.CannotLook(
                        status / 100 == 3
                                ? "a web server or an earlier version answers there (status " + status + ")"
                                : "it answers with status " + status);
        };
    }

    private static ViewpointReply read(HttpGet.Response response, HostName name, KeyAuthorization probe) {
        if (response.truncated()) {
            return new ViewpointReply.CannotLook("its report has more than " + LookJson.MAX_BYTES + " bytes");
        }
        try {
            return new ViewpointReply.Seen(LookJson.read(response.body(), name, probe));
        } catch (LookFormatException e) {
            return new ViewpointReply.CannotLook("its report cannot be read: " + e.getMessage());
        }
    }

    private static String reason(IOException e) {
        return PrintableText.of(String.valueOf(e.getMessage()), 200);
    }
}
