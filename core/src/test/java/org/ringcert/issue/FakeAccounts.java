package org.ringcert.issue;

import java.net.URI;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AccountLookup;
import org.ringcert.acme.AccountStatus;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.NewAccount;
import org.ringcert.acme.Registration;

/** The accounts of a {@link FakeCa}. Safe for concurrent use. */
final class FakeAccounts {

    private record Known(PublicKey key, String status, Optional<String> contact) {}

    private final Map<URI, Known> accounts = new HashMap<>();
    private final CaState state;
    private final CaFaults faults;

    FakeAccounts(CaState state, CaFaults faults) {
        this.state = state;
        this.faults = faults;
    }

    synchronized void clear() {
        accounts.clear();
    }

    synchronized Registration register(KeyPair key, NewAccount request) throws AcmeException {
        Optional<URI> existing = urlOf(key);
        if (existing.isPresent()) {
            return new Registration(new Account(existing.get(), key), Optional.empty());
        }
        if (faults.requiredBinding.isPresent() && !faults.requiredBinding.equals(request.binding())) {
            throw CaFaults.refusal(403, "unauthorized", "the external account binding is missing or wrong");
        }
        URI url = state.nextUrl("account");
        accounts.put(url, new Known(key.getPublic(), "valid", request.contact()));
        return new Registration(new Account(url, key), request.contact().flatMap(_ -> faults.contactRefusal));
    }

    synchronized AccountLookup lookUp(KeyPair key) {
        Optional<URI> url = urlOf(key);
        if (url.isEmpty() && faults.registersWhenLookedUp) {
            URI added = state.nextUrl("account");
            accounts.put(added, new Known(key.getPublic(), "valid", Optional.empty()));
            return new AccountLookup(AccountStatus.VALID, Optional.of(added));
        }
        if (url.isEmpty()) {
            return new AccountLookup(AccountStatus.UNKNOWN, Optional.empty());
        }
        return isDeactivated(url.get())
                ? new AccountLookup(AccountStatus.DEACTIVATED, Optional.empty())
                : new AccountLookup(AccountStatus.VALID, url);
    }

    synchronized AccountDetails details(Account account) throws AcmeException {
        check(account);
        Known known = known(account.url());
        return new AccountDetails(
                Optional.of(known.status()),
                known.contact().map(address -> List.of("mailto:" + address)).orElse(List.of()),
                Optional.empty(),
                Optional.empty());
    }

    synchronized AccountDetails updateContact(Account account, Optional<String> contact) throws AcmeException {
        check(account);
        if (contact.isPresent() && faults.contactRefusal.isPresent()) {
            throw CaFaults.refusal(400, "invalidContact", faults.contactRefusal.get());
        }
        accounts.put(account.url(), new Known(account.key().getPublic(), "valid", contact));
        return details(account);
    }

    synchronized void changeKey(Account account, KeyPair next) throws AcmeException {
        check(account);
        if (faults.ignoresKeyChanges) {
            return;
        }
        accounts.put(
                account.url(),
                new Known(next.getPublic(), "valid", known(account.url()).contact()));
    }

    synchronized void deactivate(Account account) throws AcmeException {
        check(account);
        accounts.put(account.url(), new Known(account.key().getPublic(), "deactivated", Optional.empty()));
    }

    /** Refuses what a CA refuses: unknown and deactivated accounts, and signatures by another key. */
    synchronized void check(Account account) throws AcmeException {
        if (!accounts.containsKey(account.url())) {
            throw faults.lostAccount.get();
        }
        if (isDeactivated(account.url())) {
            throw CaFaults.refusal(403, "unauthorized", "the account is not valid");
        }
        if (!known(account.url()).key().equals(account.key().getPublic())) {
            throw CaFaults.refusal(400, "malformed", "the signature is not by the account's key");
        }
    }

    private boolean isDeactivated(URI url) {
        return faults.accountsDeactivated || known(url).status().equals("deactivated");
    }

    private Known known(URI url) {
        return Optional.ofNullable(accounts.get(url)).orElseThrow();
    }

    private Optional<URI> urlOf(KeyPair key) {
        return accounts.entrySet().stream()
                .filter(entry -> entry.getValue().key().equals(key.getPublic()))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
