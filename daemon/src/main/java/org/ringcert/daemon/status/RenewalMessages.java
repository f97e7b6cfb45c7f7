package org.ringcert.daemon.status;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Function;
import org.ringcert.renew.RenewalResult;
import org.ringcert.renew.RenewalWait;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Postponement;
import org.ringcert.store.Progress;

/**
 * The sentences that describe renewals, the same in the log, in {@code ringcert renew} and in {@code ringcert status}.
 * They leave out the site's name, which the caller puts in front. Immutable.
 */
public final class RenewalMessages {

    /** Why a site is left out of a pass: somebody else has its lock. */
    public static final String BUSY = "skipped, the daemon or another command is working on it";

    private final Function<Instant, String> time;
    private final CaNames names;
    private final Speaker speaker;

    /** Who says it. Only the daemon knows when it does something again. */
    private enum Speaker {
        DAEMON,
        /** It ends now. A timer may run it again, or a person, or there is a daemon, too. */
        COMMAND,
        /** There may be a daemon, or a timer. */
        STATUS
    }

    private RenewalMessages(Function<Instant, String> time, CaNames names, Speaker speaker) {
        this.time = time;
        this.names = names;
        this.speaker = speaker;
    }

    /** Returns the messages of the daemon, with times to the second in ISO 8601. */
    public static RenewalMessages ofDaemon(CaNames names) {
        return new RenewalMessages(RenewalMessages::toSecond, names, Speaker.DAEMON);
    }

    /** Returns the messages of a command that makes one pass, with times to the second in ISO 8601. */
    public static RenewalMessages ofCommand(CaNames names) {
        return new RenewalMessages(RenewalMessages::toSecond, names, Speaker.COMMAND);
    }

    /** Returns the messages of {@code ringcert status}, with times to the minute. */
    public static RenewalMessages ofStatus(CaNames names) {
        return new RenewalMessages(HumanTime::toMinute, names, Speaker.STATUS);
    }

