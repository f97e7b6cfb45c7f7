package org.ringcert.daemon.admin.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.cluster.HostName;
import org.ringcert.store.CertificateName;
import org.ringcert.store.HistoryEvent;
import org.ringcert.store.HistoryEvent.Hop;
import org.ringcert.store.HistoryEventType;

class HistoryWordsTest {

    @ParameterizedTest
    @CsvSource({
        "https://localhost:45723/dir, localhost:45723",
        "https://ca.example.org/dir, ca.example.org",
        "https://ca.example.org:443/dir, ca.example.org",
        "https://[::1]:14000/dir, [::1]:14000"
    })
    void namesTheCaWithItsPortUnlessItIsThatOfHttps(URI directory, String ca) {
        assertThat(item(HistoryEventType.ORDERED, Optional.of(directory), List.of())
                        .text())
                .isEqualTo("Ordered a certificate at " + ca);
    }

    @Test
    void saysInPlainWordsWhatBecameOfARequest() {
        List<Hop> hops = List.of(
                new Hop("http://www.example.org/.well-known/acme-challenge/x", "192.0.2.1", ""),
                new Hop("", "127.0.0.1", "held"),
                new Hop("", "127.0.0.1", "relayed"),
                new Hop("", "127.0.0.1", "sent-to http://web1.example.org/.well-known/acme-challenge/x?left=2"),
                new Hop("", "127.0.0.1", "sent-to no address"),
                new Hop("", "127.0.0.1", "unknown"));

        assertThat(item(HistoryEventType.VALIDATED, Optional.empty(), hops).hops())
                .containsExactly(
                        "http://www.example.org/.well-known/acme-challenge/x at 192.0.2.1",
                        "from 127.0.0.1: answered here",
                        "from 127.0.0.1: answered here for another server",
                        "from 127.0.0.1: sent to web1.example.org",
                        "from 127.0.0.1: sent to no address",
                        "from 127.0.0.1: not found here");
    }

    private static HistoryItem item(HistoryEventType type, Optional<URI> ca, List<Hop> hops) {
        return HistoryWords.latestFirst(List.of(new HistoryEvent(
                        Instant.EPOCH,
                        CertificateName.first(new HostName("www.example.org")),
                        type,
                        ca,
                        Optional.empty(),
                        "",
                        hops,
                        Optional.empty())))
                .getFirst();
    }
}
