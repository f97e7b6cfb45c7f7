package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.issue.AccountEvent.RollOverEnded;
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

    private final Map<URI, RollOverEnded> endedRollOvers = new HashMap<>();

    @Override
    void onRollOverEnded(URI directory, String ca, RollOverEnded ended) {
        endedRollOvers.put(directory, ended);
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws StoreException {
        List<AccountView> views = new ArrayList<>();
        for (NodeAccount account : accounts) {
            views.add(withRollOver(view(account)));
        }
        if (json.getAsBoolean()) {
            out().print(AccountJson.of(node.self(), views));
        } else {
            out().print(AccountText.of(node.self(), views));
        }
        return views.stream().allMatch(AccountView::isGood) ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private AccountView withRollOver(AccountView view) {
        return Optional.ofNullable(endedRollOvers.get(view.account().directory()))
                .map(view::withRollOver)
                .orElse(view);
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
            String failure = e.kind() == AcmeException.Kind.ACCOUNT_GONE
                    ? String.valueOf(e.getMessage())
                    : "What " + account.name() + " says about it is not known. " + e.getMessage();
            return AccountView.of(account, Optional.empty(), Optional.empty(), Optional.of(failure));
        }
    }
}
