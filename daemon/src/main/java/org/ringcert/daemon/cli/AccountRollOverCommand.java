package org.ringcert.daemon.cli;

import java.util.List;
import org.ringcert.acme.AcmeException;
import org.ringcert.issue.RollOverResult;
import org.ringcert.store.StoreException;

/** {@code ringcert account roll-over}: gives the account a new key. */
final class AccountRollOverCommand extends AccountSubcommand {

    AccountRollOverCommand() {
        super(
                DefaultCas.SINGLE,
                "Gives this server's account a new key. The account and its URL stay.",
                "Waits until no order is in progress. If it is cut off, the next use of the account asks the CA which key it knows, and says so.");
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws StoreException {
        NodeAccount account = accounts.getFirst();
        if (account.stored().isEmpty()) {
            return failed(account.missing());
        }
        try {
            return print(account.name(), account.manager().rollOver(sites(node), this::printWait));
        } catch (AcmeException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private int print(String ca, RollOverResult result) {
        return switch (result) {
            case RollOverResult.Changed changed -> {
                out().println(describe(ca, changed));
                yield ExitStatus.OK;
            }
            case RollOverResult.Unchanged(String reason) ->
                failed("The account at " + ca + " keeps its key. " + reason);
            case RollOverResult.Undecided(String reason) ->
                failed(reason + "\nRun this command again once " + ca
                        + " answers, to learn which key the account has.");
        };
    }

    private static String describe(String ca, RollOverResult.Changed changed) {
        String account = "account " + changed.account() + " at " + ca;
        String key = " Its thumbprint is " + changed.thumbprint() + ".";
        return switch (changed.cause()) {
            case CONFIRMED ->
                "The " + account + " has a new key." + key
                        + " The URL is the same, so CAA records that name it stay valid.";
            case ANSWER_LOST ->
                "The " + account + " has a new key: " + ca + " confirms that, although its first answer was an error or"
                        + " was lost." + key + " The URL is the same, so CAA records that name it stay valid.";
            case EARLIER_ROLL_OVER ->
                "An earlier roll-over had been cut off, and is complete now: the " + account + " has the new key." + key
                        + " For another one, run this command again.";
        };
    }
}
