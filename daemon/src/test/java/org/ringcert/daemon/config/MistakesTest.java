package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of mistake, alone in a file without other mistakes. */
class MistakesTest {

    private static final String LETSENCRYPT = "[acme]\ndirectory = \"letsencrypt\"\nagree-to-terms = true\n";

    private static final String PRIVATE_CA =
            "[acme]\ndirectory = \"https://ca.internal/acme\"\nagree-to-terms = true\n";

    @TempDir
    Path directory;

    private DynamicTest wrong(String snippet, String place, String... parts) {
        return DynamicTest.dynamicTest(
                snippet.length() > 120 ? snippet.substring(0, 120) : snippet,
                () -> assertThat(ConfigurationText.mistakes(directory, ConfigurationText.completed(snippet)))
                        .singleElement()
                        .satisfies(mistake ->
                                assertThat(mistake).startsWith(place + ": ").contains(parts)));
    }

    private DynamicTest right(String snippet) {
        return DynamicTest.dynamicTest(
                snippet, () -> ConfigurationText.load(directory, ConfigurationText.completed(snippet)));
    }

    @TestFactory
    Stream<DynamicTest> reportsUnknownKeysAndGuesses() {
        return Stream.of(
                wrong(
                        "[front]\nhandof = \"ring\"",
                        "2:1",
                        "unknown key `handof` in [front]",
                        "did you mean `handoff`?"),
                wrong("[front]\n  hadnoff = \"ring\"", "2:3", "did you mean `handoff`?"),
                wrong("[front]\nredirect_other_hosts = true", "2:1", "did you mean `redirect-other-hosts`?"),
                wrong(LETSENCRYPT + "preferred-chain = \"ISRG Root X2\"", "4:1", "did you mean `chain`?"),
                wrong(LETSENCRYPT + "Preferred_Chain = \"ISRG Root X2\"", "4:1", "did you mean `chain`?"),
                wrong("[store]\npreferred-chain = \"x\"", "2:1", "`chain` belongs in [acme]"),
                wrong("[front]\nHandoff = \"ring\"", "2:1", "did you mean `handoff`?"),
                wrong("[store]\nhandoff = \"ring\"", "2:1", "`handoff` belongs in [acme] or [front]"),
                wrong("[front]\ndirectory = \"/x\"", "2:1", "`directory` belongs in [acme] or [store]"),
                wrong("[front]\nbanana = 1", "2:1", "[front] has `listen`, `handoff`, `watch`"),
                wrong("[front]\nhandoff.x = 1\n", "2:1", "`handoff` is a table, but must be a string"),
                wrong("[front.extra]\na = 1", "1:1", "unknown key `extra` in [front]"),
                wrong("[[site]]\nnames = [\"a.org\"]\nname = \"b.org\"", "3:1", "did you mean `names`?"),
                wrong("handoff = \"ring\"", "1:1", "unknown key `handoff`", "belongs in [acme] or [front]"),
                wrong("[stroe]\ndirectory = \"/x\"", "1:1", "unknown table `stroe`", "did you mean [store]?"),
                wrong("[[sites]]\nnames = [\"a.org\"]\n[[site]]\nnames = [\"b.org\"]", "1:1", "did you mean [[site]]?"),
                wrong("[banana]", "1:1", "unknown table `banana`", "[[node]], [[site]], [acme], [front]"),
                wrong("[alert]\nmail = \"a@b.org\"", "2:1", "unknown key `mail` in [alert]", "[alert] has `run`"),
                wrong("[check]\ncanary = []", "2:1", "`canary` has no command; leave the key out to run nothing"),
                wrong("[check]\nbefore-order = true", "2:1", "`before-order` is a boolean, but must be a string"),
                wrong("[deploy]\nhaproxy = \"/x\"", "2:1", "unknown key `haproxy` in [deploy]"),
                wrong("[admin]\n\"a\\u001b[31m\\u202e\" = 1", "2:1", "`a\\u001b[31m\\u202e`"),
                wrong("[admin]\n\"\" = 1", "2:1", "unknown key ``"),
                wrong("[admin]\n" + "x".repeat(5000) + " = 1", "2:1", "unknown key `xxx", "...`"));
    }

