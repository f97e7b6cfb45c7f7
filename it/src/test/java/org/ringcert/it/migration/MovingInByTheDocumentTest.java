package org.ringcert.it.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;
import org.ringcert.it.servers.Document;

/**
 * Runs every block of {@code docs/moving-in.md}, except those of {@link MovingInFromModMdTest}, on three servers set up
 * as in "Clustering Let's Encrypt with Apache" (2019): two with dehydrated, one with certbot.
 */
@UsesPebble
class MovingInByTheDocumentTest {

    static final Path DOCUMENT = Path.of("..", "docs", "moving-in.md");
    private static final String PACKAGE = "./ringcert package\n";
    private static final String RENEWAL = "ringcert renew";
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org", "blog.example.org");
    private static final List<String> SERVERS = List.of("web0", "web1", "web2");
    private static final Map<String, String> PROGRAMS =
            Map.of("web0", "dehydrated", "web1", "dehydrated", "web2", "certbot");

    private static final Map<String, String> CHALLENGES = Map.of(
            "dehydrated", "/var/lib/dehydrated/acme-challenges", "certbot", "/var/www/html/.well-known/acme-challenge");

    private static final Map<String, String> ACCOUNT = Map.of(
            "dehydrated",
            "cat /var/lib/dehydrated/accounts/*/account_id.json | grep -o 'https:[^\"]*'",
            "certbot",
            "cat /etc/letsencrypt/accounts/*/directory/*/regr.json | grep -o 'https:[^\"]*/my-account/[^\"]*'");

    /** The commands that renew a site with the old program. The site's name follows. */
    private static final Map<String, String> OLD_RENEWAL = Map.of(
            "dehydrated",
            "dehydrated --cron --force --domain ",
            "certbot",
            "certbot renew -n --no-random-sleep-on-renew --force-renewal --cert-name ");

    private static final Pattern SERVED =
            Pattern.compile("serial=([0-9A-F]+)\\s+Hostname (\\S+) does match certificate");

    @TempDir
    private Path folder;

