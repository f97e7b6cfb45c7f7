package org.ringcert.daemon;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ringcert.acme.Account;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.CaHandoff;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.handoff.HandoffHints;
import org.ringcert.handoff.RelayPolicy;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the CA of a token by the thumbprint in the key authorization, which is that of this node's account there. So
 * nothing needs to be stored with a token: one that another command has published as a file is recognized, too, and so
 * is one that is older than this process. Thread-safe.
 */
final class AccountHints implements HandoffHints {

    private static final Logger log = LoggerFactory.getLogger(AccountHints.class);

    private final Store store;
    private final List<KnownCa> cas = new ArrayList<>();

    /**
     * @param relayed the directories of the CAs that do not follow redirects to another name
     * @param others the directories of all other CAs that this node orders from
     */
    AccountHints(Store store, List<URI> relayed, List<URI> others) {
        this.store = store;
        relayed.forEach(directory -> cas.add(new KnownCa(directory, HandoffHint.RELAY)));
        others.forEach(directory -> cas.add(new KnownCa(directory, HandoffHint.NONE)));
    }

    /**
     * Returns how challenges of CAs that do not follow redirects to another name are answered; empty if all CAs of the
     * configuration follow.
     */
    static Optional<RelayPolicy> relayPolicy(Configuration configuration, Store store) {
        List<URI> relayed = directories(configuration, CaHandoff.RELAY);
        if (relayed.isEmpty()) {
            return Optional.empty();
        }
        HandoffHints hints = new AccountHints(store, relayed, directories(configuration, CaHandoff.REDIRECT));
        return Optional.of(new RelayPolicy(hints, AccountHints::isFromCaThatFollowsRedirects));
    }

    private static List<URI> directories(Configuration configuration, CaHandoff handoff) {
        return configuration.authorities().stream()
                .filter(ca -> ca.handoff() == handoff)
                .map(AcmeSettings::directory)
                .toList();
    }

    private static boolean isFromCaThatFollowsRedirects(String userAgent) {
        return PublicCa.userAgentsThatFollowRedirects().stream().anyMatch(userAgent::contains);
    }

    @Override
    public Optional<HandoffHint> hintFromMemory(KeyAuthorization keyAuthorization) {
        for (KnownCa ca : cas) {
            if (ca.account.isPresent() && ca.account.get().thumbprint().equals(keyAuthorization.thumbprint())) {
                return Optional.of(ca.hint);
            }
        }
        return Optional.empty();
    }

    @Override
    public HandoffHint hint(KeyAuthorization keyAuthorization) {
        Optional<HandoffHint> fromMemory = hintFromMemory(keyAuthorization);
        if (fromMemory.isPresent()) {
            return fromMemory.get();
        }
        cas.forEach(KnownCa::refresh);
        return hintFromMemory(keyAuthorization).orElse(HandoffHint.NONE);
    }

    /** A CA, and the account at it as it was when its file was last read. */
    private final class KnownCa {

        private final URI directory;
        private final HandoffHint hint;
        private volatile Optional<ReadAccount> account = Optional.empty();

        KnownCa(URI directory, HandoffHint hint) {
            this.directory = directory;
            this.hint = hint;
        }

        /** Reads the account again if its file has changed. Strangers can cause this, by asking for a foreign token. */
        void refresh() {
            try {
                Optional<FileVersion> version = FileVersion.of(store.accounts().file(directory));
                if (!version.equals(account.map(ReadAccount::version))) {
                    account = version.isEmpty() ? Optional.empty() : read(version.get());
                }
            } catch (IOException | StoreException e) {
                // The next order at this CA fails for the same reason, and says so.
                log.debug("cannot tell which tokens belong to {}: {}", directory, e.getMessage());
            }
        }

        private Optional<ReadAccount> read(FileVersion version) throws StoreException {
            return store.accounts()
                    .find(directory)
                    .flatMap(stored -> stored.url().map(url -> new Account(url, stored.key())))
                    .map(read -> new ReadAccount(version, read.thumbprint()));
        }
    }

    private record ReadAccount(FileVersion version, String thumbprint) {}

    /** Changes when a file is replaced. */
    private record FileVersion(FileTime modified, long size, String key) {

        /** Returns empty if there is no such file. */
        static Optional<FileVersion> of(Path file) throws IOException {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new FileVersion(
                    attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey())));
        }
    }
}