    @TestFactory
    Stream<DynamicTest> reportsValuesOfAWrongType() {
        return Stream.of(
                wrong(
                        "[front]\nlisten = \"[::]:80\"",
                        "2:1",
                        "`listen` is a string, but must be an array of strings",
                        "listen = [\"[::]:80\"]"),
                wrong(
                        "[front]\nlisten = [\"[::]:80\",\n  81]",
                        "3:3",
                        "`listen` holds an integer, but must be an array of strings"),
                wrong(
                        "[front]\nhandoff = true",
                        "2:1",
                        "`handoff` is a boolean, but must be a string",
                        "handoff = \"redirect\""),
                wrong("[front]\nwatch = 5", "2:1", "`watch` is an integer, but must be a string", "watch = \"5s\""),
                wrong("[front]\nalso = 1.5", "2:1", "is a floating-point number, but must be an array of strings"),
                wrong("[front]\nredirect-other-hosts = \"yes\"", "2:1", "is a string, but must be true or false"),
                wrong("[store]\ndirectory = 2026-01-01", "2:1", "is a date or time, but must be a string"),
                wrong(
                        "[deploy]\nrun = \"systemctl reload apache2\"",
                        "2:1",
                        "is a string, but must be an array of strings"),
                wrong("[check]\nresolver = 53", "2:1", "is an integer, but must be a string"),
                wrong("[admin]\nlisten = 9402", "2:1", "is an integer, but must be a string", "\"127.0.0.1:9402\""),
                wrong("[[node]]\nname = [\"a.org\"]", "2:1", "is an array, but must be a string"),
                wrong(
                        "[[node]]\nname = \"a.org\"\nport = \"80\"",
                        "3:1",
                        "is a string, but must be an integer",
                        "port = 80"),
                wrong("[[node]]\nname = \"a.org\"\nlisten = \"[::]:80\"", "3:1", "must be an array of strings"),
                wrong("[[node]]\nname = \"a.org\"\nadmin = 1", "3:1", "must be a string"),
                wrong("[[node]]\nname = \"a.org\"\nhttps = 443", "3:1", "must be a string"),
                wrong("[[node]]\nname = \"a.org\"\naddress = 1", "3:1", "must be a string"),
                wrong("[[site]]\nnames = \"a.org\"", "2:1", "is a string, but must be an array of strings"),
                wrong("[acme]\ndirectory = 1\nagree-to-terms = true", "2:1", "must be a string"),
                wrong("[acme]\ndirectory = \"letsencrypt\"\nagree-to-terms = \"true\"", "3:1", "must be true or false"),
                wrong(PRIVATE_CA + "contact = [\"a@b.org\"]", "4:1", "is an array, but must be a string"),
                wrong(PRIVATE_CA + "ca-file = 1", "4:1", "must be a string"),
                wrong(PRIVATE_CA + "profile = 1", "4:1", "must be a string"),
                wrong(PRIVATE_CA + "key = 256", "4:1", "is an integer, but must be a string", "key = \"ec256\""),
                wrong("front = 1", "1:1", "`front` is an integer, but must be a single table", "[front]"),
                wrong("[[front]]\nlisten = []", "1:1", "`front` is an array, but must be a single table"),
                wrong(
                        "[node]\nname = \"a.org\"",
                        "1:1",
                        "`node` is a table; write one table for each, which begins with [[node]]"),
                wrong(
                        "node = [1]",
                        "1:9",
                        "`node` holds an integer; write one table for each, which begins with [[node]]"),
                wrong("acme = 1", "1:1", "`acme` is an integer"));
    }

