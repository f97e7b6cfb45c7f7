package org.ringcert.daemon.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.issue.AccountManager;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

/**
 * This node's account at one of the configured CAs, or the fact that there is none.
 *
 * @param ca the settings of the CA
 * @param name the name of the CA for messages
 * @param opened the store and what manages the account; empty if there is no store yet
 */
record NodeAccount(AcmeSettings ca, String name, Optional<Opened> opened) {

    record Opened(Store store, AccountManager manager) {}

    URI directory() {
        return ca.directory();
    }

    /** Returns the account as it is stored now; empty if none is registered. */
    Optional<StoredAccount> stored() throws StoreException {
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        return opened.get()
                .store()
                .accounts()
                .find(directory())
                .filter(account -> account.url().isPresent());
    }

    /** Returns why the CA refused to make the account, if it did and there is none. */
    Optional<String> registrationProblem() throws StoreException {
        if (opened.isEmpty() || opened.get().store().accounts().isRegistered(directory())) {
            return Optional.empty();
        }
        return opened.get().store().accounts().problem(directory());
    }

    /** Returns that there is no account, and what makes one, in sentences. */
    String missing() throws StoreException {
        return "This server has no account at " + name + " yet. "
                + registrationProblem()
                        .map(problem -> problem + (problem.endsWith(".") ? " " : ". "))
                        .orElse("")
                + "`ringcert renew --prepare` makes one now; the daemon and `ringcert renew` make one too.";
    }

    /** Only for an account that exists. */
    AccountManager manager() {
        return opened.orElseThrow().manager();
    }

    /** Only for an account that exists. */
    Path file() {
        return store().accounts().file(directory());
    }

    /** Only for an account that exists. */
    Store store() {
        return opened.orElseThrow().store();
    }
}
