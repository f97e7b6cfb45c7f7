package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/** {@code unique-name} in [[site]] and {@code group} in [[node]]. */
class UniqueNameTest {

    private static final Path FILE = Path.of("/etc/ringcert/ringcert.toml");

    @TempDir
    Path directory;

    private static String node(String name, String more) {
        return "[[node]]\nname = \"" + name + "\"\n" + more + "\n";
    }

    private static String site(String pattern) {
        return "[[site]]\nnames = [\"www.example.org\", \"example.org\"]\nunique-name = \"" + pattern + "\"\n";
    }

    private List<Optional<HostName>> uniqueNames(String snippet) throws ConfigurationException {
        Configuration configuration = ConfigurationText.load(directory, ConfigurationText.completed(snippet));
        Site site = configuration.sites().getFirst();
        return configuration.nodes().stream()
                .map(node -> configuration.uniqueName(site, node.node().name()))
                .toList();
    }

    private static List<Optional<HostName>> names(String... names) {
        return Arrays.stream(names).map(HostName::new).map(Optional::of).toList();
    }

    @Test
    void standsForTheFirstLabelOfEachServer() throws ConfigurationException {
        assertThat(uniqueNames(site("{node}.www.example.org")))
                .isEqualTo(names("web0.www.example.org", "web1.www.example.org"));
        assertThat(uniqueNames(site("cert-{node}.example.org")))
                .isEqualTo(names("cert-web0.example.org", "cert-web1.example.org"));
        assertThat(uniqueNames(site("{node}.example.org")))
                .as("the servers' own names")
                .isEqualTo(names("web0.example.org", "web1.example.org"));
    }

    @Test
    void standsForTheGroupOfEachServer() throws ConfigurationException {
        String groups = node("web0.example.org", "group = \"A\"")
                + node("web1.example.net", "group = \"a\"")
                + node("web0.example.com", "group = \"b-2\"");

        assertThat(uniqueNames(groups + site("{group}.www.example.org")))
                .isEqualTo(names("a.www.example.org", "a.www.example.org", "b-2.www.example.org"));
    }

    @Test
    void thereIsNoneByDefault() throws ConfigurationException {
        assertThat(uniqueNames("")).containsExactly(Optional.empty(), Optional.empty());
    }

    private DynamicTest wrong(String snippet, String place, String... parts) {
        return DynamicTest.dynamicTest(
                snippet.length() > 120 ? snippet.substring(0, 120) : snippet,
                () -> assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet)))
                        .singleElement()
                        .satisfies(mistake ->
                                assertThat(mistake).startsWith(place + ": ").contains(parts)));
    }

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrongAndWhatToWrite() {
        String manyNames =
                IntStream.range(0, 100).mapToObj(i -> "\"n" + i + ".org\"").collect(Collectors.joining(", "));
        return Stream.of(
                wrong(site("x.www.example.org"), "3:1", "`unique-name`", "write {node} or {group} in it"),
                wrong(site("{node}.{group}.example.org"), "3:1", "one placeholder"),
                wrong(site("{node}.{node}.example.org"), "3:1", "one placeholder"),
                wrong(site("{host}.example.org"), "3:1", "{host} is unknown", "{node} for the first label"),
                wrong(site("{}.example.org"), "3:1", "{} is unknown"),
                wrong(site("{node.www.example.org"), "3:1", "write {node} or {group} in it"),
                wrong(site("{node}.www_example.org"), "3:1", "letters, digits and hyphens"),
                wrong(site("https://{node}.example.org"), "3:1", "without scheme, port or path"),
                wrong(site("-{node}.example.org"), "3:1", "no label begins or ends with a hyphen"),
                wrong(site("*.{node}.example.org"), "3:1", "wildcards"),
                wrong(site("{node}.www.example.lan"), "3:1", "web0.www.example.lan is not a public name"),
                wrong(
                        node("w".repeat(40) + ".example.org", "") + site("x".repeat(30) + "{node}.example.org"),
                        "6:1",
                        "for " + "w".repeat(40) + ".example.org: a label",
                        "63 characters"),
                wrong(
                        node("www.example.net", "") + site("{node}.example.org"),
                        "6:1",
                        "www.example.org is a name of the site of line 5 already"),
                wrong(
                        site("{node}.example.org") + "[[site]]\nnames = [\"web1.example.org\"]\n",
                        "3:1",
                        "web1.example.org is a name of the site of line 5 already"),
                wrong(
                        node("web0.example.org", "") + node("web0.example.net", "") + site("{node}.www.example.org"),
                        "5:1",
                        "the node of line 2 has the same first label",
                        "{node} in `unique-name` of line 9",
                        "write {group} there"),
                wrong(
                        node("web0.example.org", "group = \"a\"")
                                + node("web1.example.org", "")
                                + site("{group}.www.example.org"),
                        "5:1",
                        "`group` is missing for web1.example.org",
                        "{group} in `unique-name` of line 9",
                        "write group = \"a\""),
                wrong(node("web0.example.org", "group = \"a.b\""), "3:1", "`group`, \"a.b\"", "letters, digits"),
                wrong(node("web0.example.org", "group = 1"), "3:1", "`group` is an integer"),
                wrong(
                        "[[site]]\nnames = [" + manyNames + "]\nunique-name = \"{node}.www.example.org\"\n",
                        "3:1",
                        "the site has 100 names",
                        "100 at most"));
    }

    @Test
    void twoSitesMayShareThem() throws ConfigurationException {
        String shop = "[[site]]\nnames = [\"shop.example.org\"]\nunique-name = \"{node}.example.org\"\n";

        Configuration configuration =
                ConfigurationText.load(directory, ConfigurationText.completed(site("{node}.example.org") + shop));

        assertThat(configuration.uniqueNames(configuration.sites().getLast()))
                .containsExactly(new HostName("web0.example.org"), new HostName("web1.example.org"));
    }

    @Test
    void groupsWithoutAUseAreNoticed() throws ConfigurationException {
        String group = node("web0.example.org", "group = \"a\"");

        assertThat(ConfigurationLoader.parse(FILE, ConfigurationText.completed(group))
                        .noticeLines())
                .singleElement()
                .asString()
                .startsWith(FILE + ":3:1: note: `group` has no effect");
        assertThat(ConfigurationLoader.parse(FILE, ConfigurationText.completed(group + site("{group}.www.example.org")))
                        .noticeLines())
                .isEmpty();
    }
}
