package org.ringcert.renew;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.ringcert.issue.IssuanceOutcome;
import org.ringcert.store.AuthorityProgress;
import org.ringcert.store.CertificateName;
import org.ringcert.store.FailureKind;
import org.ringcert.store.Progress;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When each CA last answered this process. Certificates that failed only because a CA could not be reached need not
 * wait any longer once it has answered another. In memory, because these waits are short. Thread-safe.
 */
public final class CaAnswers {

    private static final Logger log = LoggerFactory.getLogger(CaAnswers.class);

    private final Map<URI, Instant> latest = new ConcurrentHashMap<>();
    private final Map<CertificateName, Progress> waiting = new ConcurrentHashMap<>();

    /** Records that a CA has answered. */
    public void add(URI directory, Instant now) {
        latest.put(directory, now);
    }

    /** Returns the progress without the waits for CAs that have answered since. */
    public Progress endWaits(Progress progress, Instant now) {
        Progress result = progress;
        for (AuthorityProgress authority : progress.authorities()) {
            Optional<Instant> answer = latest(authority.directory(), now);
            if (answer.isPresent()) {
                result = ProgressAfterFailure.reachable(result, authority.directory(), answer.get(), now);
            }
        }
        return result;
    }

    /** Returns when the CA last answered. A time in the future was taken while the clock was wrong. */
    private Optional<Instant> latest(URI directory, Instant now) {
        return Optional.ofNullable(latest.get(directory)).filter(time -> !time.isAfter(now));
    }

    /** Records that a CA has answered, if it has. */
    public void addIfAnswered(URI directory, IssuanceOutcome outcome, Instant now) {
        boolean hasAnswered = switch (outcome) {
            case IssuanceOutcome.Issued _, IssuanceOutcome.Kept _, IssuanceOutcome.Refused _ -> true;
            case IssuanceOutcome.Failed failed ->
                failed.kind() == FailureKind.COUNTED || failed.kind() == FailureKind.RATE_LIMITED;
            case IssuanceOutcome.Postponed _, IssuanceOutcome.LookFailed _, IssuanceOutcome.Interrupted _ -> false;
        };
        if (hasAnswered) {
            add(directory, now);
        }
    }

    /** Remembers what the certificate waits for, if it does. */
    void keepWait(RenewalResult result, Store store) {
        waiting.remove(result.name());
        if (result instanceof RenewalResult.Failed || result instanceof RenewalResult.Waiting) {
            try {
                keepWait(result.name(), store.progress(result.name()));
            } catch (StoreException e) {
                // Nothing can be ordered until the store can be read, whatever a CA answers.
                log.debug("{}: what it waits for is not known", result.name(), e);
            }
        }
    }

    /** Remembers what a certificate waits for. */
    public void keepWait(CertificateName name, Progress progress) {
        waiting.put(name, progress);
    }

    /** Returns the certificates that need not wait any longer, and forgets that they waited. */
    public List<CertificateName> takeRecovered(Instant now) {
        List<CertificateName> recovered = new ArrayList<>();
        waiting.forEach((name, progress) -> {
            if (!endWaits(progress, now).equals(progress) && waiting.remove(name, progress)) {
                recovered.add(name);
            }
        });
        return recovered;
    }
}
