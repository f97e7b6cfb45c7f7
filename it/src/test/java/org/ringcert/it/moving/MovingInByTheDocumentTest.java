package org.ringcert.it.moving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.Document;
import org.ringcert.it.servers.Servers;

/** {@code docs/moving-in.md}, every block of it, on three servers that run the article's set-up: two with dehydrated, one with certbot. */
class MovingInByTheDocumentTest {

    private static final Path DOCUMENT = Path.of("..", "docs", "moving-in.md");
    private static final String PACKAGE = "./ringcert package\n";
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org", "blog.example.org");
    private static final List<String> SERVERS = List.of("web0", "web1", "web2");
    private static final Map<String, String> PROGRAMS =
            Map.of("web0", "dehydrated", "web1", "dehydrated", "web2", "certbot");

    private static final Map<String, String> ACCOUNT = Map.of(
            "dehydrated",
            "cat /var/lib/dehydrated/accounts/*/account_id.json | grep -o 'https:[^\"]*'",
            "certbot",
            "cat /etc/letsencrypt/accounts/*/directory/*/regr.json | grep -o 'https:[^\"]*/my-account/[^\"]*'");

    private static final Pattern SERVED =
            Pattern.compile("serial=([0-9A-F]+)\\s+Hostname (\\S+) does match certificate");

    @TempDir
    private Path folder;

    @Test
    void oneServerAtATime() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dehydrated")), "dehydrated is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/certbot")), "certbot is not installed");
        Document document = Document.read(DOCUMENT);
        try (Servers servers = Servers.start(folder, SERVERS)) {
            System.out.println("docs/moving-in.md. " + Servers.STAND_INS);
            articlesSetUp(servers);

            servers.mustBeside(
                    Archive.folder(), commands(document, "checkout").getFirst().replace(PACKAGE, ""));
            List<String> each = commands(document, "each");
            for (String server : SERVERS) {
                servers.mustOn(server, each.getFirst());
            }
            for (String block : commands(document, "web0")) {
                servers.mustOn("web0", block);
            }

            moves(servers, document, "web2", true);
            goesBack(servers, document, "web2");
            moves(servers, document, "web2", false);
            servers.mustOn("web0", renewal("dehydrated"));
            moves(servers, document, "web0", true);
            servers.mustOn("web1", renewal("dehydrated"));
            moves(servers, document, "web1", true);

            for (String server : SERVERS) {
                servers.mustOn(server, each.getLast());
            }
            Set<String> serials = new HashSet<>();
            for (String server : SERVERS) {
                servers.mustOn(server, "ringcert renew --force");
                SITES.forEach(site -> serials.add(servers.awaitServed(server, site, "acme-v02")));
            }
            assertThat(serials).hasSize(SERVERS.size() * SITES.size());
        }
    }

    private static void articlesSetUp(Servers servers) throws Exception {
        for (int i = 0; i < SERVERS.size(); i++) {
            String next = SERVERS.get((i + 1) % SERVERS.size()) + ".example.org";
            servers.mustOn(SERVERS.get(i), "set -- " + next + "\n" + script("article.sh"));
        }
        // Side by side, each sending the CA's requests on to the others.
        try (var side = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (String server : SERVERS) {
                String commands = "set -- " + PROGRAMS.get(server) + "\n" + script("certificates.sh");
                all.add(side.submit(() -> servers.mustOn(server, commands)));
            }
            for (Future<String> one : all) {
                one.get();
            }
        }
    }

    /**
     * The blocks of "One server", on that one; a site without a certificate in between would be seen.
     *
     * @param first whether its store is empty: then the certificates that are served are the same until the first renewal
     */
    private static void moves(Servers servers, Document document, String server, boolean first) throws IOException {
        String program = Objects.requireNonNull(PROGRAMS.get(server));
        String account = servers.mustOn(server, Objects.requireNonNull(ACCOUNT.get(program)));
        Map<String, String> before = served(servers, server);
        List<Document.Block> blocks = document.blocks().stream()
                .filter(block -> Set.of(program, "moving").contains(block.where()))
                .toList();
        for (Document.Block block : blocks) {
            servers.mustOn(server, block.commands());
            if (!block.commands().contains("--force")) {
                Map<String, String> now = served(servers, server);
                if (first) {
                    assertThat(now).as("%s after%n%s", server, block.commands()).isEqualTo(before);
                }
            }
        }
        assertThat(servers.awaitServed(server, SITES.getFirst(), "acme-v02"))
                .as("renewed")
                .isNotEqualTo(before.get(SITES.getFirst()));
        // by the account of before
        servers.mustOn(server, "grep -rqF '" + account.strip() + "' /var/lib/ringcert/accounts");
    }

    private static String renewal(String program) {
        String renewal = program.equals("dehydrated")
                ? "dehydrated --cron --force --domain 'www.example.org example.org'"
                : "certbot renew -n --no-random-sleep-on-renew --force-renewal --cert-name www.example.org";
        return renewal + "\nsystemctl reload apache2";
    }

    private static void goesBack(Servers servers, Document document, String server) throws IOException {
        String program = Objects.requireNonNull(PROGRAMS.get(server));
        for (String block : commands(document, "back-" + program)) {
            servers.mustOn(server, block);
        }
        for (String block : commands(document, "back")) {
            servers.mustOn(server, block);
        }
        servers.mustOn(server, renewal(program));
    }

    /** The serial number that the server shows for each site. */
    private static Map<String, String> served(Servers servers, String server) throws IOException {
        String said = servers.mustOn(server, """
                for site in %s; do
                    openssl s_client -connect localhost:443 -servername $site </dev/null 2>/dev/null |
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

    private static List<String> commands(Document document, String where) {
        List<String> commands = document.blocks().stream()
                .filter(block -> block.where().equals(where))
                .map(Document.Block::commands)
                .toList();
        assertThat(commands).as("blocks for " + where).isNotEmpty();
        return commands;
    }

    private static String script(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(MovingInByTheDocumentTest.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
