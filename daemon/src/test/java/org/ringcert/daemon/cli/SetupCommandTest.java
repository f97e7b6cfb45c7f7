package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.daemon.config.PublicCa;

/** {@code ringcert setup} with all answers as options. */
class SetupCommandTest {

    private static final String ALL = "--server web0.example.org --server web1.example.org"
            + " --site www.example.org,example.org --site shop.example.org"
            + " --ca letsencrypt-staging --contact hostmaster@ringcert.org --agree-to-terms --port-80 apache";

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("etc/ringcert/ringcert.toml");
    }

    private CommandRun run(String options) {
        List<String> arguments = new ArrayList<>(List.of("setup", "--config", file().toString()));
        Stream.of(options.split(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.replace("''", ""))
                .forEach(arguments::add);
        return CommandRun.of(arguments.toArray());
    }

    private Configuration written(String options) throws Exception {
        CommandRun result = run(options);
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("Wrote " + file());
        return ConfigurationLoader.load(file());
    }

    private void assertNothingWritten() throws IOException {
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void writesTheOptionsToTheFileAndLeavesNothingElseBehind() throws Exception {
        Configuration configuration = written(ALL);

        assertThat(configuration.nodes().stream().map(node -> node.node().name().value()))
                .containsExactly("web0.example.org", "web1.example.org");
        assertThat(configuration.sites().stream().map(site -> site.names().toString()))
                .containsExactly("[www.example.org, example.org]", "[shop.example.org]");
        AcmeSettings acme = configuration.authorities().getFirst();
        assertThat(acme.known()).contains(PublicCa.LETSENCRYPT_STAGING);
        assertThat(acme.contact()).contains("hostmaster@ringcert.org");
        assertThat(configuration.nodes().getFirst().listen()).hasToString("[127.0.0.1:8080]");
        assertThat(Files.readString(file())).contains("\nrun = [\"touch\", \"/run/ringcert/reload\"]");
        try (Stream<Path> beside = Files.list(folder.resolve("etc/ringcert"))) {
            assertThat(beside).containsExactly(file());
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void aCaWhoseChallengesAreRelayedNeedsTheDaemon() throws Exception {
        CommandRun result = run(ALL.replace("letsencrypt-staging", "zerossl") + " --mode files");

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains("ZeroSSL is not known to follow redirects", "choose the mode proxy (--mode proxy)")
                .doesNotContain("listen =", "[acme]");
        assertNothingWritten();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ringcert               | ['[::]:80']        | systemctl enable --now ringcert",
                "apache                 | ['127.0.0.1:8080'] | a2enmod rewrite proxy proxy_http",
                "apache --mode files    | []                 | systemctl enable --now ringcert-renew.timer ringcert-reload@apache2.path",
                "nginx                  | ['127.0.0.1:8080'] | > /etc/nginx/conf.d/ringcert.conf",
                "nginx --mode files     | []                 | --fragment > /etc/nginx/snippets/ringcert-challenges.conf",
                "haproxy                | ['127.0.0.1:8080'] | --site www.example.org --site shop.example.org >> /etc/haproxy/haproxy.cfg",
            })
    void port80DecidesTheListenAddressAndTheNextSteps(String port80, String listen, String next) throws Exception {
        CommandRun result = run(ALL.replace("--port-80 apache", "--port-80 " + port80));
        assertThat(result.status()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(
                        next,
                        "scp " + file() + " root@$server:/etc/ringcert/ringcert.toml",
                        "    ringcert check\n",
                        "    ringcert status\n");
        assertThat(Files.readString(file()))
                .contains("listen = " + listen.replace('\'', '"'))
                .contains(listen.equals("[]") ? "# systemctl start ringcert-renew" : "# systemctl reload ringcert");
        ConfigurationLoader.load(file());
    }

    @Test
    void acceptsAPrivateCaNoContactAndOneServer() throws Exception {
        Configuration configuration = written(
                "--server web0 --site www.lan --ca https://ca.lan/dir --contact '' --agree-to-terms --port-80 ringcert");
        assertThat(configuration.authorities().getFirst().directory()).isEqualTo(URI.create("https://ca.lan/dir"));
        assertThat(configuration.authorities().getFirst().contact()).isEqualTo(Optional.empty());
    }

    @Test
    void namesTheFileForCredentialsIfTheCaNeedsThem() throws Exception {
        Configuration configuration = written(ALL.replace("letsencrypt-staging", "google"));

        assertThat(configuration.authorities().getFirst().known()).contains(PublicCa.GOOGLE);
        assertThat(Files.readString(file())).contains("\neab-file = \"/etc/ringcert/google.eab\"   # on each server");
    }

    @Test
    void listsTheContactAsMissingIfTheCaNeedsOne() throws IOException {
        CommandRun result =
                run(ALL.replace("letsencrypt-staging", "sslcom").replace("--contact hostmaster@ringcert.org", ""));

        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("--contact ADDRESS (this CA needs one)");
        assertNothingWritten();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--ca letsencrypt-staging          | --ca letsencrypt",
                "--agree-to-terms                  | --agree-to-terms",
                "--port-80 apache                  | --port-80 ringcert|apache|nginx|haproxy",
                "--server [^ ]+                    | --server NAME",
                "--site [^ ]+                      | --site NAME",
            })
    void listsMissingOptionsWithoutATerminal(String omitted, String named) throws IOException {
        CommandRun result = run(ALL.replaceAll(omitted, ""));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(named, "Nothing was written");
        assertThat(result.err().lines().filter(line -> line.startsWith("    "))).hasSize(1);
        assertNothingWritten();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--server web0.example.org         | has a node of this name already",
                "--server web2.lan                 | public names only",
                "--site *.example.org              | wildcards",
                "--site ,                          | `names` is empty",
                "--mode file                       | the mode must be proxy or files",
                "--ca letsencrypt                  | --ca",
            })
    void reportsAWrongOptionAndWritesNothing(String wrong, String said) throws IOException {
        CommandRun result = run(ALL + " " + wrong);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(said);
        assertNothingWritten();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ringcert --mode files", "haproxy --mode files", "lighttpd"})
    void reportsAnImpossiblePort80(String port80) throws IOException {
        CommandRun result = run(ALL.replace("--port-80 apache", "--port-80 " + port80));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).isNotBlank();
        assertNothingWritten();
    }

    @Test
    void reportsAllMistakesAtOnceWithoutMissingOptions() throws IOException {
        CommandRun result = run("--server web_0.example.org --site *.example.org --ca letsencrpt --contact me");
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains("web_0", "wildcards", "did you mean", "e-mail");
        assertNothingWritten();
    }

    @Test
    void neverReplacesAFileOrADanglingLink() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "mine");
        CommandRun result = run(ALL);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).contains(file() + " already exists", "--config");
        assertThat(Files.readString(file())).isEqualTo("mine");

        Files.delete(file());
        Files.createSymbolicLink(file(), folder.resolve("elsewhere"));
        assertThat(run(ALL).status()).isEqualTo(2);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void reportsAnImpossibleDirectoryFirst() throws IOException {
        Files.writeString(folder.resolve("etc"), "a file");
        CommandRun result = run(ALL);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err())
                .contains(folder.resolve("etc").toString(), "--config FILE")
                .doesNotContain("defect", "bug in Ringcert");
    }
}