    @TestFactory
    Stream<DynamicTest> reportsMissingTablesAndKeys() {
        return Stream.of(
                wrong("node = []", "1:1", "there is no [[node]]"),
                wrong("site = []", "1:1", "there is no [[site]]"),
                wrong("acme = []", "1:1", "there is no [acme]"),
                wrong("[[node]]\nport = 80", "1:1", "`name` is missing in [[node]]"),
                wrong("[[site]]", "1:1", "`names` is missing in [[site]]"),
                wrong("[[site]]\nnames = []", "2:1", "`names` is empty"),
                wrong("[acme]\nagree-to-terms = true", "1:1", "`directory` is missing", "directory = \"letsencrypt\""),
                wrong(
                        "[acme]\ndirectory = \"letsencrypt\"",
                        "1:1",
                        "`agree-to-terms` is missing",
                        "https://letsencrypt.org/repository/",
                        "agree-to-terms = true"),
                wrong(
                        "[acme]\ndirectory = \"https://a.org/d\"\nagree-to-terms = false",
                        "3:1",
                        "`agree-to-terms` is false",
                        "its directory links to them"),
                wrong("[deploy]\nrun = []", "2:1", "leave the key out"));
    }

    @TestFactory
    Stream<DynamicTest> acceptsOnlyUsableAndDistinctNames() {
        return Stream.of(
                wrong("[[site]]\nnames = [\"a.org\", \"*.a.org\"]", "2:19", "\"*.a.org\"", "wildcards"),
                wrong("[[site]]\nnames = [\"bücher.org\"]", "2:10", "xn--bcher-kva.org"),
                wrong("[[site]]\nnames = [\"192.0.2.1\"]", "2:10", "IP address", "write a DNS name"),
                wrong("[[site]]\nnames = [\"2001:db8::1\"]", "2:10", "IP address"),
                wrong("[[site]]\nnames = [\"[2001:db8::1]\"]", "2:10", "IP address"),
                wrong("[[site]]\nnames = [\"https://a.org\"]", "2:10", "without scheme, port or path"),
                wrong("[[site]]\nnames = [\"a.org:80\"]", "2:10", "without scheme, port or path"),
                wrong("[[site]]\nnames = [\"a.org/x\"]", "2:10", "without scheme, port or path"),
                wrong(
                        "[[site]]\nnames = [\"a_b.org\"]",
                        "2:10",
                        "letters, digits and hyphens, separated by dots; no label begins"),
                wrong("[[site]]\nnames = [\"a.org.\"]", "2:10", "without the dot"),
                wrong("[[site]]\nnames = [\"\"]", "2:10", "empty"),
                wrong("[[site]]\nnames = [\"" + "ü".repeat(50_000) + "\"]", "2:10", "253 characters"),
                wrong("[[node]]\nname = \"" + "a.".repeat(50_000) + "\"", "2:1", "253 characters"),
                wrong(PRIVATE_CA + "contact = \"a@" + "ü".repeat(50_000) + "\"", "4:1", "253 characters"),
                wrong("[[site]]\nnames = [\"ü\\u001b[31m\"]", "2:10", "\\u001b[31m\": "),
                wrong("[[site]]\nnames = [\"a.org\", \"A.org\"]", "2:19", "\"a.org\": line 2 has this name already"),
                wrong(
                        "[[site]]\nnames = [\"a.org\"]\n[[site]]\nnames = [\"b.org\", \"a.org\"]",
                        "4:19",
                        "line 2 has this name already"),
                wrong("[[site]]\nnames = [" + manyNames(101) + "]", "2:1", "101 names", "100 at most"),
                right("[[site]]\nnames = [" + manyNames(100) + "]"),
                right("[[site]]\nnames = [\"web0.example.org\"]"),
                wrong(
                        "[[node]]\nname = \"a.org\"\n[[node]]\nname = \"A.ORG\"\nport = 80",
                        "4:1",
                        "line 2 has a node of this name already"),
                wrong("[[node]]\nname = \"10.0.0.1\"", "2:1", "IP address"),
                wrong("[[node]]\nname = \"a.org:81\"", "2:1", "without scheme, port or path"),
                wrong(
                        "[[node]]\nname = \"a.org\"\naddress = \"10.0.0.1\"\n[[node]]\nname = \"b.org\"\naddress = \"10.0.0.1\"",
                        "5:1",
                        "the node of line 2 is also at 10.0.0.1:80"));
    }

    private static String manyNames(int count) {
        return IntStream.range(0, count).mapToObj(i -> "\"n" + i + ".org\"").collect(Collectors.joining(", "));
    }

