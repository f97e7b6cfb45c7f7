package org.ringcert.issue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.Authorization;
import org.ringcert.acme.Challenge;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.acme.ProblemDocument;

/** The ways in which a {@link FakeCa} misbehaves: switches that tests set, and exceptions as the ACME client throws. */
public final class CaFaults {

    /** How CAs report a failed validation. */
    public enum FailedValidation {
        /** Challenge, authorization and order are invalid (Boulder, Pebble). */
        ALL_INVALID(Challenge.Status.INVALID),
        /** Challenge and authorization are invalid. The order stays pending until it expires (acme2certifier). */
        AUTHORIZATION_INVALID(Challenge.Status.INVALID),
        /**
         * The challenge is invalid. Authorization and order stay pending until they expire (step-ca and Caddy, for
         * wrong content).
         */
        CHALLENGE_INVALID(Challenge.Status.INVALID),
        /** The challenge is pending again, with an error (step-ca and Caddy, if nobody answered). */
        CHALLENGE_PENDING(Challenge.Status.PENDING),
        /** The response to the challenge is refused, and the challenge stays in processing, with an error (serles). */
        RESPONSE_REFUSED(Challenge.Status.PROCESSING);

        final Challenge.Status challengeStatus;

        FailedValidation(Challenge.Status challengeStatus) {
            this.challengeStatus = challengeStatus;
        }
    }

    public volatile FailedValidation failedValidation = FailedValidation.ALL_INVALID;

    /** Whether only the reply to a new order contains the finalize URL, as with django-ca. */
    public volatile boolean showsFinalizeUrlOnce;

    /** What is thrown for an account that the CA has lost. */
    public volatile Supplier<AcmeException> lostAccount =
            () -> failure(AcmeException.Kind.ACCOUNT_GONE, "there is no such account");

    /** What the CA says about a contact that it refuses; the account is then made without it. */
    public volatile Optional<String> contactRefusal = Optional.empty();

    /** The only external account binding with which the CA makes accounts, if it requires one. */
    public volatile Optional<ExternalAccountBinding> requiredBinding = Optional.empty();

    /** Whether a change of an account's key is confirmed but not done. */
    public volatile boolean ignoresKeyChanges;

    /** Whether an account is made for each key that is looked up. */
    public volatile boolean registersWhenLookedUp;

    /** Whether all accounts are deactivated. */
    public volatile boolean accountsDeactivated;

    /** Whether orders stay in processing after the certificate request. Calls then end as after a timeout. */
    public volatile boolean finalizationHangs;

    /** Whether authorizations lack an http-01 challenge. */
    public volatile boolean offersNoHttp01;

    /** Whether an order lists its authorizations in another order than its names, as with Pebble. */
    public volatile boolean mixesAuthorizations;

    /** Whether a new order for the names of an open order is that order (Boulder and acmeeh). */
    public volatile boolean reusesOrders;

    /** Whether orders replace no certificate, whatever clients say. */
    public volatile boolean ignoresReplaces;

    /** Whether the CA has no renewal information, so that it does not know what orders replace. */
    public volatile boolean hasNoRenewalInfo;

    /** Creates an exception as the client throws it. */
    public static AcmeException failure(AcmeException.Kind kind, String message) {
        return failure(kind, message, Optional.empty());
    }

    public static AcmeException failure(AcmeException.Kind kind, String message, Optional<Duration> retryAfter) {
        return new AcmeException(kind, message, Optional.empty(), retryAfter, null);
    }

    /** Creates an exception with a problem document, as the client throws it. */
    public static AcmeException refusal(int status, String type, String detail) {
        return new AcmeException(
                status >= 500 ? AcmeException.Kind.UNREACHABLE : AcmeException.Kind.REFUSED,
                "refused: " + detail,
                Optional.of(new ProblemDocument(
                        ProblemDocument.NAMESPACE + type, detail, status, List.of(), Optional.empty())),
                Optional.empty(),
                null);
    }

    /** Creates a hook that makes each call of the method fail. */
    public static FakeCa.CallHook failOn(String method, AcmeException.Kind kind) {
        return call -> {
            if (FakeCa.method(call).equals(method)) {
                throw failure(kind, "the test says " + kind);
            }
        };
    }

    static ProblemDocument nobodyAnswered(Authorization authorization) {
        return new ProblemDocument(
                ProblemDocument.NAMESPACE + "connection",
                "nobody answered for " + authorization.name(),
                0,
                List.of(),
                Optional.empty());
    }
}
