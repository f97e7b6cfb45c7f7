package org.ringcert.daemon.check;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Each CA: its directory can be fetched, and this node's account there can be used. */
final class CaCheck implements Check {

    private final PendingResult<List<DirectoryState>> states;
    private final Optional<Store> store;

    /** @param store where the accounts are; empty if there is none yet */
    CaCheck(PendingResult<List<DirectoryState>> states, Optional<Store> store) {
        this.states = states;
        this.store = store;
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        List<DirectoryState> cas = states.await();
        List<CheckFinding> findings = new ArrayList<>();
        for (DirectoryState ca : cas) {
            findings.add(finding(ca));
        }
        boolean isNoneUsable = findings.stream().noneMatch(finding -> finding.level() == CheckFinding.Level.OK);
        return isNoneUsable ? findings.stream().map(CaCheck::asFailure).toList() : findings;
    }

    private static CheckFinding asFailure(CheckFinding finding) {
        return new CheckFinding(
                CheckFinding.Level.FAILURE, finding.topic(), finding.subject(), finding.text(), finding.remedy());
    }

    /** Returns a warning if the CA cannot be used: there may be others. */
    private CheckFinding finding(DirectoryState state) {
        String label = state.ca().label();
        return switch (state) {
            case DirectoryState.NotReached(var _, String reason) ->
                CheckFinding.warning(
                        Topic.CA,
                        label,
                        "its directory cannot be fetched: " + withoutFullStop(reason),
                        "Orders there fail until it can.");
            case DirectoryState.Reached(var ca, var information, var _) -> {
                String terms = information
                        .termsOfService()
                        .map(page -> ", terms of service at " + page)
                        .orElse("");
                try {
                    yield account(label, ca.directory(), terms);
                } catch (StoreException e) {
                    yield CheckFinding.warning(Topic.CA, label, withoutFullStop(String.valueOf(e.getMessage())), "");
                }
            }
        };
    }

    private CheckFinding account(String label, URI directory, String terms) throws StoreException {
        if (store.isPresent() && store.get().accounts().deactivation(directory).isPresent()) {
            return CheckFinding.warning(
                    Topic.CA,
                    label,
                    "this server's account there was deactivated, so nothing is ordered there",
                    "To make a new account, move " + store.get().accounts().file(directory)
                            + " away and run `ringcert renew --prepare`.");
        }
        boolean isRegistered = store.isPresent() && store.get().accounts().isRegistered(directory);
        return CheckFinding.ok(
                Topic.CA,
                label,
                "its directory answers" + terms
                        + (isRegistered
                                ? "; this server has an account"
                                : "; this server has no account yet, the first order makes one"));
    }

    private static String withoutFullStop(String sentences) {
        return sentences.endsWith(".") ? sentences.substring(0, sentences.length() - 1) : sentences;
    }
}