    @TestFactory
    Stream<DynamicTest> refusesInvalidAddressesAndPorts() {
        String node = "[[node]]\nname = \"a.org\"\n";
        return Stream.of(
                wrong(node + "port = 0", "3:1", "`port` is 0", "1 to 65535"),
                wrong(node + "port = 65536", "3:1", "1 to 65535"),
                wrong(node + "port = -9223372036854775808", "3:1", "1 to 65535"),
                wrong(node + "address = \"10.0.0.256\"", "3:1", "not an IP address"),
                wrong(node + "address = \"127.1\"", "3:1", "not an IP address"),
                wrong(node + "address = \"[::1]\"", "3:1", "without port or brackets"),
                wrong(node + "address = \"10.0.0.1:80\"", "3:1", "port = 80"),
                wrong(node + "address = \"fe80::1%eth0\"", "3:1", "not an IP address"),
                wrong(node + "address = \"0.0.0.0\"", "3:1", "all addresses"),
                wrong(node + "address = \"a b\"", "3:1", "letters, digits"),
                wrong(node + "https = \"10.0.0.1\"", "3:1", "write an address and a port"),
                wrong(node + "https = \"a.org:https\"", "3:1", "1 to 65535"),
                wrong(node + "https = \"[::1]:0\"", "3:1", "1 to 65535"),
                wrong(node + "admin = \"localhost:9402\"", "3:1", "write an IP address and a port"),
                wrong(node + "listen = [\"80\"]", "3:11", "write an address and a port"),
                wrong("[front]\nlisten = [\"*:80\"]", "2:11", "[::]:80 for all addresses"),
                wrong("[front]\nlisten = [\"[::]:80\", \":80\"]", "2:22", "[::]:80 for all addresses"),
                wrong("[front]\nlisten = [\":::80\"]", "2:11", "write an address and a port"),
                wrong("[front]\nlisten = [\"[10.0.0.1]:80\"]", "2:11", "write an address and a port"),
                wrong("[front]\nlisten = [\"[::1]:99999\"]", "2:11", "1 to 65535"),
                wrong("[front]\nlisten = [\"[::g]:80\"]", "2:11", "IP address"),
                wrong("[front]\nlisten = [\"127.0.0.1:+80\"]", "2:11", "1 to 65535"),
                wrong(
                        "[admin]\nlisten = \"on\"",
                        "2:1",
                        "write an address and a port, such as 127.0.0.1:9402, or \"off\""),
                wrong("[admin]\nlisten = \"127.0.0.1:99999\"", "2:1", "port is out of range", "1 to 65535"),
                wrong("[admin]\nlisten = \":0\"", "2:1", "there is no address before the port", "127.0.0.1:9402"),
                wrong("[admin]\nlisten = \"127.0.0.1\"", "2:1", "there is no port", "127.0.0.1:9402"),
                wrong("[admin]\nlisten = \"::1:9402\"", "2:1", "needs brackets, [::1]:9402; write"),
                wrong("[admin]\nlisten = \"Off\"", "2:1", "did you mean \"off\"?"),
                wrong("[admin]\nlisten = \"localhost:9402\"", "2:1", "write an IP address and a port"),
                wrong("[admin]\nlisten = \"127.0.0.1:80\"", "2:1", "the admin server", "`listen` has [::]:80"),
                wrong(
                        "[front]\nlisten = [\"10.0.0.1:80\", \"127.0.0.1:9402\"]\n[[node]]\nname = \"a.org\"",
                        "4:1",
                        "the admin server of a.org would listen on 127.0.0.1:9402",
                        "give the admin server another port"),
                wrong(node + "listen = [\"127.0.0.1:8080\"]\nadmin = \"0.0.0.0:8080\"", "4:1", "another port"),
                resolver("dns.a.org:53", "a DNS server is an IP address and a port"),
                resolver("dns.a.org", "a DNS server is an IP address and a port"),
                resolver("https://dns.a.org/dns-query", "a DNS server is an IP address and a port"),
                resolver("", "a DNS server is an IP address and a port"),
                resolver("9.9.9.9/53", "such as \"9.9.9.9\""),
                resolver("0.0.0.0", "no server has this address"),
                resolver("0.0.0.0:53", "no server has this address"),
                resolver("[::]:53", "no server has this address"),
                resolver("::", "no server has this address"),
                resolver("9.9.9.9:0", "1 to 65535"),
                resolver("[2620:fe::fe]53", "a DNS server is an IP address and a port"));
    }

