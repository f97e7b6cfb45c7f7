package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;

/** What a reload says about the CAs, and that the sites are tried again after such a change. */
class ConfigurationChangesTest {

    private static final URI FIRST = URI.create("https://ca1.example.org/dir");
    private static final String SECOND =
            "[[acme]]\ndirectory = \"https://ca2.example.org/dir\"\nagree-to-terms = true\n";

    @TempDir
    private Path folder;

    private Configuration load(String more) throws Exception {
        String text = SmallConfiguration.text(List.of("web0.example.org", "web1.example.org"), FIRST)
                .replace("[acme]", "[[acme]]");
        Configuration written =
                ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), text + more));
        return written.withStore(folder.resolve("store"));
    }

    private void assertChange(Configuration before, Configuration now, String expected) throws Exception {
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));
        ConfigurationChanges changes = new ConfigurationChanges(before, previous, previous.withConfiguration(now));

        assertThat(changes.applied()).containsExactly(expected);
        assertThat(changes.needingRestart()).isEmpty();
        assertThat(changes.sitesToRetry()).isEqualTo(now.sites());
    }

    @Test
    void namesTheCas() throws Exception {
        assertChange(
                load(""),
                load(SECOND),
                "the list of CAs changed from https://ca1.example.org/dir to https://ca1.example.org/dir,"
                        + " https://ca2.example.org/dir");
        assertChange(
                load(SECOND),
                load(""),
                "the list of CAs changed from https://ca1.example.org/dir, https://ca2.example.org/dir to"
                        + " https://ca1.example.org/dir");
    }

    @Test
    void seesNewCredentialsInTheSameFile() throws Exception {
        Path credentials = folder.resolve("ca.eab");
        String key = "hmac = MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA\n";
        Files.writeString(credentials, "kid = first\n" + key);
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
        String second = SECOND + "eab-file = \"" + credentials + "\"\n";
        Configuration before = load(second);
        Files.writeString(credentials, "kid = second\n" + key);

        assertChange(before, load(second), "the EAB credentials for https://ca2.example.org/dir changed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keys = ['rsa2048'] | `keys` of CA changed from [ec256] to [rsa2048]",
                "chain = 'ISRG Root X2' | `chain` of CA changed from none to ISRG Root X2",
                "reuse-key = true | `reuse-key` of CA changed from false to true",
                "profile = 'short' | `profile` of CA changed from none to short",
                "contact = 'a@example.org' | `contact` of CA changed from none to a@example.org; `ringcert account contact`"
                        + " tells the CA"
            },
            quoteCharacter = '"')
    void namesTheSetting(String line, String expected) throws Exception {
        Configuration before = load("");
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));
        LocalNode next = previous.withConfiguration(load(line.replace('\'', '"') + "\n"));

        assertThat(new ConfigurationChanges(before, previous, next).applied())
                .containsExactly(expected.replace("CA changed", FIRST + " changed"));
    }

    @Test
    void namesTheSettingOfASite() throws Exception {
        Configuration before = load("");
        String text = Files.readString(folder.resolve("ringcert.toml"))
                .replaceFirst("\\[\\[site]]\n", "[[site]]\nkeys = [\"rsa2048\"]\nprofile = \"short\"\n");
        Configuration now = ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), text))
                .withStore(folder.resolve("store"));
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));

        assertThat(new ConfigurationChanges(before, previous, previous.withConfiguration(now)).applied())
                .containsExactly(
                        "`keys` of www.example.org changed from none to [rsa2048]",
                        "`profile` of www.example.org changed from none to short");
    }

    @Test
    void seesHowChallengesAreHandedOver() throws Exception {
        assertChange(
                load(SECOND),
                load(SECOND + "handoff = \"relay\"\n"),
                "`handoff` of https://ca2.example.org/dir changed from redirect to relay");
    }

    @Test
    void seesWhatConcernsLooksBeforeOrders() throws Exception {
        assertChange(
                load(""),
                load("[check]\nresolver = \"127.0.0.1:53\"\n"),
                "`resolver` in [check] changed from none to 127.0.0.1:53");
        assertChange(
                load("[check]\nbefore-order = \"postpone\"\n"),
                load("[check]\nbefore-order = \"off\"\n"),
                "`before-order` in [check] changed from postpone to off");
    }

    private List<String> applied(Configuration before, Configuration now) throws Exception {
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));
        return new ConfigurationChanges(before, previous, previous.withConfiguration(now)).applied();
    }

    /** Returns the configuration with more lines in the table of a node. */
    private Configuration loadWithNode(String name, String lines) throws Exception {
        Configuration _ = load("");
        Path file = folder.resolve("ringcert.toml");
        String text = Files.readString(file);
        String line = "name = \"" + name + "\"\n";
        assertThat(text).contains(line);
        return ConfigurationLoader.load(Files.writeString(file, text.replace(line, line + lines)))
                .withStore(folder.resolve("store"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web0.example.org", "web1.example.org"})
    void namesTheSettingsOfEachServer(String name) throws Exception {
        assertThat(applied(load(""), loadWithNode(name, "https = \"10.0.0.9:8443\"\n")))
                .containsExactly("`https` of " + name + " changed from "
                        + load("").node(new HostName(name)).https() + " to 10.0.0.9:8443");
    }

    @Test
    void namesTheAddressOfAServerBesideOtherChanges() throws Exception {
        Configuration before = loadWithNode("web1.example.org", "https = \"10.0.0.9:443\"\n");
        Configuration now = loadWithNode("web1.example.org", "https = \"10.0.0.10:443\"\naddress = \"10.0.0.10\"\n");
        assertThat(applied(before, now))
                .anyMatch(sentence -> sentence.startsWith("`address` of web1.example.org changed from ")
                        && sentence.endsWith(" to 10.0.0.10"))
                .contains("`https` of web1.example.org changed from 10.0.0.9:443 to 10.0.0.10:443");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[deploy]#run = ['/bin/true'] | `run` in [deploy] changed from [] to [/bin/true]",
                "[deploy]#haproxy-socket = '/run/h.sock' | `haproxy-socket` in [deploy] changed from none to /run/h.sock"
            },
            quoteCharacter = '"')
    void namesWhatHappensAfterRenewals(String lines, String expected) throws Exception {
        assertThat(applied(load(""), load(lines.replace('#', '\n').replace('\'', '"') + "\n")))
                .containsExactly(expected);
    }

    @Test
    void anotherServerMayCureFailures() throws Exception {
        assertChange(
                load(""),
                load("[[node]]\nname = \"web2.example.org\"\n"),
                "the servers changed from [web0.example.org, web1.example.org] to [web0.example.org, web1.example.org,"
                        + " web2.example.org]");
    }

    @Test
    void aNewAlertCommandIsInForceAtOnceAndCuresNoSite() throws Exception {
        Configuration before = load("");
        Configuration now = load("[alert]\nrun = [\"/usr/local/bin/page\", \"-u\"]\n");
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));
        ConfigurationChanges added = new ConfigurationChanges(before, previous, previous.withConfiguration(now));
        assertThat(added.applied()).containsExactly("`run` in [alert] changed from [] to [/usr/local/bin/page, -u]");
        assertThat(added.needingRestart()).isEmpty();
        assertThat(added.sitesToRetry()).isEmpty();

        LocalNode next = new LocalNode(now, new HostName("web0.example.org"));
        assertThat(new ConfigurationChanges(now, next, next.withConfiguration(before)).applied())
                .containsExactly("`run` in [alert] changed from [/usr/local/bin/page, -u] to []");
    }

    @Test
    void anotherAdminAddressNeedsARestart() throws Exception {
        Configuration before = load("");
        String text = Files.readString(folder.resolve("ringcert.toml"))
                .replaceFirst("admin = \"off\"", "admin = \"127.0.0.1:9500\"");
        Configuration now = ConfigurationLoader.load(Files.writeString(folder.resolve("ringcert.toml"), text))
                .withStore(folder.resolve("store"));
        LocalNode previous = new LocalNode(before, new HostName("web0.example.org"));
        ConfigurationChanges changes = new ConfigurationChanges(before, previous, previous.withConfiguration(now));
        assertThat(changes.needingRestart())
                .containsExactly("the address of the admin server changed from off to 127.0.0.1:9500");
        assertThat(changes.sitesToRetry()).isEmpty();

        LocalNode other = new LocalNode(before, new HostName("web1.example.org"));
        assertThat(new ConfigurationChanges(before, other, other.withConfiguration(now)).needingRestart())
                .as("that of another server")
                .isEmpty();
    }
}
