package org.ringcert.it.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ringcert.it.UsesPebble;
import org.ringcert.it.servers.Archive;
import org.ringcert.it.servers.DebianServers;
import org.ringcert.it.servers.Document;

/**
 * Follows the section on mod_md of {@code docs/moving-in.md}, on a server whose certificates mod_md has ordered, and
 * then goes back. A visitor gets a certificate at every moment.
 */
@UsesPebble
class MovingInFromModMdTest {

    private static final String SERVER = "web0";
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final List<String> SITES = List.of("www.example.org", "shop.example.org", "blog.example.org");

    /**
     * Requests a challenge that Ringcert has from this server's port 80, with {@code MORE} in Apache's configuration.
     * Prints the HTTP status.
     */
    private static final String REQUEST_CHALLENGE = """
            cat >/etc/apache2/conf-enabled/more.conf <<'END'
            MORE
            END
            apachectl -t 2>/dev/null && systemctl reload apache2
            token=0123456789abcdef0123456789abcdef
            echo -n $token.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI >/var/lib/ringcert/challenges/$token
            chmod 644 /var/lib/ringcert/challenges/$token
            curl -s -o /dev/null -w '%{http_code}' -H 'Host: www.example.org' http://localhost/.well-known/acme-challenge/$token
            """;

    @TempDir
    private Path folder;

    @Test
    void movesCertificatesThenVirtualHostsThenRemovesMDomain() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/lib/apache2/modules/mod_md.so")), "mod_md is not installed");
        Document document = Document.read(MovingInByTheDocumentTest.DOCUMENT);
        List<Document.Block> blocks = blocks(document, "mod_md"::equals);
        try (DebianServers servers = DebianServers.start(folder, List.of(SERVER))) {
            System.out.println("docs/moving-in.md, from mod_md. " + DebianServers.STAND_INS);
            servers.runOn(SERVER, MovingInByTheDocumentTest.script("mod_md.sh"));
            SITES.forEach(site -> awaitServed(servers, site));
            servers.runOn(SERVER, MovingInByTheDocumentTest.script("visitor.sh"));
            servers.runOnAdminHost(
                    Archive.folder(), "scp ringcert-*-linux-x86_64.tar.gz root@" + SERVER + ".example.org:");
            runBlocks(servers, blocks(document, "each"::equals));
            runBlocks(servers, blocks(document, "web0"::equals).subList(0, 1));
            String oldSerials = serials(servers);

            for (Document.Block block : blocks) {
                if (block.commands().contains("ringcert renew")) {
                    // The daemon may be working on the site, which `ringcert renew` then skips.
                    await().atMost(TIMEOUT).untilAsserted(() -> servers.runOn(SERVER, block.commands()));
                } else {
                    servers.runOn(SERVER, block.commands());
                    assertThat(serials(servers)).as(block.commands()).isEqualTo(oldSerials);
                }
            }

            assertThat(serials(servers)).isNotEqualTo(oldSerials);
            String account = servers.runOn(
                    SERVER, "grep -ho 'https:[^\"]*/my-account/[^\"]*' /etc/apache2/md/accounts/*/account.json");
            servers.runOn(
                    SERVER,
                    "grep -F '\"" + account.strip() + "\"' /var/lib/ringcert/certs/www.example.org/origin.json");
            onlyTwoChangesMakeAnMDomainLeaveChallengesAlone(servers);
            runBlocks(servers, blocks(document, "back-mod_md"::equals));
            assertThat(serials(servers)).isEqualTo(oldSerials);
            servers.runOn(
                    SERVER, "rm /root/visited; until [ -e /root/visited ]; do sleep 0.1; done; ! cat /root/missed");
            withoutMDomainAndFilesApacheEnds(servers);
        }
    }

    /** Proves what the document says of an MDomain that has to stay. */
    private static void onlyTwoChangesMakeAnMDomainLeaveChallengesAlone(DebianServers servers) throws IOException {
        awaitStatus(servers, "", 200);
        awaitStatus(servers, "MDomain www.example.org example.org", 404);
        awaitStatus(servers, "MDomain www.example.org example.org\nMDCAChallenges tls-alpn-01", 200);
        awaitStatus(servers, """
                <MDomain www.example.org example.org>
                    MDCertificateFile /var/lib/ringcert/certs/www.example.org/fullchain.pem
                    MDCertificateKeyFile /var/lib/ringcert/certs/www.example.org/privkey.pem
                </MDomain>""", 200);
        servers.runOn(SERVER, "rm /etc/apache2/conf-enabled/more.conf; systemctl reload apache2");
    }

    private static void awaitStatus(DebianServers servers, String more, int status) {
        await(more)
                .atMost(TIMEOUT)
                .until(
                        () -> servers.tryOn(SERVER, REQUEST_CHALLENGE.replace("MORE", more))
                                .output()
                                .strip(),
                        String.valueOf(status)::equals);
    }

    /** Proves the document's warning: {@code apachectl -t} finds nothing, and the reload ends Apache. */
    private static void withoutMDomainAndFilesApacheEnds(DebianServers servers) throws IOException {
        servers.runOn(SERVER, "sed -i 's/^MDomain /#&/' /etc/apache2/conf-available/mod_md.conf");
        assertThat(servers.runOn(SERVER, "apachectl -t")).contains("Syntax OK");
        servers.tryOn(SERVER, "systemctl reload apache2");
        await().atMost(TIMEOUT)
                .until(() ->
                        servers.tryOn(SERVER, "systemctl is-active apache2").status() != 0);
    }

    private static List<Document.Block> blocks(Document document, Predicate<String> where) {
        List<Document.Block> blocks = document.blocks().stream()
                .filter(block -> where.test(block.where()))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static void runBlocks(DebianServers servers, List<Document.Block> blocks) throws IOException {
        for (Document.Block block : blocks) {
            servers.runOn(SERVER, block.commands());
        }
    }

    private static void awaitServed(DebianServers servers, String site) {
        await(site)
                .atMost(TIMEOUT)
                .until(() -> servers.tryOn(SERVER, """
                                openssl s_client -connect localhost:443 -servername %1$s </dev/null 2>/dev/null |
                                    openssl x509 -noout -checkhost %1$s | grep ' does match '
                                """.formatted(site)).status() == 0);
    }

    /** Returns the serial numbers that a visitor sees, one line for each site. */
    private static String serials(DebianServers servers) throws IOException {
        return servers.runOn(SERVER, """
                for site in %s; do
                    openssl s_client -connect localhost:443 -servername $site -no-CAfile -no-CApath -no-CAstore </dev/null 2>/dev/null |
                        openssl x509 -noout -serial -checkhost $site
                done
                """.formatted(String.join(" ", SITES)));
    }
}