    @Test
    void movesOneServerAtATime() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dehydrated")), "dehydrated is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/certbot")), "certbot is not installed");
        Document document = Document.read(DOCUMENT);
        try (DebianServers servers = DebianServers.start(folder, SERVERS)) {
            System.out.println("docs/moving-in.md. " + DebianServers.STAND_INS);
            Administrator administrator = new Administrator(document, servers);
            inParallel(administrator::installArticleSetUp, administrator::prepare);

            administrator.giveUpHalfWay("web2");
            administrator.move("web2");
            inParallel(() -> administrator.move("web0"), () -> administrator.renewWithOldProgram("web1"));
            inParallel(() -> administrator.goBack("web2"), () -> administrator.goBack("web0"));
            inParallel(() -> administrator.moveAgain("web2"), () -> administrator.moveAgain("web0"));
            administrator.move("web1");

            onAll(server -> administrator.runBlocks("moved", server));
            Set<String> serials = ConcurrentHashMap.newKeySet();
            onAll(server -> {
                servers.runOn(server, "ringcert renew --force");
                SITES.forEach(site -> serials.add(servers.awaitServed(server, site, "acme-v02")));
            });
            assertThat(serials).hasSize(SERVERS.size() * SITES.size());
            administrator.assertAllBlocksRun();
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private interface ServerAction {
        void run(String server) throws IOException;
    }

    private static void onAll(ServerAction action) throws Exception {
        inParallel(SERVERS.stream()
                .map(server -> (Action) () -> action.run(server))
                .toArray(Action[]::new));
    }

    private static void inParallel(Action... actions) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (Action action : actions) {
                all.add(threads.submit(() -> {
                    action.run();
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        }
    }

    /** Follows the document and checks the results. */
    private static final class Administrator {

        private final Document document;
        private final DebianServers servers;
        private final Set<Document.Block> done = ConcurrentHashMap.newKeySet();

        Administrator(Document document, DebianServers servers) {
            this.document = document;
            this.servers = servers;
        }

        void installArticleSetUp() throws Exception {
            onAll(server -> servers.runOn(
                    server,
                    "set -- " + of(CHALLENGES, program(server)) + " " + next(server) + ".example.org\n"
                            + script("article.sh")));
            // The CA's requests come to a server and are sent on to those that order.
            onAll(server -> servers.runOn(
                    server, "set -- " + program(server) + "\n" + script("certificates.sh") + script("visitor.sh")));
        }

        /** Runs the sections "The program" and "One file". */
        void prepare() throws Exception {
            for (Document.Block block : blocks("checkout")) {
                assertThat(block.commands()).contains(PACKAGE);
                servers.runOnAdminHost(Archive.folder(), block.commands().replace(PACKAGE, ""));
                done.add(block);
            }
            onAll(server -> runBlocks("each", server));
            runBlocks("web0", "web0");
            for (String server : SERVERS) {
                if (program(server).equals("dehydrated")) {
                    runBlocks("key", server);
                }
            }
        }

        void runBlocks(String where, String server) throws IOException {
            for (Document.Block block : blocks(where)) {
                runBlock(block, server);
            }
        }

        private void runBlock(Document.Block block, String server) throws IOException {
            servers.runOn(server, block.commands());
            done.add(block);
        }

        /**
         * Takes over and starts the daemon, then runs all lines for going back: "a line for what has not been done yet
         * says so and does no harm".
         */
        void giveUpHalfWay(String server) throws IOException {
            Map<String, String> oldSerials = served(server);
            for (Document.Block block : blocks(program(server), "moving").subList(0, 2)) {
                servers.runOn(server, block.commands());
            }
            for (Document.Block block : blocks("back-" + program(server), "back")) {
                servers.runOn(server, "set +e\n" + block.commands() + "true");
            }
            servers.runOn(server, "! systemctl is-active ringcert");
            assertThat(served(server)).isEqualTo(oldSerials);
        }

        /**
         * Runs the section "One server". Until the first renewal, a visitor gets the same certificates as before, and
         * the old program can still order.
         */
        void move(String server) throws IOException {
            Map<String, String> oldSerials = served(server);
            for (Document.Block block : blocks(program(server), "moving")) {
                runBlock(block, server);
                if (block.commands().contains(RENEWAL)) {
                    assertRenewedWithOldAccount(server, of(oldSerials, SITES.getFirst()));
                } else {
                    assertThat(served(server))
                            .as("%s after%n%s", server, block.commands())
                            .isEqualTo(oldSerials);
                }
                if (block.commands().contains("a2ensite")) {
                    orderWithOldProgram(server);
                }
            }
        }

        private void assertRenewedWithOldAccount(String server, String oldSerial) throws IOException {
            assertThat(servers.awaitServed(server, SITES.getFirst(), "acme-v02"))
                    .isNotEqualTo(oldSerial);
            String account = servers.runOn(server, of(ACCOUNT, program(server))).strip();
            servers.runOn(
                    server,
                    "grep -F '\"" + account + "\"' /var/lib/ringcert/certs/" + SITES.getFirst() + "/origin.json");
        }

        /** Goes back to the old program's certificates and renews them. */
        void goBack(String server) throws IOException {
            runBlocks("back-" + program(server), server);
            runBlocks("back", server);
            renewWithOldProgram(server);
        }

        /** Moves once more and takes over what the old program has renewed in between. */
        void moveAgain(String server) throws IOException {
            String newest = of(served(server), farthest(server));
            for (Document.Block block : blocks(program(server), "moving")) {
                if (!block.commands().contains(RENEWAL)) {
                    runBlock(block, server);
                }
            }
            assertThat(served(server)).containsEntry(farthest(server), newest);
        }

        void renewWithOldProgram(String server) throws IOException {
            orderWithOldProgram(server);
            servers.runOn(server, "systemctl reload apache2");
        }

        private void orderWithOldProgram(String server) throws IOException {
            servers.runOn(server, of(OLD_RENEWAL, program(server)) + farthest(server));
        }

        void assertAllBlocksRun() throws Exception {
            assertThat(done)
                    .as("every block has been run")
                    .containsExactlyInAnyOrderElementsOf(document.blocks().stream()
                            .filter(block -> !block.where().endsWith("mod_md"))
                            .toList());
            onAll(server -> {
                servers.runOn(server, "rm /root/visited; until [ -e /root/visited ]; do sleep 0.1; done");
                servers.runOn(server, "! cat /root/missed");
                assertThat(servers.runOn(server, "find /var/lib/ringcert ! -user ringcert"))
                        .as("files that do not belong to the daemon's user")
                        .isEmpty();
            });
        }

        private List<Document.Block> blocks(String... where) {
            List<Document.Block> blocks = document.blocks().stream()
                    .filter(block -> List.of(where).contains(block.where()))
                    .toList();
            assertThat(blocks).extracting(Document.Block::where).contains(where);
            return blocks;
        }

        /** Returns the serial number of the certificate that the server shows for each site. */
        private Map<String, String> served(String server) throws IOException {
            String output = servers.runOn(server, """
                    for site in %s; do
                        openssl s_client -connect localhost:443 -servername $site -no-CAfile -no-CApath -no-CAstore </dev/null 2>/dev/null |
                            openssl x509 -noout -serial -checkhost $site
                    done
                    """.formatted(String.join(" ", SITES)));
            Map<String, String> serials = new TreeMap<>();
            Matcher served = SERVED.matcher(output);
            while (served.find()) {
                serials.put(served.group(2), served.group(1));
            }
            assertThat(serials).as(output).containsOnlyKeys(SITES);
            return serials;
        }
    }

    private static String program(String server) {
        return of(PROGRAMS, server);
    }

    private static String next(String server) {
        return SERVERS.get((SERVERS.indexOf(server) + 1) % SERVERS.size());
    }

    /** Returns the site that leads to the next server, so that the CA passes all other servers first. */
    private static String farthest(String server) {
        return SITES.get(SERVERS.indexOf(next(server)));
    }

    private static String of(Map<String, String> map, String key) {
        return Objects.requireNonNull(map.get(key), key);
    }

    static String script(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(MovingInByTheDocumentTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
