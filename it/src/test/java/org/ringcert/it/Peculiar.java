package org.ringcert.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.migration.Program;
import org.ringcert.it.Damaged.Damage;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * An installation with nothing wrong in it that is not like most.
 *
 * @param says what has to be said about it
 * @param takenOver the sites that are taken over
 */
record Peculiar(Program program, String what, Damage change, List<String> says, List<HostName> takenOver) {

    /** Stands in places that hold secrets. */
    static final String SECRET = "s3cret";

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final String MARK = "\uFEFF";

    private static Peculiar of(Program program, String what, Damage change, String... says) {
        return new Peculiar(program, what, change, List.of(says), List.of(WWW, SHOP));
    }

    private Peculiar leaving(HostName... sites) {
        return new Peculiar(program, what, change, says, List.of(sites));
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** All that is tried. */
    static Stream<Peculiar> all() {
        return Stream.of(ofDehydrated(), ofCertbot(), ofModMd()).flatMap(each -> each);
    }

    private static Stream<Peculiar> ofDehydrated() {
        Program program = Program.DEHYDRATED;
        return Stream.of(
                of(program, "sites in domains.txt.d", at -> {
                    Damaged.write("domains.txt", "www.example.org example.org\n")
                            .to(at);
                    Files.createDirectory(at.resolve("domains.txt.d"));
                    Damaged.write("domains.txt.d/a.txt", "shop.example.org > shop\n")
                            .to(at);
                    Damaged.write("domains.txt.d/b.old", "blog.example.org\n").to(at);
                }),
                of(
                        program,
                        "an alias amid the names, written on Windows",
                        Damaged.write(
                                "domains.txt",
                                MARK + "WWW.example.org >www.example.org example.org\r\nshop.example.org>shop\r\n"),
                        "www.example.org: taken over from "),
                of(
                        program,
                        "an `if` that is about something else",
                        Damaged.append("config", "if [ -x /bin/true ]; then IP_VERSION=4; fi\ncheck() {\n  true\n}\n")),
                of(program, "variables of its own, and a file with some more", at -> {
                    Files.move(at.resolve("certs"), at.resolve("certificates"));
                    Damaged.write("more", "CERTDIR=\"${HERE}\"/'certificates' # not certs\n")
                            .to(at);
                    Damaged.append("config", "HERE=$BASEDIR\n. \"$HERE\"/more\n")
                            .to(at);
                }),
                of(program, "a line that goes on", at -> {
                    Files.move(at.resolve("certs"), at.resolve("certificates"));
                    Damaged.append("config", "export CERTDIR=$BASEDIR/cert\\\nificates; true && true\n")
                            .to(at);
                }),
                of(
                        program,
                        "dns-01 and a hook",
                        Damaged.append("config", "CHALLENGETYPE=dns-01\nHOOK=\"/etc/hook --token " + SECRET + "\"\n"),
                        "www.example.org: dehydrated had it validated by dns-01. Ringcert uses http-01",
                        "under www.example.org, example.org",
                        "shop.example.org: dehydrated had it validated by dns-01",
                        "Hooks of dehydrated are not taken over: HOOK in ",
                        "goes into [deploy] run"),
                of(
                        program,
                        "a certificate with settings of its own",
                        Damaged.append(
                                "certs/shop/config",
                                "CHALLENGETYPE=tls-alpn-01\nPRIVATE_KEY_RENEW=no\nOCSP_MUST_STAPLE=yes\n"),
                        "shop.example.org: dehydrated had it validated by tls-alpn-01",
                        "\nshop.example.org: dehydrated kept the key when it renewed",
                        "\nshop.example.org: Ringcert does not ask for \"must staple\""),
                of(program, "marks before PEM", mark("certs/shop/privkey.pem", "certs/shop/fullchain.pem")));
    }

    private static Stream<Peculiar> ofCertbot() {
        Program program = Program.CERTBOT;
        String shop = "renewal/shop.example.org.conf";
        return Stream.of(
                of(
                        program,
                        "a renewal file by another name than its folder",
                        at -> {
                            Files.move(at.resolve("renewal/www.example.org.conf"), at.resolve("renewal/old.conf"));
                            Installations.copy(at.resolve("live/shop.example.org"), at.resolve("live/old"));
                        },
                        "live/old is left out: no file in "),
                of(
                                program,
                                "a certificate whose renewal file is gone",
                                Damaged.remove(shop),
                                "live/shop.example.org is left out: no file in ",
                                "names it, so certbot does not renew it")
                        .leaving(WWW),
                of(
                                program,
                                "a certificate that is not to be renewed",
                                Damaged.append(shop, "[[webroot_map]]\n[renewalparams]\nautorenew = False\n"),
                                "live/shop.example.org is left out: certbot does not renew it (autorenew = False in ")
                        .leaving(WWW),
                of(
                        program,
                        "a plugin for dns-01",
                        Damaged.replace(shop, "authenticator = webroot", "authenticator = dns-cloudflare"),
                        "shop.example.org: certbot had it validated by \"dns-cloudflare\". Ringcert uses http-01"),
                of(
                        program,
                        "hooks of all kinds",
                        at -> {
                            Damaged.replace(
                                            shop,
                                            "authenticator = webroot",
                                            "authenticator = nginx\ninstaller = nginx\nreuse_key = True\nrenew_hook = \"mail "
                                                    + SECRET + "\"")
                                    .to(at);
                            Path hook = Files.createDirectories(at.resolve("renewal-hooks/deploy"))
                                    .resolve("reload");
                            Files.writeString(hook, SECRET);
                            Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
                        },
                        "Hooks of certbot are not taken over: ",
                        "renew_hook in ",
                        "installer = nginx in ",
                        "renewal-hooks/deploy/reload",
                        "shop.example.org: certbot kept the key when it renewed"),
                of(
                        program,
                        "a profile of the CA",
                        Damaged.replace(
                                shop,
                                "authenticator = webroot",
                                "authenticator = webroot\npreferred_profile = tlsserver"),
                        "shop.example.org: renewed when due if [acme] has directory",
                        "and key = \"rsa2048\" and profile = \"tlsserver\", else ordered again at once"),
                of(
                        program,
                        "marks before PEM and JSON",
                        mark("live/shop.example.org/fullchain.pem", "live/www.example.org/privkey.pem", shop)));
    }

    private static Stream<Peculiar> ofModMd() {
        Program program = Program.MOD_MD;
        String shop = "domains/shop.example.org/";
        return Stream.of(
                of(
                                program,
                                "a certificate that is not to be renewed",
                                Damaged.replace(shop + "md.json", "\"renew-mode\": 2", "\"renew-mode\": 0"),
                                "domains/shop.example.org is left out: mod_md does not renew it (MDRenewMode manual)")
                        .leaving(WWW),
                of(
                        program,
                        "an account that md.json does not name",
                        Damaged.replace(shop + "md.json", "\"account\"", "\"other\"")),
                of(
                        program,
                        "two kinds of keys",
                        at -> {
                            KeyPair key = KeyType.EC256.generate(new SecureRandom());
                            Instant now = Instant.now();
                            var certificate = SelfSignedCertificate.create(
                                    key, List.of(SHOP), now.minusSeconds(60), now.plusSeconds(86_400));
                            Damaged.write(shop + "privkey.p-256.pem", Pem.write(key.getPrivate()))
                                    .to(at);
                            Damaged.write(shop + "pubcert.p-256.pem", Pem.write(List.of(certificate)))
                                    .to(at);
                        },
                        "domains/shop.example.org has certificates for 2 kinds of keys",
                        "takes over the ec256",
                        "shop.example.org, www.example.org: renewed when due if [acme] has directory"),
                of(
                        program,
                        "a domain for dns-01",
                        Damaged.replace(shop + "md.json", "\"http-01\"", "\"dns-01\""),
                        "shop.example.org: mod_md had it validated by dns-01"),
                of(
                        program,
                        "no port 80",
                        Damaged.write("httpd.json", "{\"proto\":{\"http\":false,\"https\":true}}"),
                        "www.example.org: mod_md had it validated by tls-alpn-01, since Apache does not listen on port 80"));
    }

    private static Damage mark(String... files) {
        return at -> {
            for (String file : files) {
                Damaged.write(file, MARK + Files.readString(at.resolve(file))).to(at);
            }
        };
    }
}
