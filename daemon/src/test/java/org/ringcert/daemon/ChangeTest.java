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
import org.ringcert.renew.RenewalResult;

/** Another configuration for a daemon at work. */
class ChangeTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    /** What the loader lets through, every part of a daemon can work by; here it was passed by. */
    @Test
    void oneThatNothingCanWorkByLeavesTheDaemonAtItsWork() throws Exception {
        Configuration configuration = configuration();
        HandClock clock = new HandClock();
        LinkedBlockingQueue<RenewalResult> results = new LinkedBlockingQueue<>();
        LocalNode node = new LocalNode(configuration, new HostName("web0.example.org"), clock);
        // each failure is tried again at once
        try (Daemon daemon = Daemon.start(node, (_, _) -> {}, result -> {
            clock.advance(Duration.ofDays(2));
            results.add(result);
        })) {
            assertThat(results.poll(LONG.toSeconds(), TimeUnit.SECONDS)).isInstanceOf(RenewalResult.Failed.class);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> daemon.reconfigure(withDirectory(configuration, "http://ca.example.org/dir")));

            results.clear();
            assertThat(results.poll(LONG.toSeconds(), TimeUnit.SECONDS))
                    .as("the passes go on")
                    .isInstanceOf(RenewalResult.Failed.class);
        }
    }

    /** Nothing of it is looked up: every spelling of this machine that is taken is one that can be asked. */
    @Test
    void whatIsReadAsThisMachineCanBeAsked() throws Exception {
        for (String host : List.of("LOCALHOST", "LocalHost", "127.9.8.7", "[::1]", "[0:0:0:0:0:0:0:1]")) {
            Files.writeString(file(), text().replace("127.0.0.1:1", host + ":1"));
            LocalNode node = new LocalNode(ConfigurationLoader.load(file()), new HostName("web0.example.org"));
            node.connectToCa().close();
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

    private static Configuration withDirectory(Configuration like, String directory) {
        AcmeSettings ca = like.authorities().getFirst();
        return new Configuration(
                like.nodes(),
                like.sites(),
                List.of(new AcmeSettings(
                        URI.create(directory), ca.known(), ca.contact(), ca.trustedRoots(), ca.profile(), ca.key())),
                like.front(),
                like.store(),
                like.deploy(),
                like.resolver());
    }

    private static final class HandClock extends Clock {
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
