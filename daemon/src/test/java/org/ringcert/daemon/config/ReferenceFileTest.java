package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/** docs/ringcert.toml shows every key, and each of its lines is correct. */
class ReferenceFileTest {

    private static final Path REFERENCE = Path.of("..", "docs", "ringcert.toml");
    private static final Pattern COMMENTED = Pattern.compile("# ([a-z-]+ = .*)");
    private static final Pattern KEY = Pattern.compile("(?:# )?([a-z-]+) = .*");
    private static final Pattern HEADER = Pattern.compile("(?:# )?\\[+([a-z]+)]+");

    @TempDir
    Path directory;

    private List<String> lines = List.of();

    @BeforeEach
    void read() throws IOException {
        lines = Files.readAllLines(REFERENCE);
    }

    @Test
    void loadsAsItStands() throws ConfigurationException {
        LoadedConfiguration loaded = ConfigurationLoader.loadWithNotices(REFERENCE);

        assertThat(loaded.configuration().nodes()).hasSize(2);
        assertThat(loaded.notices()).as("keys without effect are commented out").isEmpty();
    }

    @Test
    void showsTheDefaults() throws ConfigurationException {
        Configuration reference = ConfigurationLoader.load(REFERENCE);
        Configuration bare = ConfigurationText.load(
                directory,
                ConfigurationText.completed(
                        "[[site]]\nnames = [\"www.example.org\", \"example.org\"]\n[[site]]\nnames = [\"shop.example.org\"]"));
        assertThat(reference).isEqualTo(bare);
    }

    @Test
    void showsEveryKeyInItsTable() {
        TreeSet<String> shown = new TreeSet<>();
        String table = "";
        for (String line : lines) {
            Matcher header = HEADER.matcher(line);
            Matcher key = KEY.matcher(line);
            if (header.matches()) {
                table = header.group(1);
            } else if (key.matches()) {
                shown.add(table + " " + key.group(1));
            }
        }
        TreeSet<String> known = new TreeSet<>();
        for (ConfigurationTable each : ConfigurationTable.values()) {
            each.keys().forEach(key -> known.add(each.label() + " " + key.name()));
        }
        assertThat(shown).isEqualTo(known);
    }

    @TestFactory
    Stream<DynamicTest> eachChoiceLoadsWhenItIsUncommented() {
        return commented()
                .mapToObj(at -> DynamicTest.dynamicTest(
                        lines.get(at),
                        () -> ConfigurationText.load(
                                directory, isOfSharedBinding(at) ? uncommented(sharedBinding()) : uncommented(at))));
    }

    @Test
    void allChoicesLoadTogether() throws ConfigurationException, IOException {
        Configuration loaded = ConfigurationText.load(
                directory,
                uncommented(commented().filter(at -> !isAlternative(at)).toArray()));
        assertThat(loaded.deploy().run()).isNotEmpty();
        assertThat(loaded.deploy().siteCommands()).isNotEmpty();
        assertThat(loaded.check().resolver()).isPresent();
    }

    @Test
    void refusesTheExampleContact() {
        String text = String.join("\n", lines).replace("# contact =", "contact =");
        assertThatThrownBy(() -> ConfigurationText.load(directory, text)).hasMessageContaining("refuses this domain");
    }

    /** Returns whether it is a key that another one replaces. */
    private boolean isAlternative(int at) {
        return isOfSharedBinding(at) || lines.get(at).startsWith("# key = ");
    }

    /** The two keys that are written instead of {@code eab-file}, and only together. */
    private boolean isOfSharedBinding(int at) {
        return lines.get(at).startsWith("# eab-kid") || lines.get(at).startsWith("# eab-hmac-file");
    }

    private int[] sharedBinding() {
        return commented().filter(this::isOfSharedBinding).toArray();
    }

    private IntStream commented() {
        return IntStream.range(0, lines.size())
                .filter(at -> COMMENTED.matcher(lines.get(at)).matches());
    }

    /**
     * Returns the file with these lines uncommented, and the header of their table if that is a comment too. An address
     * and a file of the user replace those that only stand for them.
     */
    private String uncommented(int... at) throws IOException {
        Path ca = directory.resolve("ca.pem");
        Instant now = Instant.now();
        Files.writeString(
                ca,
                Pem.write(List.of(SelfSignedCertificate.create(
                        KeyType.EC256.generate(new SecureRandom()),
                        List.of(new HostName("ca.example.org")),
                        now,
                        now.plusSeconds(60)))));
        Path limits = Files.writeString(directory.resolve("limits.toml"), """
                [[ca]]
                directory = "letsencrypt"
                [[ca.limit]]
                kind = "orders-per-account"
                capacity = 1
                period = "1h"
                source = "a letter"
                date = 2026-11-01
                """);
        List<String> changed = new ArrayList<>(lines);
        for (int line : at) {
            uncommentHeader(changed, line);
            changed.set(
                    line,
                    lines.get(line)
                            .substring(2)
                            .replace("hostmaster@example.org", "hostmaster@ringcert.org")
                            .replace("/etc/ringcert/ca.pem", ca.toString())
                            .replace("/etc/ringcert/limits.toml", limits.toString()));
        }
        return String.join("\n", changed);
    }

    private static void uncommentHeader(List<String> lines, int key) {
        for (int line = key; line >= 0; line--) {
            String text = lines.get(line);
            if (HEADER.matcher(text).matches()) {
                lines.set(line, text.replaceFirst("^# ", ""));
                return;
            }
        }
    }
}
