package org.ringcert.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;

/** Any file gives either a consistent configuration or mistakes that can be printed. */
@Tag("slow")
class ConfigurationFuzz {

    @TempDir
    Path directory;

    /** @param input the content of the file */
    @FuzzTest
    void load(byte[] input) throws IOException {
        Path file = directory.resolve("ringcert.toml");
        Files.write(file, input);
        try {
            LoadedConfiguration loaded = ConfigurationLoader.loadWithNotices(file);
            check(loaded.configuration());
            assertThat(loaded.noticeLines()).allSatisfy(ConfigurationFuzz::assertPrintable);
            assertThat(loaded.bindingProblems(_ -> true)).allSatisfy(ConfigurationFuzz::assertPrintable);
        } catch (ConfigurationException e) {
            assertThat(e.getMessage()).isNotBlank();
            assertThat(String.valueOf(e.getMessage()).chars()).noneMatch(c -> c != '\n' && Character.isISOControl(c));
            assertThat(e.mistakes()).allSatisfy(mistake -> {
                assertThat(mistake.line()).isBetween(1, input.length + 1);
                assertThat(mistake.column()).isBetween(1, input.length + 1);
            });
        }
    }

    private static void assertPrintable(String line) {
        assertThat(line.chars()).noneMatch(Character::isISOControl);
    }

    private static void check(Configuration configuration) throws ConfigurationException {
        assertThat(configuration.nodes()).isNotEmpty();
        assertThat(configuration.authorities()).isNotEmpty();
        assertThat(configuration.store()).isAbsolute();
        for (NodeSettings settings : configuration.nodes()) {
            HostName name = settings.node().name();
            assertThat(configuration.cluster(name).self()).isEqualTo(settings.node());
            assertThat(configuration.node(name)).isEqualTo(settings);
            assertThat(configuration.whichNode(Optional.of(name.value()), Map.of(), () -> ""))
                    .isEqualTo(name);
        }
        List<HostName> names = configuration.sites().stream()
                .map(Site::names)
                .flatMap(List::stream)
                .toList();
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
    }
}
