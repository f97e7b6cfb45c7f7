package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.event.HistoryRecorder;
import org.ringcert.event.JoinedListener;
import org.ringcert.event.NodeListener;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.RevocationMarks;
import org.ringcert.issue.RevocationOutcome;
import org.ringcert.store.CertificateName;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Asks the CAs to revoke what a plan says, and prints what they answer. */
final class RevocationRun {

    /** How the run ended. */
    enum Result {
        ALL_REVOKED,
        SOME_NOT_REVOKED,
        /** Someone else is working on the site. Nothing was done. */
        BUSY
    }

    private final LocalNode node;
    private final CaNames names;
    private final RevocationPlan plan;
    private final RevocationReason reason;
    private final Set<CertificateName> orderable;
    private final PrintWriter out;
    private final NodeListener listener;

    /**
     * @param orderable the certificates that can be replaced at once
     * @param history receives the revocations
     */
    RevocationRun(
            LocalNode node,
            CaNames names,
            RevocationPlan plan,
            List<CertificateSpec> orderable,
            HistoryRecorder history,
            PrintWriter out) {
        this.node = node;
        this.names = names;
        this.plan = plan;
        this.reason = plan.reason();
        this.orderable = orderable.stream().map(CertificateSpec::name).collect(Collectors.toSet());
        this.out = out;
        this.listener = new JoinedListener(new CertificateLog(names), history);
    }

    /** Revokes all versions of the plan. A failure does not keep it from the next one. */
    Result revokeAll() throws StoreException {
        Optional<Store.Lock> lock =
                node.store().tryLock(plan.targets().getFirst().name().site());
        if (lock.isEmpty()) {
            String subjects = plan.targets().stream()
                    .map(target -> target.name().toString())
                    .distinct()
                    .collect(Collectors.joining(", "));
            out.println(
                    subjects + ": " + RenewalMessages.BUSY + ". Nothing was revoked. Repeat the command in a minute.");
            return Result.BUSY;
        }
        try (Store.Lock _ = lock.get()) {
            retireCompromisedKeys();
            return revokeLocked() ? Result.ALL_REVOKED : Result.SOME_NOT_REVOKED;
        }
    }

    /** All certificates with a compromised key have to be replaced, even if this process dies during the requests. */
    private void retireCompromisedKeys() throws StoreException {
        if (reason == RevocationReason.KEY_COMPROMISE) {
            RevocationMarks marks = new RevocationMarks(node.store(), Clock.systemUTC());
            for (RevocationPlan.Target target : plan.targets()) {
                marks.request(target.version(), reason);
            }
        }
    }

    private boolean revokeLocked() {
        Map<URI, CertificateAuthority> cas = new HashMap<>();
        try {
            boolean allRevoked = true;
            for (RevocationPlan.Target target : plan.requests()) {
                allRevoked &= revoke(target, cas);
                out.flush();
            }
            return allRevoked;
        } finally {
            cas.values().forEach(CertificateAuthority::close);
        }
    }

    private boolean revoke(RevocationPlan.Target target, Map<URI, CertificateAuthority> cas) {
        try {
            CertificateAuthority ca = cas.computeIfAbsent(target.ca(), node::connectToIssuer);
            RevocationOutcome outcome = node.revoker(ca, listener).revoke(target.version(), reason);
            print(target, version(target) + describe(outcome, target.ca()));
            return true;
        } catch (AcmeException e) {
            print(target, describeFailure(target, sentence(e), e.isOutcomeUnknown()));
        } catch (StoreException | IllegalArgumentException e) {
            print(target, describeFailure(target, sentence(e), false));
        }
        return false;
    }

    private String describe(RevocationOutcome outcome, URI directory) {
        String result = outcome.result() == RevocationResult.ALREADY_REVOKED
                ? "was already revoked at " + names.of(directory)
                : "is revoked at " + names.of(directory);
        if (outcome.signer() == RevocationOutcome.Signer.ACCOUNT) {
            return result + ".";
        }
        boolean isOtherReason = reason != RevocationReason.KEY_COMPROMISE
                && PublicCa.named(directory.toString())
                        .filter(PublicCa::blocksKeysThatRevoke)
                        .isPresent();
        return result + ", in the name of its own key."
                + (isOtherReason ? " The CA records the reason keyCompromise for that." : "")
                + outcome.refusedSigner()
                        .map(refusal -> " The account could not do it: " + refusal)
                        .filter(_ -> reason != RevocationReason.KEY_COMPROMISE)
                        .orElse("");
    }

    private String describeFailure(RevocationPlan.Target target, String failure, boolean isOutcomeUnknown) {
        boolean isCompromised = reason == RevocationReason.KEY_COMPROMISE;
        boolean isReplaced = target.isCurrent() && orderable.contains(target.name());
        String result = isCompromised
                ? version(target) + "could not be revoked: "
                : isOutcomeUnknown
                        ? "It is not known whether " + version(target) + "is revoked: "
                        : version(target) + "is not revoked: ";
        boolean isOrdered = isReplaced && (isCompromised || isOutcomeUnknown);
        String repetition = isCompromised || isOutcomeUnknown
                ? " Repeat the command to " + (isCompromised ? "revoke it" : "make sure") + ": --version "
                        + target.version().label()
                : "";
        return result + failure + (isOrdered ? " It is replaced all the same." : "") + repetition;
    }

    private static String version(RevocationPlan.Target target) {
        return "version " + target.version().label() + " ";
    }

    private static String sentence(Exception e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    private void print(RevocationPlan.Target target, String sentence) {
        out.println(target.name() + ": " + sentence);
    }
}
