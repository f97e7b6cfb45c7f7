package org.ringcert.daemon.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AcmeException;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** {@code ringcert account contact}: tells the CA the contact that the configuration has. */
final class AccountContactCommand extends AccountSubcommand {

    private final Supplier<List<String>> arguments = hiddenParameters();

    AccountContactCommand() {
        super(
                DefaultCas.ALL,
                "Tells the CA the contact that the configuration has, or removes it if the configuration has none.");
    }

    @Override
    void checkUsage() throws UsageException {
        if (!arguments.get().isEmpty()) {
            throw new UsageException(
                    "The address belongs in the configuration: set contact = \"...\" in [acme], the same"
                            + " on all servers, then run `ringcert account contact` on each.");
        }
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws StoreException {
        int status = ExitStatus.OK;
        for (NodeAccount account : accounts) {
            status = Math.max(status, update(account));
        }
        return status;
    }

    private int update(NodeAccount account) throws StoreException {
        if (account.stored().isEmpty()) {
            return failed(account.missing());
        }
        if (account.stored().flatMap(StoredAccount::deactivated).isPresent()) {
            return failed(DeactivatedAccount.describe(
                    account.name(),
                    account.directory(),
                    account.stored().flatMap(StoredAccount::deactivated).orElseThrow(),
                    account.store()));
        }
        Optional<String> contact = account.ca().contact();
        try {
            out().println(result(account, contact, account.manager().updateContact(contact)));
            return ExitStatus.OK;
        } catch (AcmeException e) {
            String next = mayConcernContact(e)
                    ? " Once the configuration is right, run `ringcert account contact` again."
                    : "";
            return failed(account.name() + " has not changed the contact. " + sentence(e) + next);
        }
    }

    private static boolean mayConcernContact(AcmeException e) {
        return e.problem()
                .filter(problem -> problem.hasType("invalidContact")
                        || problem.hasType("unsupportedContact")
                        || problem.hasType("malformed"))
                .isPresent();
    }

    private static String sentence(AcmeException e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    private static String result(NodeAccount account, Optional<String> contact, AccountDetails updated) {
        if (contact.isEmpty()) {
            return "The account at " + account.name() + " has no contact, as in the configuration.";
        }
        return updated.contacts().isEmpty()
                ? account.name() + " accepted the contact " + contact.get() + ", but shows none: it does not keep it."
                : "The account at " + account.name() + " has the contact " + String.join(", ", updated.contacts())
                        + ".";
    }
}
