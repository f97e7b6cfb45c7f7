package org.ringcert.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.config.ConfigurationLoader;
import org.ringcert.event.NodeListener;
import org.ringcert.renew.RenewalResult;

/** Replacing the configuration of a running daemon. */
class ReconfigureTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** The loader rejects such a configuration; this test bypasses the loader. */
    @Test
    void keepsWorkingIfTheNewConfigurationCannotBeUsed() throws Exception {
        Configuration configuration = configuration();
        ManualClock clock = new ManualClock();
        LinkedBlockingQueue<RenewalResult> results = new LinkedBlockingQueue<>();
        LocalNode node = new LocalNode(configuration, new HostName("web0.example.org"), clock);
        NodeListener listener = new NodeListener() {
            @Override
            public void onResult(RenewalResult result) {
                clock.advance(Duration.ofDays(2));
                results.add(result);
            }
        };
        // With the clock two days ahead, each failure is retried immediately.
        try (Daemon daemon = Daemon.start(node, listener)) {
            assertThat(results.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(RenewalResult.Failed.class);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> daemon.reconfigure(withDirectory(configuration, "http://ca.example.org/dir")));

            results.clear();
            assertThat(results.poll(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("the passes continue")
                    .isInstanceOf(RenewalResult.Failed.class);
        }
    }

    /** Every accepted spelling of this machine can be used without looking it up. */
    @Test
    void acceptsEverySpellingOfThisMachineAsTheCa() throws Exception {
        for (String host : List.of("LOCALHOST", "LocalHost", "127.9.8.7", "[::1]", "[0:0:0:0:0:0:0:1]")) {
            Files.writeString(file(), text().replace("127.0.0.1:1", host + ":1"));
            LocalNode node = new LocalNode(ConfigurationLoader.load(file()), new HostName("web0.example.org"));
            node.connectToCas().close();
        }
    }

    private Path file() {
        return folder.resolve("ringcert.toml");
    }

    private String text() {
        return SmallConfiguration.text(List.of("web0.example.org"), URI.create("http://127.0.0.1:1/dir"))
                + """
                [front]
                listen = []
                [store]
                directory = "%s"
                """.formatted(folder.resolve("store"));
    }

    private Configuration configuration() throws Exception {
        return ConfigurationLoader.load(Files.writeString(file(), text()));
    }

    private static Configuration withDirectory(Configuration original, String directory) {
        AcmeSettings ca = original.authorities().getFirst();
        return new Configuration(
                original.nodes(),
                original.sites(),
                original.siteSettings(),
                List.of(new AcmeSettings(
                        URI.create(directory),
                        ca.known(),
                        ca.contact(),
                        ca.trustedRoots(),
                        ca.profile(),
                        ca.root(),
                        ca.keys(),
                        ca.reuseKey(),
                        ca.configuredBinding(),
                        ca.handoff(),
                        ca.writtenLimits())),
                original.front(),
                original.store(),
                original.deploy(),
                original.check(),
                original.alert());
    }

    private static final class ManualClock extends Clock {
        private Instant now = Instant.now();

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
