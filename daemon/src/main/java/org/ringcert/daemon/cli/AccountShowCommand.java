package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/** {@code ringcert account show}: this node's accounts, as the store and the CAs have them. */
final class AccountShowCommand extends AccountSubcommand {

    private final BooleanSupplier json = flag("--json", "print JSON for programs; later versions only add keys");

    AccountShowCommand() {
        super(
                DefaultCas.ALL,
                "Shows this server's accounts: what is stored here, and what the CA says about them.",
                "Only root and the owner of the store may run this, because it signs with the account's key.");
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws StoreException {
        List<AccountView> views = new ArrayList<>();
        for (NodeAccount account : accounts) {
            views.add(view(account));
        }
        if (json.getAsBoolean()) {
            out().print(AccountJson.of(node.self(), views));
        } else {
            out().print(AccountText.of(node.self(), views));
        }
        return views.stream().allMatch(AccountView::isGood) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static AccountView view(NodeAccount account) throws StoreException {
        if (account.stored().isEmpty()) {
            return AccountView.missing(account);
        }
        if (account.stored().flatMap(StoredAccount::deactivated).isPresent()) {
            return AccountView.of(account, Optional.empty(), Optional.empty(), Optional.empty());
        }
        try {
            var details = account.manager().details();
            Optional<String> terms;
            try {
                terms = account.manager().information().termsOfService();
            } catch (AcmeException e) {
                terms = Optional.empty();
            }
            return AccountView.of(account, Optional.of(details), terms, Optional.empty());
        } catch (AcmeException e) {
            return AccountView.of(account, Optional.empty(), Optional.empty(), Optional.of(e.getMessage() + ""));
        }
    }
}
