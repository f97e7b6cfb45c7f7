package org.ringcert.daemon.turn;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.CertificateId;
import org.ringcert.acme.RenewalInfo;
import org.ringcert.renew.CertificateDates;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks CAs whether they have recalled certificates of peers, by their renewal information (RFC 9773, section 4.1). That
 * needs no account. Asked only after this node's own certificate was recalled, and kept for ten minutes. Thread-safe.
 */
public final class PeerRecalls {

    private static final Logger log = LoggerFactory.getLogger(PeerRecalls.class);

    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    /** The CA's client has a limit of its own for all requests. */
    private static final int MAX_CONCURRENT = 16;

    private final Collection<CertificateAuthority> cas;
    private final InstantSource clock;
    private final Map<CertificateId, RecallAnswer> answers = new ConcurrentHashMap<>();

    /** @param info empty if the CA has none, or did not answer */
    private record RecallAnswer(Optional<RenewalInfo> info, Instant at) {}

    public PeerRecalls(Collection<CertificateAuthority> cas, InstantSource clock) {
        this.cas = List.copyOf(cas);
        this.clock = clock;
    }

    /** Asks about many certificates at a time. Each request takes ten seconds at most. */
    void ask(URI ca, List<X509Certificate> certificates) {
        List<CertificateId> ids = certificates.stream()
                .flatMap(certificate -> CertificateId.of(certificate).stream())
                .distinct()
                .filter(id -> !isKnown(id))
                .toList();
        if (ids.isEmpty()) {
            return;
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(ids.size(), MAX_CONCURRENT), Thread.ofVirtual().factory())) {
            ids.forEach(id -> threads.execute(() -> answers.put(id, new RecallAnswer(ask(ca, id), clock.instant()))));
        }
        answers.values().removeIf(answer -> !isRecent(answer));
    }

    /** Returns how many answers are kept. */
    int kept() {
        return answers.size();
    }

    /** Returns whether the CA says that it has recalled the certificate; not if it does not answer. */
    boolean isRecalled(URI ca, X509Certificate certificate, Instant now) {
        ask(ca, List.of(certificate));
        return CertificateId.of(certificate)
                .map(answers::get)
                .flatMap(RecallAnswer::info)
                .filter(info -> CertificateDates.isRecalled(
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        info.end(),
                        now))
                .isPresent();
    }

    private boolean isKnown(CertificateId id) {
        RecallAnswer answer = answers.get(id);
        return answer != null && isRecent(answer);
    }

    private boolean isRecent(RecallAnswer answer) {
        Duration age = Duration.between(answer.at(), clock.instant());
        return !age.isNegative() && age.compareTo(MAX_AGE) < 0;
    }

    private Optional<RenewalInfo> ask(URI ca, CertificateId id) {
        try {
            for (CertificateAuthority authority : cas) {
                if (authority.directory().equals(ca)) {
                    return authority.renewalInfo(id);
                }
            }
        } catch (AcmeException e) {
            log.debug("the CA said nothing about a peer's certificate {}: {}", id, e.getMessage());
        }
        return Optional.empty();
    }
}
