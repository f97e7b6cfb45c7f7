package org.ringcert.daemon.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.issue.Deactivation;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** {@code ringcert account deactivate}: closes the account for good. */
final class AccountDeactivateCommand extends AccountSubcommand {

    private final BooleanSupplier yes = flag("--yes", "do not ask");

    private final Supplier<Optional<Terminal>> terminal;

    /** @param terminal returns the terminal to ask on, if there is one */
    AccountDeactivateCommand(Supplier<Optional<Terminal>> terminal) {
        super(
                DefaultCas.SINGLE,
                "Closes this server's account at a CA for good. No new one is made until you say so.",
                "Asks first; without a terminal, --yes is needed.");
        this.terminal = terminal;
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws UsageException, StoreException {
        NodeAccount account = accounts.getFirst();
        Optional<StoredAccount> stored = account.stored();
        if (stored.isEmpty()) {
            return failed(account.missing());
        }
        if (stored.get().deactivated().isPresent()) {
            out().println("Nothing to do. "
                    + DeactivatedAccount.describe(
                            account.name(),
                            account.directory(),
                            stored.get().deactivated().get(),
                            account.store()));
            return ExitStatus.OK;
        }
        String url = stored.get().url().orElseThrow().toString();
        if (!isConfirmed(question(node, account, url))) {
            return failed("Nothing was changed.");
        }
        return deactivate(node, account, url);
    }

    private boolean isConfirmed(String question) throws UsageException {
        if (yes.getAsBoolean()) {
            return true;
        }
        return terminal.get()
                .orElseThrow(() -> new UsageException(question
                        + "\nThere is no terminal to ask on. If you want this, add --yes. Nothing was changed."))
                .isConfirmed(question + "\nDeactivate it? [y/N] ");
    }

    private static String question(ConfiguredNode node, NodeAccount account, String url) {
        return "This is the account of " + node.self() + " at " + account.name() + ", " + url
                + ".\nOnce it is deactivated, " + node.self() + " orders and renews nothing at " + account.name()
                + ". This cannot be undone.\nCertificates that it has stay valid until they expire."
                + " Other servers have accounts of their own, and nothing changes for them.";
    }

    private int deactivate(ConfiguredNode node, NodeAccount account, String url) throws StoreException {
        try {
            Deactivation result = account.manager().deactivate(sites(node), this::printWait);
            out().println(
                            switch (result) {
                                case DONE -> "The account " + url + " at " + account.name() + " is deactivated.";
                                case UNKNOWN_TO_CA ->
                                    account.name() + " no longer knew the account " + url + ", so it is not in use.";
                            });
            out().println(node.self() + " orders nothing there from now on, also after a restart, and `ringcert status`"
                    + " says so. Unless you want another account there, take the CA out of the configuration.");
            out().println(DeactivatedAccount.newAccountAdvice(account.directory(), account.store()));
            return ExitStatus.OK;
        } catch (AcmeException e) {
            return failed(
                    "The account at " + account.name() + " is not deactivated, as far as is known. " + e.getMessage());
        }
    }
}
