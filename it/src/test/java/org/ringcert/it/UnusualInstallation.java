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
import org.ringcert.it.DamagedInstallation.Damage;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * An installation without faults that is unlike most others.
 *
 * @param what the difference, for the test's name
 * @param change makes the difference in an ordinary installation
 * @param messages parts of the output that must appear
 * @param takenOver the sites that are taken over
 */
record UnusualInstallation(
        Program program, String what, Damage change, List<String> messages, List<HostName> takenOver) {

    /** Used where an installation has secrets. It must not appear in the output. */
    static final String SECRET = "s3cret";

    private static final HostName WWW = new HostName("www.example.org");
    private static final HostName SHOP = new HostName("shop.example.org");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private static UnusualInstallation of(Program program, String what, Damage change, String... messages) {
        return new UnusualInstallation(program, what, change, List.of(messages), List.of(WWW, SHOP));
    }

    private UnusualInstallation takingOver(HostName... sites) {
        return new UnusualInstallation(program, what, change, messages, List.of(sites));
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** Returns all installations that are tested. */
    static Stream<UnusualInstallation> all() {
        return Stream.of(ofDehydrated(), ofCertbot(), ofModMd()).flatMap(each -> each);
    }

    private static Stream<UnusualInstallation> ofDehydrated() {
        Program program = Program.DEHYDRATED;
        return Stream.of(
                of(program, "sites in domains.txt.d", at -> {
                    DamagedInstallation.write("domains.txt", "www.example.org example.org\n")
                            .applyTo(at);
                    Files.createDirectory(at.resolve("domains.txt.d"));
                    DamagedInstallation.write("domains.txt.d/a.txt", "shop.example.org > shop\n")
                            .applyTo(at);
                    DamagedInstallation.write("domains.txt.d/b.old", "blog.example.org\n")
                            .applyTo(at);
                }),
                of(
                        program,
                        "an alias between the names, in a file from Windows",
                        DamagedInstallation.write(
                                "domains.txt",
                                BYTE_ORDER_MARK
                                        + "WWW.example.org >www.example.org example.org\r\nshop.example.org>shop\r\n"),
                        "www.example.org: taken over from "),
                of(
                        program,
                        "an `if` that concerns other settings",
                        DamagedInstallation.append(
                                "config", "if [ -x /bin/true ]; then IP_VERSION=4; fi\ncheck() {\n  true\n}\n")),
                of(program, "variables of the administrator, and an included file", at -> {
                    Files.move(at.resolve("certs"), at.resolve("certificates"));
                    DamagedInstallation.write("more", "CERTDIR=\"${HERE}\"/'certificates' # not certs\n")
                            .applyTo(at);
                    DamagedInstallation.append("config", "HERE=$BASEDIR\n. \"$HERE\"/more\n")
                            .applyTo(at);
                }),
                of(program, "a setting on two lines", at -> {
                    Files.move(at.resolve("certs"), at.resolve("certificates"));
                    DamagedInstallation.append("config", "export CERTDIR=$BASEDIR/cert\\\nificates; true && true\n")
                            .applyTo(at);
                }),
                of(
                        program,
                        "dns-01 and a hook",
                        DamagedInstallation.append(
                                "config", "CHALLENGETYPE=dns-01\nHOOK=\"/etc/hook --token " + SECRET + "\"\n"),
                        "www.example.org: dehydrated had it validated by dns-01. Ringcert uses http-01",
                        "under www.example.org, example.org",
                        "shop.example.org: dehydrated had it validated by dns-01",
                        "Hooks of dehydrated are not taken over: HOOK in ",
                        "goes into [deploy] run"),
                of(
                        program,
                        "a certificate with settings of its own",
                        DamagedInstallation.append(
                                "certs/shop/config",
                                "CHALLENGETYPE=tls-alpn-01\nPRIVATE_KEY_RENEW=no\nOCSP_MUST_STAPLE=yes\n"),
                        "shop.example.org: dehydrated had it validated by tls-alpn-01",
                        "\nshop.example.org: dehydrated kept the key when it renewed",
                        "\nshop.example.org: Ringcert does not ask for \"must staple\""),
                of(
                        program,
                        "byte-order marks before PEM",
                        addByteOrderMark("certs/shop/privkey.pem", "certs/shop/fullchain.pem")));
    }

    private static Stream<UnusualInstallation> ofCertbot() {
        Program program = Program.CERTBOT;
        String shop = "renewal/shop.example.org.conf";
        return Stream.of(
                of(
                        program,
                        "a renewal file that is not named after its folder",
                        at -> {
                            Files.move(at.resolve("renewal/www.example.org.conf"), at.resolve("renewal/old.conf"));
                            Installations.copy(at.resolve("live/shop.example.org"), at.resolve("live/old"));
                        },
                        "live/old is left out: no file in "),
                of(
                                program,
                                "a certificate without a renewal file",
                                DamagedInstallation.remove(shop),
                                "live/shop.example.org is left out: no file in ",
                                "names it, so certbot does not renew it")
                        .takingOver(WWW),
                of(
                                program,
                                "a certificate that is not to be renewed",
                                DamagedInstallation.append(
                                        shop, "[[webroot_map]]\n[renewalparams]\nautorenew = False\n"),
                                "live/shop.example.org is left out: certbot does not renew it (autorenew = False in ")
                        .takingOver(WWW),
                of(
                        program,
                        "a plugin for dns-01",
                        DamagedInstallation.replace(shop, "authenticator = webroot", "authenticator = dns-cloudflare"),
                        "shop.example.org: certbot had it validated by \"dns-cloudflare\". Ringcert uses http-01"),
                of(
                        program,
                        "hooks of all kinds",
                        at -> {
                            DamagedInstallation.replace(
                                            shop,
                                            "authenticator = webroot",
                                            "authenticator = nginx\ninstaller = nginx\nreuse_key = True\nrenew_hook = \"mail "
                                                    + SECRET + "\"")
                                    .applyTo(at);
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
                        DamagedInstallation.replace(
                                shop,
                                "authenticator = webroot",
                                "authenticator = webroot\npreferred_profile = tlsserver"),
                        "shop.example.org: renewed when due if [acme] has directory",
                        "and key = \"rsa2048\" and profile = \"tlsserver\", else ordered again at once"),
                of(
                        program,
                        "byte-order marks before PEM and in a renewal file",
                        addByteOrderMark(
                                "live/shop.example.org/fullchain.pem", "live/www.example.org/privkey.pem", shop)));
    }

    private static Stream<UnusualInstallation> ofModMd() {
        Program program = Program.MOD_MD;
        String shop = "domains/shop.example.org/";
        return Stream.of(
                of(
                                program,
                                "a certificate that is not to be renewed",
                                DamagedInstallation.replace(shop + "md.json", "\"renew-mode\": 2", "\"renew-mode\": 0"),
                                "domains/shop.example.org is left out: mod_md does not renew it (MDRenewMode manual)")
                        .takingOver(WWW),
                of(
                        program,
                        "an account that md.json does not name",
                        DamagedInstallation.replace(shop + "md.json", "\"account\"", "\"other\"")),
                of(
                        program,
                        "two kinds of keys",
                        at -> {
                            KeyPair key = KeyType.EC256.generate(new SecureRandom());
                            Instant now = Instant.now();
                            var certificate = SelfSignedCertificate.create(
                                    key, List.of(SHOP), now.minusSeconds(60), now.plusSeconds(86_400));
                            DamagedInstallation.write(shop + "privkey.p-256.pem", Pem.write(key.getPrivate()))
                                    .applyTo(at);
                            DamagedInstallation.write(shop + "pubcert.p-256.pem", Pem.write(List.of(certificate)))
                                    .applyTo(at);
                        },
                        "shop.example.org: taken over from ",
                        "domains/shop.example.org (ec256), good until ",
                        "shop.example.org+rsa: taken over from ",
                        "domains/shop.example.org (rsa2048), good until ",
                        " and keys = [\"ec256\", \"rsa2048\"], else ordered again at once"),
                of(
                        program,
                        "a domain for dns-01",
                        DamagedInstallation.replace(shop + "md.json", "\"http-01\"", "\"dns-01\""),
                        "shop.example.org: mod_md had it validated by dns-01"),
                of(
                        program,
                        "no port 80",
                        DamagedInstallation.write("httpd.json", "{\"proto\":{\"http\":false,\"https\":true}}"),
                        "www.example.org: mod_md had it validated by tls-alpn-01, since Apache does not listen on port 80"));
    }

    private static Damage addByteOrderMark(String... files) {
        return at -> {
            for (String file : files) {
                DamagedInstallation.write(file, BYTE_ORDER_MARK + Files.readString(at.resolve(file)))
                        .applyTo(at);
            }
        };
    }
}
