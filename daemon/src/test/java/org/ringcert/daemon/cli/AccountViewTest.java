package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ringcert.acme.AccountDetails;
import org.ringcert.acme.AcmeClient;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.issue.AccountEvent.RollOverEnded;
import org.ringcert.issue.AccountEvent.RollOverEnded.AccountKey;
import org.ringcert.issue.AccountManager;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoredAccount;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code ringcert account show} says about an account that the CA shows. */
class AccountViewTest extends CommandLineFixture {

    private static final HostName SELF = new HostName("web0.example.org");
    private static final String NOTE = "Run `ringcert account contact`.";

    private final AcmeClient ca = AcmeClient.create(CA, Optional.empty(), "test", Clock.systemUTC());

    @BeforeEach
    void saveAccount() throws Exception {
        store().accounts()
                .save(
                        CA,
                        new StoredAccount(
                                KeyType.EC256.generate(new SecureRandom()), Optional.of(CA.resolve("/account/1"))));
    }

    @AfterEach
    void close() {
        ca.close();
    }

    private AccountView view(String configured, List<String> shown) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        if (!configured.isEmpty()) {
            Files.writeString(file, Files.readString(file) + "contact = \"" + configured + "\"\n");
        }
        AcmeSettings settings = ConfigurationLoader.load(file).authorities().getFirst();
        AccountManager manager =
                new AccountManager(ca, store(), Clock.systemUTC(), new SecureRandom(), IssuanceListener.NONE);
        NodeAccount account =
                new NodeAccount(settings, "ca.example", Optional.of(new NodeAccount.Opened(store(), manager)));
        AccountDetails details = new AccountDetails(Optional.of("valid"), shown, Optional.empty(), Optional.empty());
        return AccountView.of(account, Optional.of(details), Optional.empty(), Optional.empty());
    }

    private static JsonNode json(AccountView view) {
        return JsonMapper.shared()
                .readTree(AccountJson.of(SELF, List.of(view)))
                .path("accounts")
                .path(0);
    }

    @ParameterizedTest
    @CsvSource({
        "b@example.org, mailto:a@example.org, true",
        "'', mailto:a@example.org, true",
        "a@example.org, mailto:a@example.org, false",
        "a@Example.org, mailto:a@example.org, false"
    })
    void comparesTheContactThatTheCaShows(String configured, String shown, boolean differs) throws Exception {
        AccountView view = view(configured, List.of(shown));

        assertThat(view.isGood()).isTrue();
        assertThat(AccountText.of(SELF, List.of(view)).contains(NOTE)).isEqualTo(differs);
        assertThat(json(view).path("contactDiffers").asBoolean()).isEqualTo(differs);
    }

    /** Let's Encrypt keeps no contacts, so a note would never go away. */
    @Test
    void aCaThatShowsNoContactCausesNoNote() throws Exception {
        AccountView view = view("a@example.org", List.of());

        assertThat(view.notes()).isEmpty();
        assertThat(json(view).has("contactDiffers")).isFalse();
        assertThat(AccountText.of(SELF, List.of(view))).contains("none is shown; the configuration has a@example.org");
    }

    @Test
    void aRollOverThatDidNotHappenIsAProblem() throws Exception {
        AccountView view = view("", List.of());

        AccountView old = view.withRollOver(new RollOverEnded(AccountKey.OLD));
        AccountView changed = view.withRollOver(new RollOverEnded(AccountKey.NEW));

        assertThat(old.isGood()).isFalse();
        assertThat(AccountText.of(SELF, List.of(old)))
                .contains(
                        "The roll-over at ca.example that was cut off did not happen; the account has its old key. Run"
                                + " `ringcert account roll-over` again.");
        assertThat(changed.isGood()).isTrue();
        assertThat(AccountText.of(SELF, List.of(changed))).contains("is complete; the account has the new key.");
    }
}
