package org.ringcert.it.visitors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.cluster.HostName;
import org.ringcert.it.Testbed;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.visitors.NginxFiles.VirtualHost;
import org.ringcert.it.visitors.RequestLoop.Answer;

/** A balancer asks {@code /livez} while the daemon gets another configuration or is started again. */
@UsesPebble
class ReloadWhileAskedTest {

    private static final HostName SITE = new HostName("www.example.org");
    private static final HostName NEW_SITE = new HostName("shop.example.org");

    @TempDir
    private static Path folder;

    private static VisitedCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = VisitedCluster.start(folder, 1, SITE.value());
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static String ask(HostName site) throws IOException {
        return String.valueOf(cluster.livez(0, site.value()).status());
    }

    @Test
    void newSiteIsUnknownThenBadThenGoodAndOthersStayGood() throws Exception {
        cluster.awaitLivez(0, SITE.value(), 200);
        try (RequestLoop other = RequestLoop.start(() -> ask(SITE));
                RequestLoop asked = RequestLoop.start(() -> ask(NEW_SITE))) {
            asked.awaitAnswer("404");

            cluster.testbed()
                    .ca()
                    .setAddress(NEW_SITE, cluster.testbed().cluster().address(0));
            cluster.testbed().editConfiguration(text -> text + "\n[[site]]\nnames = [\"" + NEW_SITE + "\"]\n");
            cluster.daemon(0).signal("HUP");
            asked.awaitAnswer("503");
            cluster.daemon(0)
                    .awaitLine(line -> line.contains(NEW_SITE + ": installed a new certificate"), Testbed.TIMEOUT);
            cluster.configureWebServer(
                    0,
                    List.of(
                            new VirtualHost(List.of(SITE), cluster.installed(0, SITE)),
                            new VirtualHost(List.of(NEW_SITE), cluster.installed(0, NEW_SITE))));
            cluster.reloadWebServer(0);
            asked.awaitAnswer("200");

            assertThat(asked.failures()).isEmpty();
            assertThat(asked.answers().stream().map(Answer::text).distinct()).containsExactly("404", "503", "200");
            assertThat(other.failures()).isEmpty();
            assertThat(other.answers().stream().map(Answer::text).distinct()).containsExactly("200");
        }
    }

    /** The first answer of the new daemon is from a look at once, not a guess. */
    @Test
    void firstAnswerAfterAStartIsFromALook() throws Exception {
        cluster.awaitLivez(0, SITE.value(), 200);
        try (RequestLoop asked = RequestLoop.start(() -> ask(SITE))) {
            asked.awaitAnswer("200");
            cluster.restartDaemon(0);
            asked.awaitAnswer("200");
            assertThat(asked.failures()).as("while no daemon ran").isNotEmpty();
            assertThat(asked.answers().stream()
                            .filter(answer -> answer.error().isEmpty())
                            .map(Answer::text)
                            .distinct())
                    .containsExactly("200");
        }

        cluster.stopWebServer(0);
        cluster.restartDaemon(0);
        assertThat(cluster.livez(0, SITE.value()).status()).isEqualTo(503);
        cluster.startWebServer(0);
        cluster.awaitLivez(0, SITE.value(), 200);
    }
}
