package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.daemon.LocalNode;
import org.ringcert.issue.CertificateSpec.KeyUse;
import org.ringcert.issue.CertificateSpec.Source;

/** What the file says about chains, keys that stay, and profiles of single sites. */
class IssuanceSettingsTest {

    private static final String ACME = "[acme]\ndirectory = \"https://ca.internal/acme\"\nagree-to-terms = true\n";
    private static final String SITES =
            "[[site]]\nnames = [\"a.org\"]\nprofile = \"short\"\n[[site]]\nnames = [\"b.org\"]\n";

    @TempDir
    Path directory;

    @Test
    void aSiteMayHaveAProfileOfItsOwn() throws ConfigurationException {
        assertThat(profiles(ACME + "profile = \"long\"\n" + SITES))
                .containsExactly(List.of(Optional.of("short")), List.of(Optional.of("long")));
        assertThat(profiles(ACME + SITES)).containsExactly(List.of(Optional.of("short")), List.of(Optional.empty()));
    }

    /** Another CA does not know the names of the first one's profiles. */
    @Test
    void aSitesProfileIsForTheFirstCaOnly() throws ConfigurationException {
        assertThat(profiles(ca("https://a.internal/", "profile = \"long\"")
                        + ca("https://b.internal/", "profile = \"other\"") + SITES + "#[acme]"))
                .containsExactly(
                        List.of(Optional.of("short"), Optional.of("other")),
                        List.of(Optional.of("long"), Optional.of("other")));
    }

    @Test
    void eachCaMayHaveAChainOfItsOwn() throws ConfigurationException {
        assertThat(sources(ca("https://a.internal/", "chain = \" Root X2 \"") + ca("https://b.internal/", "") + SITES
                                + "#[acme]")
                        .getFirst())
                .extracting(Source::root)
                .containsExactly(Optional.of("Root X2"), Optional.empty());
    }

    @Test
    void keysStayOnlyIfTheFileSaysSo() throws ConfigurationException {
        assertThat(sources(ACME + SITES).getFirst()).extracting(Source::keyUse).containsExactly(KeyUse.NEW_KEY);
        assertThat(sources(ACME + "reuse-key = false\n" + SITES).getFirst())
                .extracting(Source::keyUse)
                .containsExactly(KeyUse.NEW_KEY);
        assertThat(sources(ACME + "reuse-key = true\n" + SITES).getFirst())
                .extracting(Source::keyUse)
                .containsExactly(KeyUse.SAME_KEY);
    }

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrongAndWhatToWrite() {
        String reuse = "reuse-key = true\n";
        return Stream.of(
                wrong(ACME + "chain = \"\"", "4:1", "name of a root certificate, such as ISRG Root X2"),
                wrong(ACME + "chain = \"  \"", "4:1", "name of a root certificate"),
                wrong(ACME + "chain = \"a\\u0007b\"", "4:1", "name of a root certificate"),
                wrong(ACME + "chain = \"" + "x".repeat(201) + "\"", "4:1", "name of a root certificate"),
                wrong(ACME + "chain = [\"x\"]", "4:1", "is an array, but must be a string"),
                wrong(ACME + "chian = \"x\"", "4:1", "did you mean `chain`?"),
                wrong(ACME + "reuse-key = \"yes\"", "4:1", "is a string, but must be true or false"),
                wrong(ACME + "reuse-keys = true", "4:1", "did you mean `reuse-key`?"),
                wrong("[[site]]\nnames = [\"a.org\"]\nprofile = \"\"", "3:1", "leave the key out for that of [acme]"),
                wrong("[[site]]\nnames = [\"a.org\"]\nprofile = 1", "3:1", "is an integer, but must be a string"),
                wrong("[[site]]\nnames = [\"a.org\"]\nchain = \"x\"", "3:1", "unknown key `chain` in [[site]]"),
                wrong(
                        ca("https://a.internal/", reuse) + ca("https://b.internal/", "") + "#[acme]",
                        "7:1",
                        "`reuse-key` is false here, but true for https://a.internal/ of line 4"),
                wrong(
                        ca("https://a.internal/", "") + ca("https://b.internal/", reuse) + "#[acme]",
                        "8:1",
                        "`reuse-key` is true here, but false for https://a.internal/ of line 2"),
                wrong(
                        ca("https://a.internal/", reuse) + ca("https://b.internal/", reuse + "keys = [\"ec384\"]\n")
                                + "#[acme]",
                        "10:1",
                        "write keys = [\"ec256\"] here"));
    }

    private DynamicTest wrong(String snippet, String place, String part) {
        return DynamicTest.dynamicTest(
                snippet,
                () -> assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet)))
                        .singleElement()
                        .asString()
                        .startsWith(place + ": ")
                        .contains(part));
    }

    private static String ca(String directory, String more) {
        return "[[acme]]\ndirectory = \"" + directory + "\"\nagree-to-terms = true\n" + more + "\n";
    }

    private List<List<Optional<String>>> profiles(String snippet) throws ConfigurationException {
        return sources(snippet).stream()
                .map(sources -> sources.stream().map(Source::profile).toList())
                .toList();
    }

    /** Returns the sources of each site's certificate. */
    private List<List<Source>> sources(String snippet) throws ConfigurationException {
        return LocalNode.specs(ConfigurationText.load(directory, ConfigurationText.completed(snippet))).stream()
                .map(spec -> spec.sources())
                .toList();
    }
}
