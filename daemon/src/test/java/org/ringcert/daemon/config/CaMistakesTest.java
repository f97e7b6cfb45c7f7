package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/** Mistakes in the choice of CAs, in their credentials, and in the way their challenges are handed over. */
class CaMistakesTest {

    private static final String AGREED = "agree-to-terms = true\n";
    private static final String EAB = "eab-file = \"/etc/ringcert/ca.eab\"\n";
    private static final String ZEROSSL = "[acme]\ndirectory = \"zerossl\"\n" + AGREED + EAB;
    private static final String PRIVATE = "[acme]\ndirectory = \"https://ca.example.org/\"\n" + AGREED;

    @TempDir
    Path directory;

    private DynamicTest wrong(String snippet, String place, String... parts) {
        return DynamicTest.dynamicTest(
                snippet,
                () -> assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet)))
                        .singleElement()
                        .satisfies(mistake ->
                                assertThat(mistake).startsWith(place + ": ").contains(parts)));
    }

    private DynamicTest right(String snippet) {
        return DynamicTest.dynamicTest(
                snippet, () -> ConfigurationText.load(directory, ConfigurationText.completed(snippet)));
    }

    private static String both(String first, String second) {
        return "[[acme]]\ndirectory = \"" + first + "\"\n" + AGREED + "[[acme]]\ndirectory = \"" + second + "\"\n"
                + AGREED + "#[acme]";
    }

    @TestFactory
    Stream<DynamicTest> acceptsTheStagingEnvironmentOnlyAlone() {
        return Stream.of(
                wrong(both("letsencrypt", "letsencrypt-staging"), "5:1", "no browser trusts", "the only CA"),
                wrong(both("letsencrypt-staging", "https://ca.example.org/"), "2:1", "the only CA"),
                wrong(
                        both("https://acme-staging-v02.api.letsencrypt.org/directory", "letsencrypt"),
                        "2:1",
                        "the only CA"),
                right(both("letsencrypt", "https://ca.example.org/")));
    }

    @TestFactory
    Stream<DynamicTest> saysWhatAnAccountNeeds() {
        return Stream.of(
                wrong(
                        "[acme]\ndirectory = \"zerossl\"\n" + AGREED,
                        "2:1",
                        "ZeroSSL makes accounts only for customers",
                        "https://app.zerossl.com",
                        "eab-file = \"/etc/ringcert/zerossl.eab\""),
                wrong(
                        "[acme]\ndirectory = \"https://acme.zerossl.com/v2/DV90\"\n" + AGREED,
                        "2:1",
                        "ZeroSSL makes accounts only for customers"),
                wrong(
                        "[acme]\ndirectory = \"actalis\"\n" + AGREED,
                        "2:1",
                        "Actalis makes accounts only for customers",
                        "Manage with ACME"),
                wrong(
                        "[acme]\ndirectory = \"google\"\ncontact = \"ca@ringcert.org\"\n" + AGREED,
                        "2:1",
                        "gcloud publicca external-account-keys create"),
                wrong(
                        "[acme]\ndirectory = \"google\"\n" + AGREED + EAB,
                        "1:1",
                        "`contact` is missing in [acme]; Google Trust Services"),
                wrong("[acme]\ndirectory = \"sslcom\"\n" + AGREED + EAB, "1:1", "`contact` is missing", "SSL.com"),
                wrong(
                        "[acme]\ndirectory = \"google\"\ncontact = \"ca@ringcert.org\"\n" + EAB,
                        "1:1",
                        "the terms of service of Google Trust Services (https://pki.goog/repository/)"),
                wrong(
                        "[acme]\ndirectory = \"zerossl\"\n" + EAB,
                        "1:1",
                        "the terms of service of ZeroSSL (its directory links to them)"),
                wrong("[acme]\ndirectory = \"zerosssl\"\n" + AGREED, "2:1", "did you mean \"zerossl\"?"),
                right(ZEROSSL),
                right("[acme]\ndirectory = \"actalis\"\n" + AGREED + EAB),
                right("[acme]\ndirectory = \"google\"\ncontact = \"ca@ringcert.org\"\n" + AGREED + EAB),
                right("[acme]\ndirectory = \"sslcom\"\ncontact = \"ca@ringcert.org\"\n" + AGREED + EAB));
    }

    @TestFactory
    Stream<DynamicTest> acceptsCredentialsInOneOfTwoForms() {
        String keyId = "eab-kid = \"kid-1\"\n";
        String hmacFile = "eab-hmac-file = \"/etc/ringcert/ca.hmac\"\n";
        return Stream.of(
                wrong(PRIVATE + EAB + keyId, "5:1", "`eab-file` names a file with both", "write either that"),
                wrong(PRIVATE + hmacFile + EAB, "4:1", "`eab-file` names a file with both"),
                wrong(PRIVATE + keyId, "4:1", "`eab-kid` needs `eab-hmac-file`"),
                wrong(PRIVATE + hmacFile, "4:1", "`eab-hmac-file` needs `eab-kid`"),
                wrong(PRIVATE + "eab-file = \"ca.eab\"\n", "4:1", "`eab-file`: this is not the path", "absolute path"),
                wrong(PRIVATE + "eab-file = 1\n", "4:1", "must be a string", "zerossl.eab"),
                wrong(PRIVATE + "eab-kid = \"a b\"\n" + hmacFile, "4:1", "`eab-kid`, \"a b\"", "without spaces"),
                wrong(PRIVATE + keyId + "eab-hmac-file = \"x\"\n", "5:1", "absolute path"),
                wrong("[store]\neab-file = \"/x\"\n", "2:1", "`eab-file` belongs in [acme]"),
                right(PRIVATE + EAB),
                right(PRIVATE + keyId + hmacFile));
    }

    @TestFactory
    Stream<DynamicTest> neverQuotesACredentialInPlaceOfAPath() {
        String secret = "MjXU3MH-Z0WQ7piMAnVsCpD1shgMiWx6ggPWiTmydgUaj7dWWWfQfA";
        return Stream.of("eab-file = \"@\"\n", "eab-kid = \"kid-1\"\neab-hmac-file = \"@\"\n")
                .map(keys -> DynamicTest.dynamicTest(
                        keys,
                        () -> assertThat(ConfigurationText.mistakes(
                                        directory, ConfigurationText.completed(PRIVATE + keys.replace("@", secret))))
                                .singleElement()
                                .asString()
                                .contains("this is not the path of a file", "absolute path")
                                .doesNotContain("MjXU3MH")));
    }

    @Test
    void saysThatTheSystemsCertificatesNeedNoFile() throws Exception {
        KeyPair key = KeyType.EC256.generate(new SecureRandom());
        Instant now = Instant.now();
        X509Certificate root = SelfSignedCertificate.create(
                key, List.of(new HostName("ca.example.org")), now, now.plus(Duration.ofDays(1)));
        Path bundle = Files.writeString(directory.resolve("bundle.pem"), Pem.write(Collections.nCopies(21, root)));

        assertThat(ConfigurationText.mistakes(
                        directory, ConfigurationText.completed(PRIVATE + "ca-file = \"" + bundle + "\"\n")))
                .singleElement()
                .asString()
                .contains(
                        "more than 20 certificates", "at most 20", "leave the key out for a CA that the system trusts");
    }

    @TestFactory
    Stream<DynamicTest> relaysOnlyWhereServersAskEachOther() {
        String nodes = "[[node]]\nname = \"a.example.org\"\n[[node]]\nname = \"b.example.org\"\n";
        return Stream.of(
                wrong(
                        ZEROSSL + "[front]\nhandoff = \"ring\"\n",
                        "2:1",
                        "zerossl is not known to follow redirects to another name",
                        "handoff = \"ring\" in [front]",
                        "write handoff = \"redirect\" there",
                        "if the CA follows redirects"),
                wrong(
                        PRIVATE + "handoff = \"relay\"\n[front]\nhandoff = \"ring\"\n",
                        "4:1",
                        "the challenges of https://ca.example.org/ are relayed"),
                wrong(
                        ZEROSSL + nodes + "listen = []\n",
                        "2:1",
                        "b.example.org of line 8 has listen = []",
                        "listen = [\"127.0.0.1:8080\"]"),
                wrong(ZEROSSL + "[front]\nlisten = []\n", "2:1", "web0.example.org of line 9 has listen = []"),
                wrong(
                        "[acme]\ndirectory = \"letsencrypt\"\n" + AGREED + "handoff = \"relay\"\n",
                        "4:1",
                        "Let's Encrypt follows redirects",
                        "handoff = \"relay\" in [front]"),
                wrong(PRIVATE + "handoff = \"ring\"\n", "4:1", "not one of redirect, relay"),
                right(ZEROSSL + "[front]\nhandoff = \"relay\"\n"),
                right(ZEROSSL + "handoff = \"redirect\"\n[front]\nhandoff = \"ring\"\nlisten = []\n"),
                right(ZEROSSL + "[front]\nhandoff = \"ring\"\nlisten = []\n[[node]]\nname = \"a.example.org\"\n"),
                right(PRIVATE + "[front]\nhandoff = \"ring\"\n"));
    }

    @TestFactory
    Stream<DynamicTest> aCaThatIsNeverRedirectedDoesNotSeeTheServersNames() {
        String privateNames = "[[node]]\nname = \"web0\"\nport = 8080\n[[node]]\nname = \"web1.example.org\"\n";
        return Stream.of(
                right(ZEROSSL + privateNames),
                wrong(
                        ZEROSSL + "handoff = \"redirect\"\n" + privateNames.replace("port = 8080\n", ""),
                        "7:1",
                        "public names only"));
    }

    @Test
    void theRulesOfPublicCasApplyIfOneOfSeveralIsPublic() {
        String text = both("https://ca.example.org/", "letsencrypt") + "\n[[site]]\nnames = [\"intra.lan\"]\n";

        assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(text)))
                .singleElement()
                .asString()
                .contains("public names only");
    }
}
