package org.ringcert.renew;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.Preflight;
import org.ringcert.store.CertificateName;
import org.ringcert.store.StoreException;

/** A site with two CAs, and looks before its orders, of which the first ones fail. */
abstract class LookFixture {

    static final String REASON = "www.example.org leads to a server that does not answer. Open port 80.";
    static final Preflight FAILING = (_, _) -> new Preflight.Result.Postpone(REASON);
    static final CertificateSpec AT_FIRST = TwoCas.spec(TwoCas.SITE, TwoCas.FIRST);
    static final CertificateName NAME = CertificateName.first(TwoCas.SITE.name());

    @TempDir
    Path directory;

    TwoCas cas;
    final List<URI> looks = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws StoreException {
        cas = new TwoCas(directory);
        see(FAILING);
    }

    /** From now on looks see this. */
    void see(Preflight preflight) {
        cas.fixture.preflight = (spec, source) -> {
            looks.add(source.directory());
            return preflight.look(spec, source);
        };
    }

    void seeThatAllIsWell() {
        see(Preflight.NONE);
    }

    RenewalResult pass() {
        return cas.pass(AT_FIRST, RenewalMode.DUE_ONLY);
    }

    RenewalResult.Postponed postponed() {
        return (RenewalResult.Postponed) pass();
    }

    long orders() {
        return cas.first.count("newOrder");
    }

    List<String> warnings() {
        return cas.fixture.events.stream()
                .filter(IssuanceEvent.ValidationDoubtful.class::isInstance)
                .map(event -> ((IssuanceEvent.ValidationDoubtful) event).warning())
                .toList();
    }

    Instant in(Duration time) {
        return cas.clock.instant().plus(time);
    }
}
