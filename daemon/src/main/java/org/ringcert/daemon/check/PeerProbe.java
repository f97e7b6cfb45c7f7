package org.ringcert.daemon.check;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.ringcert.challenge.Token;
import org.ringcert.cluster.Node;
import org.ringcert.http.HostResolver;
import org.ringcert.http.HttpGet;

/** Asks a peer for a token that no node holds, as peers do to find out whether one is up. Thread-safe. */
final class PeerProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Token NONEXISTENT = new Token("ringcert-is-anybody-there");

    private final HostResolver resolver;
    private final InstantSource clock;

    PeerProbe(HostResolver resolver, InstantSource clock) {
        this.resolver = resolver;
        this.clock = clock;
    }

    PeerState probe(Node peer) {
        try {
            IOException failure = new IOException("it has no address");
            for (InetSocketAddress address : resolver.resolve(peer.address(), peer.port(), TIMEOUT)) {
                try {
                    return state(
                            HttpGet.fetch(address, peer.authority(), NONEXISTENT.path() + "?left=", TIMEOUT, 1024));
                } catch (IOException e) {
                    failure = e;
                }
            }
            throw failure;
        } catch (ProtocolException e) {
            return new PeerState.Garbled(peer.address() + ", port " + peer.port());
        } catch (IOException e) {
            return new PeerState.Down("no answer at " + peer.address() + ", port " + peer.port() + " ("
                    + String.valueOf(e.getMessage()).replaceAll("[^ -~]", "?") + ")");
        }
    }

    private PeerState state(HttpGet.Response response) {
        return response.status() < 500
                ? new PeerState.Up(response.headers().onlyValue("Date").flatMap(this::clockOffset))
                : new PeerState.Down("it answers with status " + response.status());
    }

    private Optional<Duration> clockOffset(String date) {
        try {
            Instant peers = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(Duration.between(clock.instant(), peers));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