    private static String toSecond(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Returns what a pass did for a site. */
    public String of(RenewalResult result) {
        return switch (result) {
            case RenewalResult.Renewed(var _, var version, var renewal, var _) ->
                renewed(version) + ", next renewal " + time.apply(renewal);
            case RenewalResult.ImplausibleDates(var _, var version, var reason, var next) ->
                renewed(version) + ", but " + reason + ". It is not ordered again before " + time.apply(next);
            case RenewalResult.NotDue(var _, var renewal, var _) -> "not due, next renewal " + time.apply(renewal);
            case RenewalResult.NotDeployed(var _, var reason, var next) -> notDeployed(reason, next);
            case RenewalResult.NotServed(var _, var reason, var next) -> notServed(reason, next);
            case RenewalResult.Waiting(var _, var wait) -> of(wait);
            case RenewalResult.Failed(var _, var reason, var next) ->
                "failed, next try after " + time.apply(next) + ". " + reason;
            case RenewalResult.Postponed(var _, var reason, var next, var orderAt) ->
                postponed("", next, orderAt) + reason;
            case RenewalResult.ForcedRenewalFailed(var _, var reason, var next) ->
                "failed. The certificate is not due before " + time.apply(next)
                        + "; Ringcert then orders by itself. To order earlier, run this again once the cause is fixed. "
                        + reason;
            case RenewalResult.Busy _ -> BUSY;
            case RenewalResult.Interrupted _ -> "interrupted, the next pass resumes it";
        };
    }

    /** Returns what a site that is due has to wait for. */
    public String of(RenewalWait wait) {
        String causes = wait.causes().stream()
                .map(this::of)
                .reduce((text, cause) -> ended(text) + " Also " + cause)
                .orElseThrow();
        return anotherChance(wait).map(chance -> ended(causes) + " " + chance).orElse(causes);
    }

    private String of(RenewalWait.Cause cause) {
        return switch (cause) {
            case RenewalWait.AfterFailure(var ca, var failure) -> failed(ca, failure);
            case RenewalWait.BetweenLooks(var ca, var postponement) -> postponed(ca, postponement);
            case RenewalWait.ForTest(var test) -> failedTest(test);
            case RenewalWait.ForTurn(var ca, var turn) -> turn(ca, turn);
        };
    }

    /** Returns when a CA may be asked, unless that is when one of the waits ends. */
    Optional<String> anotherChance(RenewalWait wait) {
        return wait.nextCa()
                .filter(_ -> wait.causes().stream().noneMatch(cause -> isNext(cause, wait.next())))
                .map(ca -> names.of(ca) + " may be asked from " + time.apply(wait.next()));
    }

    private static boolean isNext(RenewalWait.Cause cause, Instant next) {
        return cause.end().equals(next)
                || (cause instanceof RenewalWait.ForTurn(var _, var turn)
                        && turn.nextLook().equals(next));
    }

    /** Returns the text with a full stop at its end. */
    static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    private String renewed(CertificateVersion version) {
        String ca = version.origin() instanceof Origin.IssuedByCa issued
                ? ", issued by " + names.of(issued.directory())
                : "";
        return "renewed, valid until " + time.apply(version.notAfter()) + ca;
    }

    /**
     * Returns that orders have failed, and when the next try is.
     *
     * @param ca the directory of the CA where they failed, if the site has several CAs
     */
    public String failed(Optional<URI> ca, Progress.Failure failure) {
        String place = ca.map(names::of).map(name -> " at " + name).orElse("");
        return (failure.certificateIssued()
                        ? "issued certificates that were already due" + place + " (" + failure.howOften() + ")"
                        : "failed " + failure.howOften() + place)
                + ", last at "
                + time.apply(failure.lastAttempt()) + ", next try after " + time.apply(failure.nextAttempt())
                + " (ringcert renew --force tries now). " + failure.reason();
    }

    /**
     * Returns that an order is postponed, and until when.
     *
     * @param ca the directory of the CA that it is for, if the site has several CAs
     */
    public String postponed(Optional<URI> ca, Postponement postponement) {
        String place = ca.map(names::of).map(name -> " at " + name).orElse("");
        return postponed(place, postponement.nextLook(), postponement.orderAt()) + postponement.reason();
    }

    /**
     * Returns when the turn of an order is, and why not earlier.
     *
     * @param ca the directory of the CA that it is for, if the site has several CAs
     */
    public String turn(Optional<URI> ca, PendingTurn turn) {
        String place = ca.map(names::of).map(name -> " at " + name).orElse("");
        return "its turn" + place + " is at " + time.apply(turn.at()) + ", because " + turn.reason();
    }

    private String postponed(String place, Instant nextLook, Instant orderAt) {
        String next = switch (speaker) {
            case DAEMON -> "next look after " + time.apply(nextLook) + ", ordered in any case after ";
            case COMMAND -> "the next run looks again, and orders in any case after ";
            case STATUS ->
                "the daemon looks again after " + time.apply(nextLook)
                        + ", ringcert renew at once; ordered in any case after ";
        };
        return "waits with its order" + place + ", because validation would fail; " + next + time.apply(orderAt)
                + " (ringcert renew --force orders now). ";
    }

    /** Returns that a renewed certificate is one that clients would refuse, and what waits until when. */
    public String failedTest(FailedTest test) {
        return switch (test.consequence()) {
            case ORDER_WAITS ->
                "waits with its renewal, because " + test.node()
                        + ", which renews first, has a new certificate that clients would refuse; "
                        + untilNextTest(test, "looks") + ", renewed in any case after " + time.apply(test.until())
                        + " (ringcert renew --force renews now). On " + test.node() + ": " + test.reason();
            case INSTALLATION_WAITS ->
                "has a new certificate, but keeps the present one, because clients would refuse the new one; "
                        + untilNextTest(test, "tests") + ", installed in any case after "
                        + time.apply(test.until())
                        + " (ringcert renew --force installs it now). The new one: " + test.reason();
            case OTHERS_WAIT ->
                "this server has renewed first, and clients would refuse its new certificate, so the other servers wait"
                        + " with theirs, until " + time.apply(test.until()) + " at most. " + test.reason();
        };
    }

    /** @param what what is done then: "looks" or "tests" */
    private String untilNextTest(FailedTest test, String what) {
        return switch (speaker) {
            case DAEMON -> "it " + what + " again after " + time.apply(test.end());
            case COMMAND -> "the next run " + what + " again";
            case STATUS -> "the daemon " + what + " again after " + time.apply(test.end()) + ", ringcert renew at once";
        };
    }

    /** Returns that the deploy command failed for an installed certificate. */
    public String notDeployed(String reason, Instant next) {
        return "its new certificate is installed but could not be deployed, next try after " + time.apply(next) + ". "
                + reason;
    }

    /** Returns that visitors get another certificate than the installed one. */
    public String notServed(String reason, Instant next) {
        return "its new certificate is deployed but is not what visitors get, next check after " + time.apply(next)
                + ". " + reason;
    }
}
