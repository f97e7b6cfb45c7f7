package org.ringcert.it.systemd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;

/** The units under a real systemd: the daemon is restarted, and web servers are reloaded. */
@UsesPebble
class UnitsTest {

    private static final String SERVER = "web0";

    @TempDir
    private static Path folder;

    private static DebianServers servers;

    @BeforeAll
    static void start() throws IOException {
        servers = DebianServers.start(folder, List.of(SERVER));
        System.out.println("systemd units. " + DebianServers.STAND_INS);
        servers.runOnAdminHost(Archive.folder(), "scp -q ringcert-*.tar.gz root@" + SERVER + ".example.org:");
        run("installed.sh");
    }

    @AfterAll
    static void stop() throws IOException {
        if (servers != null) {
            servers.close();
        }
    }

    @Test
    void everyTouchCausesAReload() throws IOException {
        run("reloads.sh");
    }

    @Test
    void startsWithALateHostNameAndSilentDns() throws IOException {
        run("early.sh");
    }

    @Test
    void theDaemonCanUseFilesRenewedByRoot() throws IOException {
        run("root.sh");
    }

    private static void run(String script) throws IOException {
        try (InputStream in = Objects.requireNonNull(UnitsTest.class.getResourceAsStream(script), script)) {
            servers.runOn(SERVER, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
