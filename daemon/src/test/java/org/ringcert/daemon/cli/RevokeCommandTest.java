package org.ringcert.daemon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.SelfSignedCertificate;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import picocli.CommandLine;

/** What {@code ringcert revoke} says and refuses before it sends anything. No CA answers. */
class RevokeCommandTest extends CommandLineFixture {

    private static final URI LETSENCRYPT = PublicCa.LETSENCRYPT.directory();

    private final KeyPair key = KeyType.EC256.generate(new SecureRandom());

    /** Makes Let's Encrypt the configured CA. Nothing in these tests may send anything to it. */
    private void configureLetsEncrypt() throws Exception {
        Files.writeString(
                folder.resolve("ringcert.toml"),
                Files.readString(folder.resolve("ringcert.toml")).replace("" + CA, "letsencrypt"));
    }

    private CertificateVersion install(URI ca, KeyPair pair, HostName... names) throws StoreException {
        Instant now = Instant.now();
        return store().install(
                        CertificateName.first(WWW),
                        pair,
                        List.of(SelfSignedCertificate.create(pair, List.of(names), now, now.plus(Duration.ofDays(90)))),
                        new Origin.IssuedByCa(ca, Optional.of(ca.resolve("/account/1")), Optional.empty()));
    }

    private CertificateVersion installNewKey(URI ca) throws StoreException {
        return install(ca, KeyType.EC256.generate(new SecureRandom()), WWW);
    }

