package org.ringcert.daemon.status;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * This node's account at one of the configured CAs, as the store shows it. Immutable.
 *
 * @param ca the name of the CA
 * @param directory the URL of the CA's directory
 * @param isRegistered whether there is an account that has not been deactivated
 * @param problem what needs a person: the CA refused to make the account, the credentials for it cannot be used, this
 *     node has deactivated it, or its file cannot be read. In sentences.
 * @param note what the CA refused without harm: the contact. A sentence.
 */
public record AccountStatus(
        String ca, URI directory, boolean isRegistered, Optional<String> problem, Optional<String> note) {

    /**
     * Reads the account's file, but not its key. Empty if this user is not allowed to.
     *
     * @param credentialsProblem why no account can be made with the configured credentials; matters only if there is
     *     none
     */
    static Optional<AccountStatus> of(String ca, URI directory, Optional<String> credentialsProblem, Store store) {
        try {
            Optional<Instant> deactivated = store.accounts().deactivation(directory);
            if (deactivated.isPresent()) {
                return Optional.of(deactivated(ca, directory, deactivated.get(), store));
            }
            boolean isRegistered = store.accounts().isRegistered(directory);
            Optional<String> refusal = store.accounts().problem(directory);
            Optional<String> problem = credentialsProblem
                    .or(() -> refusal)
                    .filter(_ -> !isRegistered)
                    .map(reason -> missing(ca, reason));
            Optional<String> note = refusal.filter(_ -> isRegistered).map(said -> withoutContact(ca, said));
            return Optional.of(new AccountStatus(ca, directory, isRegistered, problem, note));
        } catch (StoreException e) {
            return e.isPermissionDenied()
                    ? Optional.empty()
                    : Optional.of(
                            new AccountStatus(ca, directory, false, Optional.of(e.getMessage()), Optional.empty()));
        }
    }

    private static AccountStatus deactivated(String ca, URI directory, Instant time, Store store) {
        String problem = DeactivatedAccount.describe(ca, directory, time, store)
                + " If none is wanted, take the CA out of the configuration.";
        return new AccountStatus(ca, directory, false, Optional.of(problem), Optional.empty());
    }

    private static String missing(String ca, String refusal) {
        return "There is no account at " + ca + ", so this server gets no certificates there. " + ended(refusal)
                + " Once the cause is fixed, `ringcert renew --prepare` tries at once.";
    }

    private static String withoutContact(String ca, String refusal) {
        return "The account at " + ca + " has no contact. " + ended(refusal);
    }

    private static String ended(String sentence) {
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }
}
