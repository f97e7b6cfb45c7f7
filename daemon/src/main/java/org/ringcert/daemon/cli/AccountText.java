package org.ringcert.daemon.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.acme.AccountDetails;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.TextTable;

/** Accounts for a terminal: a small table and perhaps some sentences for each. */
final class AccountText {

    private AccountText() {}

    static String of(HostName self, List<AccountView> views) {
        return String.join("\n", views.stream().map(view -> of(self, view)).toList());
    }

    private static String of(HostName self, AccountView view) {
        StringBuilder text =
                new StringBuilder("Account of " + self + " at " + view.account().name() + "\n\n");
        text.append(TextTable.of(rows(view)));
        Stream.concat(view.problems().stream(), view.notes().stream())
                .forEach(sentence -> text.append("\n").append(sentence).append("\n"));
        return text.toString();
    }

    private static List<List<String>> rows(AccountView view) {
        List<List<String>> rows = new ArrayList<>();
        row(rows, "directory", view.account().directory().toString());
        view.local().ifPresent(local -> {
            row(rows, "account", local.url());
            row(rows, "file", view.account().file().toString());
            row(rows, "key", local.keyType() + ", thumbprint " + local.thumbprint());
            made(view, local).ifPresent(time -> row(rows, "made", time));
        });
        view.atCa().ifPresent(details -> {
            row(rows, "status", details.status().orElse("valid, as the CA says no other"));
            row(rows, "contact", contact(view, details));
            row(rows, "terms", terms(view, details));
        });
        return rows;
    }

    private static String contact(AccountView view, AccountDetails details) {
        if (!details.contacts().isEmpty()) {
            return String.join(", ", details.contacts());
        }
        return "none is shown"
                + view.account()
                        .ca()
                        .contact()
                        .map(address -> "; the configuration has " + address)
                        .orElse("");
    }

    private static Optional<String> made(AccountView view, AccountView.Local local) {
        return local.stored()
                .registered()
                .or(() -> view.atCa().flatMap(AccountDetails::createdAt))
                .map(Object::toString);
    }

    private static String terms(AccountView view, AccountDetails details) {
        String agreed = details.termsOfServiceAgreed()
                .map(isAgreed -> isAgreed ? "agreed" : "not agreed")
                .orElse("whether agreed is not shown");
        return agreed + view.terms().map(page -> "; current terms: " + page).orElse("");
    }

    private static void row(List<List<String>> rows, String name, String value) {
        rows.add(List.of("  " + name, value));
    }
}