    private static void assertRefused(CommandRun run, String... parts) {
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(parts);
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "11", "stolen", "-1", ""})
    void listsTheReasonsWhereThereIsNoSuchReason(String reason) throws Exception {
        installNewKey(CA);

        assertRefused(
                onNode("revoke", "www.example.org", "--reason=" + reason, "--yes"),
                "\"" + reason + "\" is not a reason",
                "unspecified, keyCompromise, cACompromise, affiliationChanged, superseded");
    }

    @Test
    void refusesASiteThatIsNotInTheConfiguration() {
        assertRefused(onNode("revoke", "www.example.net", "--yes"), "www.example.net is not a site");
        assertRefused(onNode("revoke", "not a name", "--yes"), "is not a site");
    }

    @Test
    void saysThatNoCaCanRevokeASelfSignedCertificate() throws Exception {
        assertRefused(onNode("revoke", "www.example.org", "--yes"), "has no certificate yet");
        store().ensureSelfSigned(CertificateName.first(WWW), new Site(List.of(WWW)), KeyType.EC256, new SecureRandom());

        assertRefused(onNode("revoke", "www.example.org", "--yes"), "is self-signed", "none can revoke it");
    }

    @Test
    void listsTheVersionsWhereThereIsNoSuchVersion() throws Exception {
        CertificateVersion previous = installNewKey(CA);
        CertificateVersion current = installNewKey(CA);

        assertRefused(
                onNode("revoke", "www.example.org", "--version", "20200101T000000Z", "--yes"),
                "www.example.org has no version 20200101T000000Z",
                previous.label() + " (www.example.org, valid until " + previous.notAfter() + ")",
                current.label() + " (www.example.org, valid until " + current.notAfter() + ", current)");
        assertRefused(onNode("revoke", "www.example.org", "--version", "../x", "--yes"), "has no version ../x");
    }

    @Test
    void doesNothingWithoutATerminalAndWithoutYes() throws Exception {
        installNewKey(CA);

        assertRefused(onNode("revoke", "www.example.org"), "no terminal", "--yes", "Nothing was revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "affiliationChanged", "certificate-hold", "removeFromCRL", "privilegewithdrawn", "10"})
    void saysWhichReasonsLetsEncryptAccepts(String reason) throws Exception {
        configureLetsEncrypt();
        installNewKey(LETSENCRYPT);

        assertRefused(
                onNode("revoke", "www.example.org", "--reason", reason, "--dry-run"),
                "Let's Encrypt does not revoke for the reason ",
                "It accepts unspecified, keyCompromise, superseded, cessationOfOperation.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"unspecified", "1", "superseded", "cessation-of-operation"})
    void acceptsTheReasonsThatLetsEncryptAccepts(String reason) throws Exception {
        configureLetsEncrypt();
        CertificateVersion version = installNewKey(LETSENCRYPT);

        CommandRun run = onNode("revoke", "www.example.org", "--reason", reason, "--dry-run");

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "www.example.org, version " + version.label(),
                        "issued by letsencrypt",
                        "ordered from letsencrypt",
                        "5 certificates in 7 days for the same names, shared by 2 servers.",
                        "this server got at least 1 in the last 7 days; the files of older versions are"
                                + " deleted after a day. At most 4 are left, less what the other server got");
        assertThat(store().current(CertificateName.first(WWW)).orElseThrow().revocation())
                .isEmpty();
    }

    @Test
    void saysWhenTheNextOrderIsPossibleIfThisServerHasUsedUpTheLimit() throws Exception {
        configureLetsEncrypt();
        for (int i = 0; i < 5; i++) {
            installNewKey(LETSENCRYPT);
        }
        install(LETSENCRYPT, key, WWW, SHOP);

        CommandRun run = onNode("revoke", "www.example.org", "--dry-run");
        CommandRun forced = onNode("revoke", "www.example.org", "--dry-run", "--force");

        assertThat(run.out())
                .contains(
                        "got at least 5 in the last 7 days; ",
                        "None is left",
                        "the order waits for its turn, and Ringcert then orders by itself. With --force, it does not wait.",
                        "The next one is possible at about",
                        "has only the revoked certificate")
                .doesNotContain("will probably refuse");
        assertThat(forced.out())
                .contains("will probably refuse the order. The next one is possible at about")
                .doesNotContain("waits for its turn");
    }

    @Test
    void namesTheOtherVersionsThatHaveACompromisedKey() throws Exception {
        CertificateVersion sameKey = install(CA, key, WWW);
        CertificateVersion otherKey = installNewKey(CA);
        CertificateVersion current = install(CA, key, WWW);

        CommandRun compromise = onNode("revoke", "www.example.org", "--reason", "keyCompromise", "--dry-run");
        CommandRun other = onNode("revoke", "www.example.org", "--reason", "superseded", "--dry-run");

        assertThat(compromise.out())
                .contains(
                        current.label(),
                        "version " + sameKey.label() + ",",
                        "because it has the same key",
                        "with a new key")
                .doesNotContain("version " + otherKey.label() + ",");
        assertThat(other.out()).contains(current.label()).doesNotContain("version " + sameKey.label() + ",");
    }

    @Test
    void ordersNothingForAVersionThatIsNotCurrent() throws Exception {
        CertificateVersion previous = installNewKey(CA);
        CertificateVersion current = installNewKey(CA);

        CommandRun run = onNode("revoke", "www.example.org", "--version", previous.label(), "--dry-run");

        assertThat(run.out())
                .contains(previous.label(), "not the current one", "nothing is ordered")
                .doesNotContain("version " + current.label() + ",");
    }

    @Test
    void anUnreachableCaRevokesNothingAndOrdersNothing() throws Exception {
        CertificateVersion version = installNewKey(CA);

        CommandRun run = onNode("revoke", "www.example.org", "--reason", "superseded", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("www.example.org: version " + version.label() + " is not revoked: no connection to 127.0.0.1")
                .contains("Nothing is ordered.")
                .doesNotContain("failed", "renewed");
        assertThat(store().current(CertificateName.first(WWW)).orElseThrow().revocation())
                .isEmpty();
        assertThat(store().isKeyRetired(version.leaf().getPublicKey())).isFalse();
    }

    @Test
    void asksTheCaThatIsNoLongerInTheConfiguration() throws Exception {
        installNewKey(URI.create("http://127.0.0.1:2/former"));

        CommandRun run = onNode("revoke", "www.example.org", "--yes");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains(
                        "http://127.0.0.1:2/former is no longer in the configuration",
                        "write [[acme]] instead of [acme]",
                        "    [[acme]]",
                        "    directory = \"http://127.0.0.1:2/former\"",
                        "    agree-to-terms = true",
                        "    ca-file = \"")
                .contains("ordered from 127.0.0.1:1");
    }

    @Test
    void aLockedSiteIsLeftAlone() throws Exception {
        installNewKey(CA);

        try (Store.Lock _ = store().tryLock(WWW).orElseThrow()) {
            CommandRun run = onNode("revoke", "www.example.org", "--yes");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).contains("the daemon or another command is working on it", "Nothing was revoked");
        }
    }

    /** A terminal whose user gives one answer. */
    private static final class OneAnswer implements Terminal {

        private final Optional<String> answer;
        private final List<String> questions = new ArrayList<>();

        OneAnswer(Optional<String> answer) {
            this.answer = answer;
        }

        @Override
        public void print(String line) {}

        @Override
        public Optional<String> ask(String question) {
            questions.add(question);
            return answer;
        }
    }

    private CommandRun answering(Optional<String> answer) {
        OneAnswer terminal = new OneAnswer(answer);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLine(new RevokeCommand(() -> Optional.of(terminal)).spec())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "www.example.org",
                        "--config",
                        folder.resolve("ringcert.toml").toString(),
                        "--node",
                        "web0.example.org",
                        "--store",
                        folder.resolve("store").toString());
        assertThat(terminal.questions).containsExactly("Go on? [y/N] ");
        return new CommandRun(status, out.toString(), err.toString());
    }

    @Test
    void goesOnOnlyIfTheUserSaysSo() throws Exception {
        installNewKey(CA);

        for (Optional<String> no : List.of(Optional.of("n"), Optional.of(""), Optional.<String>empty())) {
            CommandRun run = answering(no);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out())
                    .contains("To be revoked", "Nothing was revoked.")
                    .doesNotContain("no connection");
        }
        assertThat(answering(Optional.of(" Yes ")).out()).contains("is not revoked: no connection");
    }
}
