package org.ringcert.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ringcert.cluster.HostName;

class PublicSuffixesTest {

    private static final PublicSuffixes LIST = PublicSuffixes.bundled();

    record Case(String name, String registrable) {}

    /** The cases of the list's own test file that have a domain to register, in the ICANN section. */
    static List<Case> officialCases() throws IOException {
        return allOfficialCases().stream()
                // The default rule "*" is for names that are not public; uk.com is in the private section.
                .filter(each ->
                        !each.name().endsWith(".example") && !each.name().endsWith(".uk.com"))
                .toList();
    }

    static List<Case> allOfficialCases() throws IOException {
        Pattern line = Pattern.compile("checkPublicSuffix\\('([^']+)', '([^']+)'\\);");
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PublicSuffixesTest.class.getResourceAsStream("test_psl.txt")),
                StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line::matcher)
                    .filter(Matcher::matches)
                    .map(matcher -> new Case(ascii(matcher.group(1)), ascii(matcher.group(2))))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("officialCases")
    void passesTheTestsOfTheList(Case each) {
        String suffix = each.registrable().substring(each.registrable().indexOf('.') + 1);
        assertThat(LIST.suffix(HostName.of(each.name()))).hasValue(suffix);
    }

    @Test
    void theTestsOfTheListAreMany() throws IOException {
        assertThat(officialCases()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com", "www.example.co.uk", "com", "co.uk", "n1.cluster.example.museum", "user.github.io",
                "a.b.kobe.jp", "city.kobe.jp", "foo.ck", "www.ck", "xn--85x722f.xn--55qx5d.cn", "shop.example.dev"
            })
    void publicNamesEndInASuffix(String name) {
        assertThat(LIST.isPublic(new HostName(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "web1",
                "n1.lan",
                "n1.local",
                "n1.internal",
                "n1.test",
                "n1.example",
                "n1.corp",
                "n1.home",
                "n1.localdomain",
                "n1.invalid",
                "n1.private",
                "n1.intranet",
                "n1.alt",
                "www.example.con",
                "ck"
            })
    void otherNamesDoNot(String name) {
        assertThat(LIST.isPublic(new HostName(name))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, com",
        "www.example.co.uk, co.uk",
        "a.b.c.kobe.jp, c.kobe.jp",
        "a.city.kobe.jp, kobe.jp",
        "x.foo.ck, foo.ck",
        "x.www.ck, ck",
        "github.io, io",
    })
    void theLongestRuleWinsUnlessThereIsAnException(String name, String suffix) {
        assertThat(LIST.suffix(new HostName(name))).hasValue(suffix);
    }

    /** The list has the ASCII form of most internationalized suffixes in a comment. */
    @Test
    void convertsInternationalizedDomainsAsTheirRegistriesDo() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(PublicSuffixes.class.getResourceAsStream("public_suffix_list.dat")),
                StandardCharsets.UTF_8))) {
            List<String> domains = reader.lines()
                    .filter(line -> line.startsWith("// xn--"))
                    .map(line -> line.split("\\.?( |$)", 3)[1])
                    .toList();
            assertThat(domains)
                    .hasSizeGreaterThan(100)
                    .allSatisfy(domain ->
                            assertThat(LIST.suffix(new HostName("a." + domain))).hasValue(domain));
        }
    }

    @Test
    void readsRulesUpToTheFirstWhiteSpaceAndOfTheIcannSectionOnly() {
        PublicSuffixes list = PublicSuffixes.parseIcann(Stream.of(
                "// ===BEGIN ICANN DOMAINS===",
                "",
                "// a comment",
                "one\tand more",
                "zwei\u00e4",
                "// ===END ICANN DOMAINS===",
                "// ===BEGIN PRIVATE DOMAINS===",
                "two"));
        assertThat(list.isPublic(new HostName("a.one"))).isTrue();
        assertThat(list.isPublic(new HostName("a." + ascii("zwei\u00e4")))).isTrue();
        assertThat(list.isPublic(new HostName("a.two"))).isFalse();
        assertThat(list.isPublic(new HostName("and"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, example.com",
        "example.com, example.com",
        "a.b.example.co.uk, example.co.uk",
        "co.uk, co.uk",
        "www.user.github.io, user.github.io",
        "user.github.io, user.github.io",
        "github.io, github.io",
        "www.example.uk.com, example.uk.com",
        "www.a.city.kobe.jp, city.kobe.jp",
        "www.a.b.kobe.jp, a.b.kobe.jp",
        "www.www.ck, www.ck",
        "a.b.c.internal, c.internal",
        "localhost, localhost",
        "www.xn--85x722f.xn--55qx5d.cn, xn--85x722f.xn--55qx5d.cn",
    })
    void findsRegisteredDomainsByBothSections(String name, String domain) {
        HostName host = new HostName(name);
        assertThat(PublicSuffixes.forNames(List.of(host)).registeredDomain(host))
                .isEqualTo(new HostName(domain));
    }

    @ParameterizedTest
    @MethodSource("allOfficialCases")
    void passesTheTestsOfTheListForRegisteredDomains(Case each) {
        HostName host = HostName.of(each.name());
        assertThat(PublicSuffixes.forNames(List.of(host)).registeredDomain(host))
                .isEqualTo(HostName.of(each.registrable()));
    }

    @Test
    void keepsTheRulesForSeveralNames() {
        List<HostName> names = Stream.of("www.example.co.uk", "a.user.github.io", "www.example.org")
                .map(HostName::new)
                .toList();
        PublicSuffixes list = PublicSuffixes.forNames(names);

        assertThat(names.stream().map(list::registeredDomain).map(HostName::value))
                .containsExactly("example.co.uk", "user.github.io", "example.org");
    }

    private static String ascii(String name) {
        return IDN.toASCII(name);
    }
}
