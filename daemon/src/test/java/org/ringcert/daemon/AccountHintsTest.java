package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.acme.Account;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.challenge.Token;
import org.ringcert.handoff.HandoffHint;
import org.ringcert.pki.KeyType;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;

class AccountHintsTest {

    private static final URI RELAYED = URI.create("https://relayed.example.org/directory");
    private static final URI OTHER = URI.create("https://other.example.org/directory");
    private static final URI ACCOUNT = URI.create("https://ca.example.org/account/1");
    private static final Token TOKEN = new Token("evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA");

    @TempDir
    private Path directory;

    private final SecureRandom random = new SecureRandom();
    private Store store;
    private AccountHints hints;

    @BeforeEach
    void open() throws StoreException {
        store = Store.open(directory, Clock.systemUTC());
        hints = new AccountHints(store, List.of(RELAYED), List.of(OTHER));
    }

    @Test
    void recognizesTokensByTheAccountOfTheirKeyAuthorization() throws StoreException {
        KeyAuthorization relayed = tokenOf(saveAccount(RELAYED));
        KeyAuthorization other = tokenOf(saveAccount(OTHER));
        KeyAuthorization foreign = tokenOf(newKey());

        assertThat(hints.hint(relayed)).isEqualTo(HandoffHint.RELAY);
        assertThat(hints.hint(other)).isEqualTo(HandoffHint.NONE);
        assertThat(hints.hint(foreign)).isEqualTo(HandoffHint.NONE);
    }

    @Test
    void readsFilesOnlyWhenItMayBlock() throws StoreException {
        KeyAuthorization relayed = tokenOf(saveAccount(RELAYED));
        KeyAuthorization other = tokenOf(saveAccount(OTHER));
        assertThat(hints.hintFromMemory(relayed)).isEmpty();

        assertThat(hints.hint(relayed)).isEqualTo(HandoffHint.RELAY);

        assertThat(hints.hintFromMemory(relayed)).contains(HandoffHint.RELAY);
        assertThat(hints.hintFromMemory(other)).contains(HandoffHint.NONE);
        assertThat(hints.hintFromMemory(tokenOf(newKey()))).isEmpty();
    }

    @Test
    void noticesAccountsThatAnotherProcessCreatesOrReplaces() throws StoreException {
        KeyPair key = newKey();
        assertThat(hints.hint(tokenOf(key))).isEqualTo(HandoffHint.NONE);

        saveAccount(RELAYED, key);
        assertThat(hints.hint(tokenOf(key))).isEqualTo(HandoffHint.RELAY);

        assertThat(hints.hint(tokenOf(saveAccount(RELAYED)))).isEqualTo(HandoffHint.RELAY);
        assertThat(hints.hint(tokenOf(key))).as("the account was replaced").isEqualTo(HandoffHint.NONE);
    }

    @Test
    void anAccountThatIsNotRegisteredHasNoTokens() throws StoreException {
        KeyPair key = newKey();
        store.accounts().save(RELAYED, new StoredAccount(key, Optional.empty()));

        assertThat(hints.hint(tokenOf(key))).isEqualTo(HandoffHint.NONE);
    }

    @Test
    void aDamagedAccountFileHidesNoOtherAccount() throws Exception {
        Files.writeString(store.accounts().file(OTHER), "not an account");
        KeyAuthorization relayed = tokenOf(saveAccount(RELAYED));
        hints = new AccountHints(store, List.of(OTHER, RELAYED), List.of());

        assertThat(hints.hint(relayed)).isEqualTo(HandoffHint.RELAY);
        assertThat(hints.hint(tokenOf(newKey()))).isEqualTo(HandoffHint.NONE);
    }

    @Test
    void anAccountFileThatIsMovedAwayIsForgotten() throws Exception {
        KeyAuthorization relayed = tokenOf(saveAccount(RELAYED));
        assertThat(hints.hint(relayed)).isEqualTo(HandoffHint.RELAY);

        Files.delete(store.accounts().file(RELAYED));
        assertThat(hints.hint(tokenOf(newKey()))).isEqualTo(HandoffHint.NONE);

        assertThat(hints.hint(relayed)).isEqualTo(HandoffHint.NONE);
    }

    private KeyPair newKey() {
        return KeyType.EC256.generate(random);
    }

    private KeyPair saveAccount(URI ca) throws StoreException {
        KeyPair key = newKey();
        saveAccount(ca, key);
        return key;
    }

    private void saveAccount(URI ca, KeyPair key) throws StoreException {
        store.accounts().save(ca, new StoredAccount(key, Optional.of(ACCOUNT)));
    }

    private static KeyAuthorization tokenOf(KeyPair key) {
        return new KeyAuthorization(TOKEN, new Account(ACCOUNT, key).thumbprint());
    }
}