    private DynamicTest resolver(String written, String reason) {
        return wrong("[check]\nresolver = \"" + written + "\"", "2:1", reason);
    }

    @TestFactory
    Stream<DynamicTest> refusesOtherInvalidValues() {
        return Stream.of(
                wrong(
                        "[front]\nhandoff = \"relai\"",
                        "2:1",
                        "\"relai\"",
                        "not one of redirect, relay, ring",
                        "did you mean \"relay\"?"),
                wrong("[front]\nhandoff = \"banana\"", "2:1", "not one of redirect, relay, ring"),
                wrong("[front]\nwatch = \"5\"", "2:1", "such as \"5s\"; or \"off\""),
                wrong("[front]\nwatch = \"500ms\"", "2:1", "\"1s\" at least"),
                wrong("[front]\nwatch = \"2h\"", "2:1", "\"1h\" at most"),
                wrong("[front]\nwatch = \"99999999999999999999s\"", "2:1", "write a number"),
                wrong("[front]\nwatch = \"-5s\"", "2:1", "write a number"),
                wrong("[front]\nalso = [\"www\"]", "2:9", "absolute path"),
                wrong("[front]\nalso = [\"/a\\u0000\"]", "2:9", "\"/a\\u0000\": this is not a path"),
                wrong("[store]\ndirectory = \"store\"", "2:1", "absolute path"),
                wrong("[store]\ndirectory = \"\"", "2:1", "absolute path"),
                wrong("[deploy]\nrun = [\"systemctl\", \"\"]", "2:21", "empty"),
                wrong("[alert]\nrun = []", "2:1", "`run` has no command"),
                wrong("[alert]\nrun = [\"bin/page\"]", "2:8", "absolute path, or its bare name"),
                wrong("[alert]\nrun = \"page\"", "2:1", "but must be an array of strings"),
                wrong("[deploy]\nrun = [\"bin/reload\", \"x\"]", "2:8", "absolute path, or its bare name"),
                wrong("[deploy]\nhaproxy-socket = \"admin.sock\"", "2:1", "absolute path"),
                wrong(
                        "[[site]]\nnames = [\"a.example.org\"]\ndeploy = [\"./reload\"]",
                        "3:11",
                        "`deploy`, \"./reload\": write the program's absolute path"),
                wrong(
                        "[acme]\ndirectory = \"LetsEncrypt\"\nagree-to-terms = true",
                        "2:1",
                        "did you mean \"letsencrypt\"?"),
                wrong("[acme]\ndirectory = \"ftp://a.org/\"\nagree-to-terms = true", "2:1", "begins with https://"),
                wrong("[acme]\ndirectory = \"http://a.org/\"\nagree-to-terms = true", "2:1", "begins with https://"),
                wrong(
                        "[acme]\ndirectory = \"http://127.0.0.1.a.org/\"\nagree-to-terms = true",
                        "2:1",
                        "begins with https://"),
                wrong("[acme]\ndirectory = \"https://a b/\"\nagree-to-terms = true", "2:1", "this is not a URL"),
                wrong(
                        "[acme]\ndirectory = \"https:///d\"\nagree-to-terms = true",
                        "2:1",
                        "this is not the URL of a directory"),
                wrong(
                        "[acme]\ndirectory = \"https://u:p@a.org/\"\nagree-to-terms = true",
                        "2:1",
                        "not the URL of a directory"),
                wrong(
                        "[acme]\ndirectory = \"https://a.org:99999/\"\nagree-to-terms = true",
                        "2:1",
                        "not the URL of a directory"),
                wrong(
                        "[[acme]]\ndirectory = \"letsencrypt\"\nagree-to-terms = true\n[[acme]]\ndirectory = \"letsencrypt\"\nagree-to-terms = true\n#[acme]",
                        "5:1",
                        "line 2 has this CA already"),
                wrong(PRIVATE_CA + "contact = \"mailto:a@b.org\"", "4:1", "without mailto:"),
                wrong(PRIVATE_CA + "contact = \"a@b.org, c@d.org\"", "4:1", "one e-mail address"),
                wrong(PRIVATE_CA + "contact = \"hostmaster\"", "4:1", "one e-mail address"),
                wrong(PRIVATE_CA + "contact = \"a@b_c.org\"", "4:1", "letters, digits"),
                wrong(PRIVATE_CA + "contact = \"\"", "4:1", "one e-mail address"),
                wrong(PRIVATE_CA + "ca-file = \"ca.pem\"", "4:1", "absolute path"),
                wrong(PRIVATE_CA + "ca-file = \"/nowhere/ca.pem\"", "4:1", "there is no such file"),
                wrong(PRIVATE_CA + "ca-file = \"/\"", "4:1", "this is not a regular file"),
                wrong(PRIVATE_CA + "ca-file = \"/dev/null\"", "4:1", "this is not a regular file"),
                wrong(PRIVATE_CA + "profile = \"\"", "4:1", "name of a profile"),
                wrong(PRIVATE_CA + "profile = \"a b\"", "4:1", "name of a profile"),
                wrong(
                        PRIVATE_CA + "key = \"ec265\"",
                        "4:1",
                        "not one of ec256, ec384, rsa2048, rsa3072, rsa4096",
                        "did you mean \"ec256\"?"));
    }

