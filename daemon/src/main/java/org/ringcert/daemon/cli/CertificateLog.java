package org.ringcert.daemon.cli;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.renew.RenewalResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log what happens on the way of the certificates, in words. A result that stays the same from pass to pass
 * is told once.
 */
final class CertificateLog implements IssuanceListener {

    private static final Logger log = LoggerFactory.getLogger("ringcert.certificate");

    /** A pass has up to two results for a site: of its order, and of what is to be done after. */
    private record About(HostName site, boolean installed) {}

    private final Map<About, RenewalResult> told = new ConcurrentHashMap<>();

    @Override
    public void onEvent(Site site, IssuanceEvent event) {
        switch (event) {
            case IssuanceEvent.AccountCreated(var account, var replaced) -> {
                if (replaced.isPresent()) {
                    log.warn(
                            "{}: the CA does not know account {} any more; made a new one, {}",
                            site,
                            replaced.get(),
                            account);
                } else {
                    log.info("{}: made an account at the CA, {}", site, account);
                }
            }
            case IssuanceEvent.Ordered(var order) -> log.info("{}: ordered, {}", site, order);
            case IssuanceEvent.Resumed(var order) -> log.info("{}: takes up order {}", site, order);
            case IssuanceEvent.Abandoned(var order, var reason) ->
                log.info("{}: leaves order {}: {}", site, order, reason);
            case IssuanceEvent.Answering(var name, var token) ->
                log.info("{}: answers for {} token={}", site, name, token);
            case IssuanceEvent.Validated(var name) -> log.info("{}: {} is validated", site, name);
            case IssuanceEvent.Installed(var version) ->
                log.info("{}: new certificate until {} in {}", site, version.notAfter(), version.directory());
        }
    }

    /** Whether the result only says again what the one before has said. */
    private static boolean isKnown(RenewalResult result, @Nullable RenewalResult before) {
        return switch (result) {
            case RenewalResult.Busy _ -> before instanceof RenewalResult.Busy;
            case RenewalResult.Waiting waiting ->
                before instanceof RenewalResult.Failed failed
                        && failed.next().equals(waiting.next())
                        && failed.reason().equals(waiting.failure().reason());
            default -> false;
        };
    }

    void result(RenewalResult result) {
        boolean installed = result instanceof RenewalResult.NotDeployed || result instanceof RenewalResult.NotServed;
        RenewalResult before = told.put(new About(result.site().name(), installed), result);
        if (result.equals(before) || isKnown(result, before)) {
            return;
        }
        switch (result) {
            case RenewalResult.Renewed renewed -> log.info("{}: next renewal {}", renewed.site(), renewed.next());
            case RenewalResult.ImplausibleDates(var site, var _, var reason, var next) ->
                log.warn("{}: {}. It is not ordered again before {}", site, reason, next);
            case RenewalResult.NotDue(var site, var next) -> log.info("{}: good, next renewal {}", site, next);
            case RenewalResult.NotDeployed(var site, var reason, var next) ->
                log.error("{}: the server was not told of the new certificate, next try {}. {}", site, next, reason);
            case RenewalResult.NotServed(var site, var reason, var next) ->
                log.warn("{}: its certificate is not what visitors get, next look {}. {}", site, next, reason);
            case RenewalResult.Waiting(var site, var failure, var next) ->
                log.warn(
                        "{}: {} at {}, next try {}. {}",
                        site,
                        failure.certificateIssued() ? "issued to no purpose" : "failed",
                        failure.lastAttempt(),
                        next,
                        failure.reason());
            case RenewalResult.Failed(var site, var reason, var next) ->
                log.error("{}: failed, next try {}. {}", site, next, reason);
            case RenewalResult.ForcedRenewalFailed(var site, var reason, var next) ->
                log.error("{}: failed, next renewal {}. {}", site, next, reason);
            case RenewalResult.Busy busy -> log.info("{}: another command is at work on it", busy.site());
            case RenewalResult.Interrupted interrupted ->
                log.info("{}: left as it is, to be taken up", interrupted.site());
        }
    }
}
