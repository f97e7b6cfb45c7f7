package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyAlgorithm;
import org.ringcert.pki.KeyType;
import org.ringcert.store.CertificateName;

/** The kinds of keys that the file asks for, and the certificates that follow from them. */
class KeysTest {

    private static final String ACME = "[acme]\ndirectory = \"https://ca.internal/acme\"\nagree-to-terms = true\n";
    private static final String SITE = "[[site]]\nnames = [\"a.org\"]\n";

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

    private static String ca(String directory, String keys) {
        return "[[acme]]\ndirectory = \"" + directory + "\"\nagree-to-terms = true\n" + keys;
    }

    private static String twoCas(String first, String second) {
        return ca("https://a.internal/", first) + ca("https://b.internal/", second) + "#[acme]";
    }

    @TestFactory
    Stream<DynamicTest> acceptsOneTypeOfEachAlgorithm() {
        return Stream.of(
                wrong(
                        ACME + "keys = [\"ec256\", \"ec384\"]",
                        "4:18",
                        "`keys`, \"ec384\": \"ec256\" is EC as well",
                        "write keys = [\"ec256\", \"rsa2048\"]"),
                wrong(ACME + "keys = [\"rsa2048\",\n  \"rsa2048\"]", "5:3", "\"rsa2048\" is RSA as well"),
                wrong(ACME + "keys = []", "4:1", "`keys` is empty", "leave the key out"),
                wrong(
                        ACME + "keys = [\"ec256\", \"rsa2048\", \"rsa4096\"]",
                        "4:1",
                        "`keys` has 3 types",
                        "at most one EC and one RSA certificate"),
                wrong(
                        ACME + "keys = [\"ec256\", \"rsa2408\"]",
                        "4:18",
                        "not one of ec256, ec384",
                        "did you mean \"rsa2048\"?"),
                wrong(ACME + "keys = [\"dsa\"]", "4:9", "not one of ec256, ec384"),
                wrong(ACME + "keys = [1, \"ec256\"]", "4:9", "`keys` holds an integer, but must be an array"),
                wrong(ACME + "keys = \"ec256\"", "4:1", "is a string, but must be an array of strings"),
                wrong(ACME + "kyes = [\"ec256\"]", "4:1", "did you mean `keys`?"),
                wrong(ACME + "key = [\"ec256\"]", "4:1", "`key` is an array, but must be a string"));
    }

    @Test
    void acceptsKeysOrKeyButNotBoth() {
        assertThat(ConfigurationText.mistakes(
                        directory,
                        ConfigurationText.completed(ACME + "key = \"ec256\"\nkeys = [\"ec256\", \"rsa2048\"]")))
                .containsExactly("5:1: `keys` and `key`, in line 4, mean the same; leave `key` out");
    }

    @TestFactory
    Stream<DynamicTest> aSiteHasTheSameRules() {
        return Stream.of(
                wrong(SITE + "keys = [\"ec256\", \"ec384\"]", "3:18", "\"ec256\" is EC as well"),
                wrong(SITE + "keys = []", "3:1", "`keys` is empty"),
                wrong(SITE + "keys = [\"ec255\"]", "3:9", "did you mean \"ec256\"?"),
                wrong(SITE + "key = \"ec256\"", "3:1", "unknown key `key` in [[site]]; did you mean `keys`?"),
                wrong("[store]\nkeys = [\"ec256\"]", "2:1", "`keys` belongs in [[site]] or [acme]"));
    }

    @TestFactory
    Stream<DynamicTest> allCasHaveTheSameKindsInTheSameOrder() {
        String both = "keys = [\"ec256\", \"rsa2048\"]\n";
        return Stream.of(
                wrong(
                        twoCas(both, "keys = [\"rsa2048\", \"ec256\"]\n"),
                        "8:1",
                        "https://b.internal/ have RSA and EC keys",
                        "https://a.internal/ of line 4 have EC and RSA",
                        "write keys = [\"ec256\", \"rsa2048\"] here"),
                wrong(twoCas(both, ""), "6:1", "https://b.internal/ have EC keys", "of line 4 have EC and RSA"),
                wrong(twoCas("", "key = \"rsa2048\"\n"), "7:1", "of line 2 have EC", "keys = [\"ec256\"] here"),
                wrong(twoCas("keys = []\n", both), "4:1", "`keys` is empty"),
                wrong(twoCas(both, "keys = [\"ec255\", \"rsa2048\"]\n"), "8:9", "did you mean \"ec256\"?"));
    }

    @TestFactory
    Stream<DynamicTest> aCaWithADirectoryForEachKindIssuesOneOfThem() {
        String sslcom = """
                [acme]
                directory = "sslcom"
                agree-to-terms = true
                contact = "ca@ringcert.org"
                eab-file = "/etc/ringcert/sslcom.eab"
                """;
        return Stream.of(
                wrong(
                        sslcom + "keys = [\"rsa2048\", \"ec256\"]",
                        "6:1",
                        "SSL.com has a directory for each kind of key",
                        "the one for RSA: write keys = [\"rsa2048\"]"),
                wrong(SITE + "keys = [\"rsa4096\"]\n" + sslcom, "3:1", "the one for EC: write keys = [\"ec256\"]"));
    }

    @Test
    void keyMeansAListOfOne() throws ConfigurationException {
        assertThat(load(ACME + "key = \"rsa4096\"").authorities().getFirst().keys())
                .containsExactly(KeyType.RSA4096);
        assertThat(load("").authorities().getFirst().keys()).containsExactly(KeyType.EC256);
    }

    @Test
    void theKeysOfASiteAreForAllCas() throws ConfigurationException {
        Configuration loaded = load(twoCas("keys = [\"ec256\"]\n", "keys = [\"ec384\"]\n") + "\n" + SITE
                + "keys = [\"rsa2048\", \"ec384\"]\n[[site]]\nnames = [\"b.org\"]");
        Site own = loaded.sites().getFirst();
        Site other = loaded.sites().getLast();
        assertThat(loaded.authorities())
                .allSatisfy(ca -> assertThat(loaded.keys(own, ca)).containsExactly(KeyType.RSA2048, KeyType.EC384))
                .extracting(ca -> loaded.keys(other, ca))
                .containsExactly(List.of(KeyType.EC256), List.of(KeyType.EC384));
    }

    @Test
    void theFirstCertificateHasTheNameOfItsSite() throws ConfigurationException {
        Configuration loaded = load(
                ACME + "keys = [\"ec256\", \"rsa2048\"]\n" + SITE + "keys = [\"rsa2048\", \"ec384\"]\n"
                        + "[[site]]\nnames = [\"b.org\", \"www.b.org\"]\n[[site]]\nnames = [\"c.org\"]\nkeys = [\"rsa3072\"]");
        HostName a = new HostName("a.org");
        HostName b = new HostName("b.org");
        assertThat(loaded.sites().stream().map(loaded::certificates))
                .containsExactly(
                        List.of(CertificateName.first(a), CertificateName.second(a, KeyAlgorithm.EC)),
                        List.of(CertificateName.first(b), CertificateName.second(b, KeyAlgorithm.RSA)),
                        List.of(CertificateName.first(new HostName("c.org"))));
    }

    private Configuration load(String snippet) throws ConfigurationException {
        return ConfigurationText.load(directory, ConfigurationText.completed(snippet));
    }
}
