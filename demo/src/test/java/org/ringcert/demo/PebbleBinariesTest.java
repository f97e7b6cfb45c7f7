package org.ringcert.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PebbleBinariesTest {

    @TempDir
    private Path folder;

    private final List<String> progress = new ArrayList<>();
    private Path path;
    private Path cache;

    @BeforeEach
    void createFolders() throws IOException {
        path = Files.createDirectories(folder.resolve("path"));
        cache = folder.resolve("cache");
    }

    @Test
    void theFolderInTheEnvironmentComesBeforeThePath() throws Exception {
        programs(path);
        Path named = programs(folder.resolve("named"));
        assertThat(find(Map.of("RINGCERT_PEBBLE_DIR", named.toString()))).isEqualTo(in(named));
        assertThat(find(Map.of())).isEqualTo(in(path));
        assertThat(progress).isEmpty();
    }

    @Test
    void aFolderInTheEnvironmentWithoutPebbleIsAnError() throws Exception {
        programs(path);
        assertThatThrownBy(() -> find(Map.of("RINGCERT_PEBBLE_DIR", folder.toString())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("RINGCERT_PEBBLE_DIR=" + folder);
    }

    @Test
    void reusesAnEarlierDownload() throws Exception {
        Path downloaded = programs(cache.resolve("ringcert/pebble-debian/usr/bin"));
        assertThat(find(Map.of())).isEqualTo(in(downloaded));
        assertThat(progress).isEmpty();
    }

    @Test
    void saysInOneLineWhatToDoIfPebbleCannotBeFetched() {
        assertThatThrownBy(() -> find(Map.of()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("apt-get install pebble")
                .hasMessageContaining("RINGCERT_PEBBLE_DIR")
                .hasMessageNotContaining("\n");
    }

    @Test
    void withoutAptGoBuildsPebbleOnce() throws Exception {
        go("go1.24.0", "for p in pebble pebble-challtestsrv; do echo x >$GOBIN/$p; chmod 755 $GOBIN/$p; done");
        Path built = cache.resolve("ringcert/pebble-v2.10.3");
        assertThat(find(Map.of())).isEqualTo(in(built));
        assertThat(progress).hasSize(1);
        assertThat(newest()).isEqualTo(in(built));
        assertThat(progress).hasSize(1);
    }

    @Test
    void reportsAnOldGo() throws Exception {
        go("go1.19.8", "exit 9");
        assertThatThrownBy(this::newest).isInstanceOf(IOException.class).hasMessageContaining("go1.19.8");
    }

    @Test
    void aFailedBuildLeavesNothingInTheCache() throws Exception {
        go("go1.26.1", "echo x >$GOBIN/pebble; echo no network; exit 1");
        assertThatThrownBy(this::newest).isInstanceOf(IOException.class).hasMessageContaining("no network");
        assertThat(cache.resolve("ringcert")).isEmptyDirectory();
    }

    private PebbleBinaries find(Map<String, String> more) throws IOException {
        return PebbleBinaries.find(environment(more), progress::add);
    }

    private PebbleBinaries newest() throws IOException {
        return PebbleBinaries.newest(environment(Map.of()), progress::add);
    }

    private Map<String, String> environment(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", "relative::" + path);
        environment.put("XDG_CACHE_HOME", cache.toString());
        return environment;
    }

    private void go(String version, String install) throws IOException {
        executable(
                path.resolve("go"),
                "#!/bin/sh\ncase $1 in version) echo go version %s linux/amd64 ;; install) %s ;; esac\n"
                        .formatted(version, install));
    }

    private static PebbleBinaries in(Path folder) {
        return new PebbleBinaries(folder.resolve("pebble"), folder.resolve("pebble-challtestsrv"));
    }

    private static Path programs(Path into) throws IOException {
        Files.createDirectories(into);
        executable(into.resolve("pebble"), "#!/bin/sh\n");
        executable(into.resolve("pebble-challtestsrv"), "#!/bin/sh\n");
        return into;
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
