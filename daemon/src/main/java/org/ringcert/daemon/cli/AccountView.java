package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.issue.AccountEvent.RollOverEnded;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * What a person gets to see of an account. Contains no private key.
 *
 * @param account the CA, and where the account is stored
 * @param local what is stored; empty if there is no account
 * @param atCa what the CA says; empty if it was not asked or did not say it
 * @param terms the URL of the CA's current terms of service
 * @param problems what needs a person, in sentences
 * @param notes what is worth knowing, in sentences
 */
record AccountView(
        NodeAccount account,
        Optional<Local> local,
        Optional<AccountDetails> atCa,
        Optional<String> terms,
        List<String> problems,
        List<String> notes) {

    /**
     * The part of a stored account that is no secret.
     *
     * @param stored the account; its keys are not shown
     * @param keyType such as {@code ec256}
     */
    record Local(StoredAccount stored, String url, String keyType, String thumbprint) {

        static Local of(StoredAccount stored) {
            Account account = new Account(stored.url().orElseThrow(), stored.key());
            return new Local(
                    stored,
                    account.url().toString(),
                    KeyType.of(stored.key().getPublic())
                            .map(KeyType::label)
                            .orElse(stored.key().getPublic().getAlgorithm()),
                    account.thumbprint());
        }
    }

    static AccountView missing(NodeAccount account) throws StoreException {
        boolean isRefused = account.registrationProblem().isPresent();
        List<String> sentence = List.of(account.missing());
        return new AccountView(
                account,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                isRefused ? sentence : List.of(),
                isRefused ? List.of() : sentence);
    }

    /** @param failure why the CA did not show the account, if it was asked: in sentences */
    static AccountView of(
            NodeAccount account, Optional<AccountDetails> atCa, Optional<String> terms, Optional<String> failure)
            throws StoreException {
        StoredAccount stored = account.stored().orElseThrow();
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        stored.deactivated()
                .map(time -> DeactivatedAccount.describe(account.name(), account.directory(), time, account.store()))
                .ifPresent(problems::add);
        failure.ifPresent(problems::add);
        atCa.flatMap(AccountDetails::status)
                .filter(status -> !status.equals("valid"))
                .map(status -> "At " + account.name() + " the account is " + status
                        + ", so it can order nothing. "
                        + DeactivatedAccount.newAccountAdvice(account.directory(), account.store()))
                .ifPresent(problems::add);
        stored.problem()
                .map(refusal -> "The CA refused the contact: " + refusal
                        + ". Once it is right in the configuration, run `ringcert account contact`.")
                .ifPresent(notes::add);
        atCa.filter(details -> hasOtherContact(account, details))
                .map(_ -> "The configuration has "
                        + account.ca()
                                .contact()
                                .map(address -> "the contact " + address)
                                .orElse("no contact")
                        + ", but " + account.name() + " shows another one. Run `ringcert account contact`.")
                .ifPresent(notes::add);
        return new AccountView(account, Optional.of(Local.of(stored)), atCa, terms, problems, notes);
    }

    /** Some CAs show no contacts at all, so their silence means nothing. */
    private static boolean hasOtherContact(NodeAccount account, AccountDetails details) {
        boolean isConfigured = details.contacts().size() == 1
                && account.ca()
                        .contact()
                        .filter(address -> details.contacts().getFirst().equalsIgnoreCase("mailto:" + address))
                        .isPresent();
        return !details.contacts().isEmpty() && !isConfigured;
    }

    /** Returns whether the CA shows a contact that is not the configured one; empty if it shows none. */
    Optional<Boolean> contactDiffers() {
        return atCa.filter(details -> !details.contacts().isEmpty()).map(details -> hasOtherContact(account, details));
    }

    /** Returns this view with how a roll-over that was cut off has ended. It is a problem if it did not happen. */
    AccountView withRollOver(RollOverEnded ended) {
        String sentences = ended.describe(account.name());
        return switch (ended.key()) {
            case OLD -> new AccountView(account, local, atCa, terms, prepended(sentences, problems), notes);
            case NEW -> new AccountView(account, local, atCa, terms, problems, prepended(sentences, notes));
        };
    }

    private static List<String> prepended(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }

    boolean isGood() {
        return problems.isEmpty();
    }
}
