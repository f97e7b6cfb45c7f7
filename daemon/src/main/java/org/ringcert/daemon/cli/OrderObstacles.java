package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** Why nothing can be ordered, as far as that is known before a CA is asked. */
record OrderObstacles(ConfiguredNode configured, Store store) {

    /** Returns why no CA can be asked for the certificate, and what to do first, in sentences; empty if one can be. */
    Optional<String> of(CertificateSpec spec) throws StoreException {
        List<String> sentences = new ArrayList<>();
        for (CertificateSpec.Source source : spec.sources()) {
            Optional<String> obstacle = at(source.directory());
            if (obstacle.isEmpty()) {
                return Optional.empty();
            }
            sentences.add(obstacle.get());
        }
        return Optional.of(String.join(" ", sentences));
    }

    private Optional<String> at(URI directory) throws StoreException {
        String ca = configured.caNames().of(directory);
        Optional<Instant> deactivated = store.accounts().deactivation(directory);
        if (deactivated.isPresent()) {
            return Optional.of(DeactivatedAccount.describe(ca, directory, deactivated.get(), store));
        }
        return store.accounts().isRegistered(directory)
                ? Optional.empty()
                : configured
                        .configuration()
                        .authority(directory)
                        .configuredBinding()
                        .problem()
                        .map(problem -> "This server has no account at " + ca + ", and none can be made: " + problem
                                + (problem.endsWith(".") ? "" : ".")
                                + " Correct that first, and run `ringcert renew --prepare`.");
    }
}
