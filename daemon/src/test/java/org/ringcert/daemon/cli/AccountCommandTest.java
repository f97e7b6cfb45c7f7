package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.acme.Account;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.pki.KeyType;
import org.ringcert.store.StoredAccount;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code ringcert account}, with a CA that cannot be reached or has nothing but a directory. */
class AccountCommandTest extends CommandLineFixture {

    private static final Instant TIME = Instant.parse("2026-11-27T10:15:00Z");

    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());

    private StoredAccount account() {
        return new StoredAccount(key, Optional.of(CA.resolve("/account/1")));
    }

    private void save(StoredAccount account) throws Exception {
        store().accounts().save(CA, account);
    }

    private void edit(String text, String replacement) throws Exception {
        Path file = folder.resolve("ringcert.toml");
        Files.writeString(file, Files.readString(file).replace(text, replacement));
    }

    private void addSecondCa() throws Exception {
        edit("[acme]", """
                [[acme]]
                directory = "letsencrypt"
                agree-to-terms = true
                [[acme]]""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "account",
                "account shwo",
                "account show web0",
                "account roll-over now",
                "account deactivate --yse",
                "account caa --json=maybe"
            })
    void wrongUsageExitsWith2(String line) {
        CommandRun result = onNode(line.split(" ", -1));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).isNotBlank().doesNotContain("null", "bug in Ringcert");
        assertThat(result.out()).isEmpty();
    }

    @Test
    void helpNamesTheCommands() {
        assertThat(run("--help").out()).contains("account");
        assertThat(run("account", "--help").out()).contains("show", "contact", "roll-over", "deactivate", "caa");
        for (String command : List.of("show", "contact", "roll-over", "deactivate", "caa")) {
            CommandRun help = run("account", command, "--help");
            assertThat(help.status()).as(command).isZero();
            assertThat(help.out()).contains("--ca", "--config", "--node", "--store");
        }
    }

    @ParameterizedTest
    @CsvSource({"show, 0", "contact, 1", "roll-over, 1", "deactivate --yes, 1", "caa, 1"})
    void withoutAnAccountEachSaysWhatMakesOne(String command, int status) {
        String[] arguments = ("account " + command).split(" ", -1);

        CommandRun result = onNode(arguments);

        assertThat(result.status()).isEqualTo(status);
        assertThat(result.out() + result.err())
                .contains("This server has no account at 127.0.0.1:1 yet.", "`ringcert renew --prepare`");
        assertThat(folder.resolve("store")).doesNotExist();
    }

    @Test
    void aRefusedRegistrationIsAProblem() throws Exception {
        save(new StoredAccount(key, Optional.empty(), Optional.of("Customers only"), Optional.empty()));

        CommandRun result = onNode("account", "show");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("has no account", "Customers only. `ringcert renew --prepare`");
    }

    @Test
    void showsWhatIsLocalIfTheCaCannotBeReached() throws Exception {
        save(account().registeredAt(TIME));

        CommandRun result = onNode("account", "show");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out())
                .contains(CA.resolve("/account/1").toString(), "ec256, thumbprint ", TIME.toString())
                .contains("What 127.0.0.1:1 says about it is not known. no connection to 127.0.0.1")
                .doesNotContain("PRIVATE");
        JsonNode json =
                JsonMapper.shared().readTree(onNode("account", "show", "--json").out());
        JsonNode shown = json.path("accounts").path(0);
        assertThat(json.path("node").asString()).isEqualTo("web0.example.org");
        assertThat(shown.path("good").asBoolean()).isFalse();
        assertThat(shown.path("thumbprint").asString())
                .isEqualTo(new Account(CA.resolve("/account/1"), key).thumbprint());
        assertThat(Path.of(shown.path("file").asString())).exists();
        assertThat(shown.has("atCa")).isFalse();
        assertThat(shown.path("problems")).hasSize(1);
    }

    @Test
    void contactAndDeactivationFailWithAReasonIfTheCaCannotBeReached() throws Exception {
        save(account());

        assertThat(onNode("account", "contact").err()).contains("has not changed the contact. no connection to");
        assertThat(onNode("account", "deactivate", "--yes").err())
                .contains("is not deactivated, as far as is known. no connection to");
        assertThat(onNode("account", "roll-over").err()).contains("keeps its key. No new key was sent");
        assertThat(store().accounts().find(CA)).hasValueSatisfying(kept -> {
            assertThat(kept.nextKey()).isEmpty();
            assertThat(kept.deactivated()).isEmpty();
        });
    }

    @Test
    void anUnfinishedRollOverStaysWhileTheCaCannotBeReached() throws Exception {
        KeyPair next = KeyType.EC256.generate(new SecureRandom());
        save(account().withNextKey(next));

        for (String command : List.of("show", "contact", "roll-over")) {
            CommandRun result = onNode("account", command);
            assertThat(result.status()).as(command).isEqualTo(1);
            assertThat(result.out() + result.err()).contains("It is not known whether 127.0.0.1 has changed the key");
        }
        assertThat(store().accounts()
                        .find(CA)
                        .orElseThrow()
                        .nextKey()
                        .orElseThrow()
                        .getPublic())
                .isEqualTo(next.getPublic());
    }

    @ParameterizedTest
    @ValueSource(strings = {"roll-over", "deactivate"})
    void severalCasNeedAChoice(String command) throws Exception {
        addSecondCa();

        CommandRun result = onNode("account", command);

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("Choose one with --ca", "    letsencrypt", "    " + CA);
        assertThat(onNode("account", command, "--ca", "letsencrypt").err()).contains("no account at letsencrypt");
        assertThat(onNode("account", command, "--ca", CA.toString()).err()).contains("no account at 127.0.0.1:1");
        CommandRun other = onNode("account", command, "--ca", "zerossl");
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("--ca zerossl is none of the CAs", "letsencrypt");
    }

    @Test
    void showIsAboutEachCaUnlessOneIsChosen() throws Exception {
        addSecondCa();

        assertThat(onNode("account", "show").out()).contains("at letsencrypt yet", "at 127.0.0.1:1 yet");
        assertThat(onNode("account", "show", "--ca", "letsencrypt").out()).doesNotContain("127.0.0.1:1");
    }

    @Test
    void anAddressBelongsInTheFile() {
        CommandRun result = onNode("account", "contact", "a@example.org");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("The address belongs in the configuration", "contact = ");
    }

    @Test
    void aDeactivationWithoutATerminalNeedsYes() throws Exception {
        save(account());

        CommandRun result = onNode("account", "deactivate");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("web0.example.org", "This cannot be undone", "--yes");
    }

    private CommandRun deactivateAnswering(Optional<String> answer) {
        Terminal terminal = new Terminal() {
            @Override
            public void print(String line) {}

            @Override
            public Optional<String> ask(String question) {
                assertThat(question).contains("This cannot be undone", "Deactivate it? [y/N] ");
                return answer;
            }
        };
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new AccountDeactivateCommand(() -> Optional.of(terminal)).spec())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "--config",
                        folder.resolve("ringcert.toml").toString(),
                        "--node",
                        "web0.example.org",
                        "--store",
                        folder.resolve("store").toString());
        return new CommandRun(status, out.toString(), err.toString());
    }

    @ParameterizedTest
    @CsvSource({"y, true", "Yes, true", "n, false", "'', false", ", false"})
    void aDeactivationIsConfirmedWithYOrYes(@Nullable String answer, boolean isConfirmed) throws Exception {
        save(account());

        CommandRun result = deactivateAnswering(Optional.ofNullable(answer));

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains(isConfirmed ? "no connection to 127.0.0.1" : "Nothing was changed.");
    }

    @Test
    void theUsageOfContactHasNoParameters() {
        assertThat(run("account", "contact", "--help").out()).doesNotContain("NONE", "[NONE", "PARAM");
    }

    @Test
    void anUnknownCommandGetsTheNearNames() {
        assertThat(run("account", "shwo").err()).contains("Did you mean", "account show");
        CommandRun bogus = run("account", "bogus");
        assertThat(bogus.status()).isEqualTo(2);
        assertThat(bogus.err()).contains("'bogus'", "show", "contact", "roll-over", "deactivate", "caa");
    }

    @Test
    void aDeactivatedAccountIsShownWithTheWayToANewOne() throws Exception {
        save(account().deactivatedAt(TIME));

        for (String command : List.of("show", "contact", "roll-over", "deactivate", "caa")) {
            CommandRun result = onNode("account", command);
            assertThat(result.status()).as(command).isEqualTo(command.equals("deactivate") ? 0 : 1);
            assertThat(result.out() + result.err())
                    .contains("was deactivated here on " + TIME, "renew --prepare")
                    .doesNotContain("Once the configuration is right")
                    .contains(store().accounts().file(CA).toString());
        }
        CommandRun prepare = onNode("renew", "--prepare");
        assertThat(prepare.out()).contains("was deactivated here on " + TIME).doesNotContain("There is no account at");
        CommandRun status = onNode("status");
        assertThat(status.status()).isEqualTo(1);
        assertThat(status.out()).contains("account at 127.0.0.1:1 was deactivated here on " + TIME);
        JsonNode json = JsonMapper.shared().readTree(onNode("status", "--json").out());
        assertThat(json.path("accounts").path(0).path("registered").asBoolean()).isFalse();
    }

    private CommandRun caa(String meta, String accountPath) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        String body = """
                {"newNonce":"%1$s/n","newAccount":"%1$s/a","newOrder":"%1$s/o","meta":%2$s}""".formatted(base, meta);
        server.createContext("/dir", exchange -> {
            try (exchange) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
        try {
            edit(CA.toString(), base + "/dir");
            store().accounts()
                    .save(
                            base.resolve("/dir"),
                            new StoredAccount(key, Optional.of(URI.create("https://ca.example" + accountPath))));
            return onNode("account", "caa");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void printsARecordForEachNameAndNamesTheOtherServers() throws Exception {
        CommandRun result = caa("{\"caaIdentities\":[\"ca.example\"]}", "/acct/7");

        assertThat(result.status()).isZero();
        assertThat(result.out().lines().filter(line -> !line.startsWith("; ")))
                .containsExactly(
                        "www.example.org. IN CAA 0 issue \"ca.example; accounturi=https://ca.example/acct/7;"
                                + " validationmethods=http-01\"",
                        "shop.example.org. IN CAA 0 issue \"ca.example; accounturi=https://ca.example/acct/7;"
                                + " validationmethods=http-01\"");
        assertThat(result.out())
                .contains("before you publish the first", "Run `ringcert account caa` on web1.example.org as well")
                .contains("It is not known whether 127.0.0.1:");
    }

    @Test
    void namesTheOtherIdentitiesOfTheCa() throws Exception {
        CommandRun result = caa("{\"caaIdentities\":[\"b.example\",\"a.example\"]}", "/acct/7");

        assertThat(result.status()).isZero();
        assertThat(result.out()).contains("one is enough: b.example, a.example", "issue \"b.example; ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | /acct/7 | does not say which name it has in CAA records (caaIdentities)",
                "{\"caaIdentities\":[\"x;y\",\"\\\" evil\"]} | /acct/7 | does not say which name it has",
                "{\"caaIdentities\":[\"ca.example\"]} | /acct;7 | characters that a CAA record cannot have"
            })
    void printsNoRecordThatCannotWork(String meta, String path, String words) throws Exception {
        CommandRun result = caa(meta, path);

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).contains("; No record for 127.0.0.1:", words).doesNotContain(" IN CAA ");
    }
}