    @TestFactory
    Stream<DynamicTest> appliesTheRulesOfPublicCas() {
        String other = "[[node]]\nname = \"b.org\"\n";
        String acme = "[acme]\ndirectory = \"letsencrypt-staging\"\nagree-to-terms = true\n";
        return Stream.of(
                wrong("[[node]]\nname = \"a.org\"\nport = 8080\n" + other, "3:1", "`port` is 8080", "port 80 only"),
                wrong("[[node]]\nname = \"web0\"\n" + other, "2:1", "public names only", "relay"),
                wrong("[[node]]\nname = \"web0.lan\"\n" + other, "2:1", "public names only"),
                wrong("[[node]]\nname = \"web0.internal\"\n" + other, "2:1", "public names only"),
                wrong("[[node]]\nname = \"web0.home.arpa\"\n" + other, "2:1", "public names only"),
                wrong("[[site]]\nnames = [\"a.org\", \"intra.local\"]", "2:19", "public names only"),
                wrong(acme + "contact = \"a@example.com\"", "4:1", "refuses this domain"),
                wrong(acme + "contact = \"root@localhost\"", "4:1", "refuses this domain"),
                right("[[node]]\nname = \"web0\"\nport = 8080\n" + other + "[front]\nhandoff = \"relay\""),
                right("[[node]]\nname = \"web0\"\nport = 8080\n"),
                right(PRIVATE_CA + "contact = \"a@example.com\""),
                right(PRIVATE_CA + "[[site]]\nnames = [\"intra\"]\n[[node]]\nname = \"web0\"\nport = 5002\n" + other));
    }

    @Test
    void aKnownCaHasItsRulesIfItsUrlIsWritten() {
        String url = PublicCa.LETSENCRYPT.directory().toString();
        assertThat(ConfigurationText.mistakes(
                        directory,
                        ConfigurationText.completed("[acme]\ndirectory = \"" + url
                                + "\"\nagree-to-terms = true\n[[site]]\nnames = [\"intra.lan\"]")))
                .singleElement()
                .asString()
                .contains("public names only");
    }

    @Test
    void reportsAllMistakesInTheOrderOfTheFile() {
        String text = ConfigurationText.completed("""
                [admin]
                listen = "nowhere"
                [front]
                watch = "never"
                handof = "ring"
                also = ["a", "/b", "c"]
                [[site]]
                names = ["*.a.org", "b.lan"]
                [[node]]
                port = 0
                [acme]
                key = "dsa"
                """);
        assertThat(ConfigurationText.mistakes(directory, text).stream()
                        .map(mistake -> Arrays.asList(mistake.split(": ")).getFirst()))
                .containsExactly("2:1", "4:1", "5:1", "6:9", "6:20", "8:10", "9:1", "10:1", "11:1", "11:1", "12:1");
    }
}
