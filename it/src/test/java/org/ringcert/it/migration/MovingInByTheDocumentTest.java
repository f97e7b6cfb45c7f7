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
 * {@code docs/moving-in.md}, every block of it but those of {@link MovingInFromModMdTest}, on three servers that run
 * the article's set-up: two with dehydrated, one with certbot.
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

    /** What renews a site by the old program, to be followed by its names. */
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
    void oneServerAtATime() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dehydrated")), "dehydrated is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/certbot")), "certbot is not installed");
        Document document = Document.read(DOCUMENT);
        try (DebianServers servers = DebianServers.start(folder, SERVERS)) {
            System.out.println("docs/moving-in.md. " + DebianServers.STAND_INS);
            Administrator administrator = new Administrator(document, servers);
            together(administrator::hasTheArticlesSetUp, administrator::prepares);

            administrator.givesUpHalfWay("web2");
            administrator.moves("web2");
            together(() -> administrator.moves("web0"), () -> administrator.renewsByTheOldProgram("web1"));
            together(() -> administrator.goesBack("web2"), () -> administrator.goesBack("web0"));
            together(() -> administrator.movesAgain("web2"), () -> administrator.movesAgain("web0"));
            administrator.moves("web1");

            onAll(server -> administrator.does("moved", server));
            Set<String> serials = ConcurrentHashMap.newKeySet();
            onAll(server -> {
                servers.runOn(server, "ringcert renew --force");
                SITES.forEach(site -> serials.add(servers.awaitServed(server, site, "acme-v02")));
            });
            assertThat(serials).hasSize(SERVERS.size() * SITES.size());
            administrator.hasDoneAll();
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private interface OnServer {
        void run(String server) throws IOException;
    }

    private static void onAll(OnServer work) throws Exception {
        together(SERVERS.stream().map(server -> (Work) () -> work.run(server)).toArray(Work[]::new));
    }

    private static void together(Work... works) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (Work work : works) {
                all.add(threads.submit(() -> {
                    work.run();
                    return true;
                }));
            }
            for (Future<Boolean> one : all) {
                one.get();
            }
        }
    }

    /** Does what the document says, and looks what becomes of it. */
    private static final class Administrator {

        private final Document document;
        private final DebianServers servers;
        private final Set<Document.Block> done = ConcurrentHashMap.newKeySet();

        Administrator(Document document, DebianServers servers) {
            this.document = document;
            this.servers = servers;
        }

        void hasTheArticlesSetUp() throws Exception {
            onAll(server -> servers.runOn(
                    server,
                    "set -- " + of(CHALLENGES, program(server)) + " " + next(server) + ".example.org\n"
                            + script("article.sh")));
            // The CA's requests come to a server and are sent on to those that order.
            onAll(server -> servers.runOn(
                    server, "set -- " + program(server) + "\n" + script("certificates.sh") + script("visitor.sh")));
        }

        /** "The program" and "One file". */
        void prepares() throws Exception {
            for (Document.Block block : blocks("checkout")) {
                assertThat(block.commands()).contains(PACKAGE);
                servers.runOnAdminHost(Archive.folder(), block.commands().replace(PACKAGE, ""));
                done.add(block);
            }
            onAll(server -> does("each", server));
            does("web0", "web0");
            for (String server : SERVERS) {
                if (program(server).equals("dehydrated")) {
                    does("key", server);
                }
            }
        }

        void does(String where, String server) throws IOException {
            for (Document.Block block : blocks(where)) {
                does(block, server);
            }
        }

        private void does(Document.Block block, String server) throws IOException {
            servers.runOn(server, block.commands());
            done.add(block);
        }

        /**
         * Takes over, starts the daemon, and goes back: "a line for what has not been done yet says so and does no
         * harm".
         */
        void givesUpHalfWay(String server) throws IOException {
            Map<String, String> before = served(server);
            for (Document.Block block : blocks(program(server), "moving").subList(0, 2)) {
                servers.runOn(server, block.commands());
            }
            for (Document.Block block : blocks("back-" + program(server), "back")) {
                servers.runOn(server, "set +e\n" + block.commands() + "true");
            }
            servers.runOn(server, "! systemctl is-active ringcert");
            assertThat(served(server)).isEqualTo(before);
        }

        /**
         * "One server": until its first renewal a visitor gets the same certificates all the time, and the old program
         * can order still.
         */
        void moves(String server) throws IOException {
            Map<String, String> before = served(server);
            for (Document.Block block : blocks(program(server), "moving")) {
                does(block, server);
                if (block.commands().contains(RENEWAL)) {
                    isRenewedByTheOldAccount(server, of(before, SITES.getFirst()));
                } else {
                    assertThat(served(server))
                            .as("%s after%n%s", server, block.commands())
                            .isEqualTo(before);
                }
                if (block.commands().contains("a2ensite")) {
                    ordersByTheOldProgram(server);
                }
            }
        }

        private void isRenewedByTheOldAccount(String server, String before) throws IOException {
            assertThat(servers.awaitServed(server, SITES.getFirst(), "acme-v02"))
                    .isNotEqualTo(before);
            String account = servers.runOn(server, of(ACCOUNT, program(server))).strip();
            servers.runOn(
                    server,
                    "grep -F '\"" + account + "\"' /var/lib/ringcert/certs/" + SITES.getFirst() + "/origin.json");
        }

        /** Back to what the old program has, and renews. */
        void goesBack(String server) throws IOException {
            does("back-" + program(server), server);
            does("back", server);
            renewsByTheOldProgram(server);
        }

        /** Takes over what the old program has renewed meanwhile. */
        void movesAgain(String server) throws IOException {
            String newest = of(served(server), farthest(server));
            for (Document.Block block : blocks(program(server), "moving")) {
                if (!block.commands().contains(RENEWAL)) {
                    does(block, server);
                }
            }
            assertThat(served(server)).containsEntry(farthest(server), newest);
        }

        void renewsByTheOldProgram(String server) throws IOException {
            ordersByTheOldProgram(server);
            servers.runOn(server, "systemctl reload apache2");
        }

        private void ordersByTheOldProgram(String server) throws IOException {
            servers.runOn(server, of(OLD_RENEWAL, program(server)) + farthest(server));
        }

        void hasDoneAll() throws Exception {
            assertThat(done)
                    .as("every block has been run")
                    .containsExactlyInAnyOrderElementsOf(document.blocks().stream()
                            .filter(block -> !block.where().endsWith("mod_md"))
                            .toList());
            onAll(server -> {
                servers.runOn(server, "rm /root/visited; until [ -e /root/visited ]; do sleep 0.1; done");
                servers.runOn(server, "! cat /root/missed");
                assertThat(servers.runOn(server, "find /var/lib/ringcert ! -user ringcert"))
                        .as("what is not the daemon's")
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

        /** The serial number that the server shows for each site. */
        private Map<String, String> served(String server) throws IOException {
            String said = servers.runOn(server, """
                    for site in %s; do
                        openssl s_client -connect localhost:443 -servername $site -no-CAfile -no-CApath -no-CAstore </dev/null 2>/dev/null |
                            openssl x509 -noout -serial -checkhost $site
                    done
                    """.formatted(String.join(" ", SITES)));
            Map<String, String> serials = new TreeMap<>();
            Matcher served = SERVED.matcher(said);
            while (served.find()) {
                serials.put(served.group(2), served.group(1));
            }
            assertThat(serials).as(said).containsOnlyKeys(SITES);
            return serials;
        }
    }

    private static String program(String server) {
        return of(PROGRAMS, server);
    }

    private static String next(String server) {
        return SERVERS.get((SERVERS.indexOf(server) + 1) % SERVERS.size());
    }

    /** The site that leads to the next server, so that the CA comes by all others first. */
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
