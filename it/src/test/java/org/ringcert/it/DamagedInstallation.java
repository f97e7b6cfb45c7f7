package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.migration.Program;
import org.ringcert.demo.ChildProcess;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSignedCertificate;

/**
 * An installation with a fault.
 *
 * @param what the fault, for the test's name
 * @param damage makes the fault in a good installation
 * @param messages parts of the output that report it
 * @param takenOver the sites that are still taken over
 */
record DamagedInstallation(
        Program program, String what, Damage damage, List<String> messages, List<HostName> takenOver) {

    /** A change to an installation. */
    interface Damage {
        void applyTo(Path installation) throws Exception;
    }

    private static DamagedInstallation of(Program program, String what, Damage damage, String... messages) {
        return new DamagedInstallation(program, what, damage, List.of(messages), List.of());
    }

    private DamagedInstallation takingOver(String... sites) {
        return new DamagedInstallation(
                program,
                what,
                damage,
                messages,
                Stream.of(sites).map(HostName::new).toList());
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** Returns all faults that are tested. */
    static Stream<DamagedInstallation> all() {
        Program dehydrated = Program.DEHYDRATED;
        Program certbot = Program.CERTBOT;
        Program modMd = Program.MOD_MD;
        String www = "www.example.org";
        return Stream.of(
                of(
                                dehydrated,
                                "an encrypted key",
                                encrypt("certs/shop/privkey.pem", "pkey"),
                                "certs/shop/privkey.pem: its private key is encrypted; decrypt it")
                        .takingOver("www.example.org"),
                of(
                                dehydrated,
                                "an encrypted key in the older form",
                                encrypt("certs/www.example.org/privkey.pem", "ec"),
                                "certs/www.example.org/privkey.pem: its private key is encrypted; decrypt it")
                        .takingOver("shop.example.org"),
                of(
                                dehydrated,
                                "a damaged key",
                                halve("certs/www.example.org/privkey.pem"),
                                "certs/www.example.org/privkey.pem: its last PEM block has no end")
                        .takingOver("shop.example.org"),
                of(
                                dehydrated,
                                "links of which only one was switched",
                                copyOver("certs/shop/privkey.pem", "certs/www.example.org/privkey.pem"),
                                "certs/www.example.org/privkey.pem: the key does not belong to the certificate beside it")
                        .takingOver("shop.example.org"),
                of(
                                dehydrated,
                                "an order that was not finished",
                                remove("certs/shop/fullchain.pem"),
                                "certs/shop/fullchain.pem: this file is missing; let dehydrated finish (`dehydrated --cron`)")
                        .takingOver("www.example.org"),
                of(
                                dehydrated,
                                "a site that was never ordered",
                                write("domains.txt", "www.example.org example.org\nblog.example.org\n"),
                                "certs/blog.example.org/fullchain.pem: this file is missing")
                        .takingOver("www.example.org"),
                of(
                        dehydrated,
                        "an account that was never registered",
                        ofAccount(DamagedInstallation::remove, "account_id.json"),
                        "account_id.json: this file is missing; let dehydrated finish its registration"),
                of(
                        dehydrated,
                        "a damaged account key",
                        ofAccount(DamagedInstallation::halve, "account_key.pem"),
                        "account_key.pem: its last PEM block has no end"),
                of(
                        dehydrated,
                        "no account at the configured CA",
                        write("config", "CA=letsencrypt # the real one\n"),
                        "there is no account at https://acme-v02.api.letsencrypt.org/directory in it, but at [https://"),
                of(
                        dehydrated,
                        "a setting that only a shell can compute",
                        write("config", "CERTDIR=\"$(pwd)/certs\"\n"),
                        "config: CERTDIR is computed by the shell"),
                of(
                        dehydrated,
                        "a folder that depends on an `if`",
                        append(
                                "config",
                                "if [ -d /nowhere ]; then\n  CERTDIR=/nowhere\nelse CERTDIR=${BASEDIR}/certs; fi\n"),
                        "config: CERTDIR is computed by the shell (",
                        "config, line 8); write its value"),
                of(
                        dehydrated,
                        "a folder that another file may set",
                        at -> {
                            write("more", "CERTDIR=/nowhere\n").applyTo(at);
                            append("config", "[ -n \"$X\" ] && . " + at + "/more\n")
                                    .applyTo(at);
                        },
                        "config: CERTDIR is computed by the shell (",
                        "/more, line 1)"),
                of(
                        dehydrated,
                        "settings that come from a command",
                        append("config", "eval \"$(cat /nowhere)\"\n"),
                        "config: CERTDIR is computed by the shell (",
                        "config, line 6)"),
                of(
                                dehydrated,
                                "an expired certificate",
                                expire("certs/" + www),
                                "certs/www.example.org/fullchain.pem: the certificate has expired, at 2020-03-01T00:00:00Z")
                        .takingOver("shop.example.org"),
                of(
                        dehydrated,
                        "two faults",
                        at -> {
                            Path chain = at.resolve("certs/shop/fullchain.pem");
                            String whole = Files.readString(chain);
                            Files.writeString(chain, whole.substring(0, whole.lastIndexOf("-----END") - 1));
                            remove("certs/www.example.org/privkey.pem").applyTo(at);
                        },
                        "certs/shop/fullchain.pem: its last PEM block has no end",
                        "certs/www.example.org/privkey.pem: this file is missing"),
                of(
                                certbot,
                                "an encrypted key",
                                encrypt("live/www.example.org/privkey.pem", "pkey"),
                                "live/www.example.org/privkey.pem: its private key is encrypted; decrypt it")
                        .takingOver("shop.example.org"),
                of(
                        certbot,
                        "a damaged account key",
                        ofAccount(DamagedInstallation::halve, "private_key.json"),
                        "private_key.json: it is not a JSON object"),
                of(
                        certbot,
                        "an account key of another kind",
                        ofAccount(file -> write(file, "{\"kty\":\"oct\",\"k\":\"AAAA\"}"), "private_key.json"),
                        "private_key.json: its key is damaged, or neither"),
                of(
                        certbot,
                        "no account",
                        ofAccount(DamagedInstallation::remove, "regr.json"),
                        "regr.json: this file is missing; restore it from a backup"),
                of(
                                certbot,
                                "a renewal file cut off by a full disk",
                                write("renewal/shop.example.org.conf", ""),
                                "renewal/shop.example.org.conf: it has no URL of a CA",
                                "certbot delete --cert-name shop.example.org")
                        .takingOver("www.example.org"),
                of(
                                certbot,
                                "a missing certificate",
                                remove("live/shop.example.org/fullchain.pem"),
                                "live/shop.example.org/fullchain.pem: this file is missing")
                        .takingOver("www.example.org"),
                of(
                                certbot,
                                "an expired certificate",
                                expire("live/" + www),
                                "live/www.example.org/fullchain.pem: the certificate has expired")
                        .takingOver("shop.example.org"),
                of(
                        modMd,
                        "a store without its key",
                        write("md_store.json", "{}"),
                        "md_store.json: it has no \"key\"; restore it from a backup"),
                of(
                        modMd,
                        "the key of another store",
                        write("md_store.json", "{\"key\":\"" + "A".repeat(64) + "\"}"),
                        "account.pem: it is damaged, or not encrypted with the key of this store"),
                of(
                        modMd,
                        "a deactivated account",
                        ofAccount(file -> replace(file, "\"valid\"", "\"deactivated\""), "account.json"),
                        "account.json: this account is no longer valid"),
                of(
                                modMd,
                                "a file cut off by a full disk",
                                halve("domains/shop.example.org/md.json"),
                                "domains/shop.example.org/md.json: it is not a JSON object")
                        .takingOver("www.example.org"),
                of(
                                modMd,
                                "a missing certificate",
                                remove("domains/shop.example.org/pubcert.pem"),
                                "domains/shop.example.org: mod_md has no certificate for it yet; let mod_md renew it")
                        .takingOver("www.example.org"),
                of(
                                modMd,
                                "a renewed certificate that Apache does not serve yet",
                                at -> {
                                    Installations.copy(
                                            at.resolve("domains/shop.example.org"),
                                            at.resolve("staging/shop.example.org"));
                                    write("staging/shop.example.org/job.json", "{\"finished\": true}")
                                            .applyTo(at);
                                },
                                "staging/shop.example.org: a new certificate waits there that Apache does not serve yet; reload Apache")
                        .takingOver("shop.example.org", "www.example.org"),
                of(
                                modMd,
                                "its first certificate, which Apache does not serve yet",
                                at -> {
                                    Files.move(
                                            at.resolve("domains/shop.example.org"),
                                            at.resolve("staging/shop.example.org"));
                                    write("staging/shop.example.org/job.json", "{\"finished\": true}")
                                            .applyTo(at);
                                },
                                "staging/shop.example.org: a new certificate waits there")
                        .takingOver("www.example.org"));
    }

    static void openSsl(Path log, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        ChildProcess process = ChildProcess.start("openssl", command, Map.of(), log);
        assertThat(process.awaitExit(Testbed.TIMEOUT)).as(process.output()).isZero();
    }

    private static Damage encrypt(String key, String opensslCommand) {
        return at -> {
            Path encrypted = at.resolve("encrypted");
            openSsl(
                    at.resolve("openssl.log"),
                    opensslCommand,
                    "-in",
                    at.resolve(key),
                    "-aes128",
                    "-passout",
                    "pass:secret",
                    "-out",
                    encrypted);
            Files.move(encrypted, at.resolve(key), StandardCopyOption.REPLACE_EXISTING);
        };
    }

    static Damage write(String file, String content) {
        return at -> Files.writeString(at.resolve(file), content);
    }

    static Damage append(String file, String content) {
        return at -> Files.writeString(at.resolve(file), content, StandardOpenOption.APPEND);
    }

    static Damage replace(String file, String old, String replacement) {
        return at -> {
            String content = Files.readString(at.resolve(file));
            String changed = content.replace(old, replacement);
            assertThat(changed).as(content).isNotEqualTo(content);
            Files.writeString(at.resolve(file), changed);
        };
    }

    static Damage remove(String file) {
        return at -> Files.delete(at.resolve(file));
    }

    private static Damage halve(String file) {
        return at -> {
            String text = Files.readString(at.resolve(file));
            Files.writeString(at.resolve(file), text.substring(0, text.length() / 2));
        };
    }

    private static Damage copyOver(String from, String to) {
        return at -> Files.writeString(at.resolve(to), Files.readString(at.resolve(from)));
    }

    private static Damage expire(String folder) {
        return at -> {
            KeyPair key = Pem.keyPairFromPrivateKey(Files.readString(at.resolve(folder + "/privkey.pem")));
            Instant end = Instant.parse("2020-03-01T00:00:00Z");
            Files.writeString(
                    at.resolve(folder + "/fullchain.pem"),
                    Pem.write(List.of(SelfSignedCertificate.create(
                            key, List.of(new HostName("www.example.org")), end.minus(Duration.ofDays(90)), end))));
        };
    }

    /** Damages the account's file of that name, in whichever folder it is. */
    static Damage ofAccount(Function<String, Damage> damage, String file) {
        return at -> {
            try (Stream<Path> files = Files.walk(at.resolve("accounts"))) {
                Path found =
                        files.filter(path -> path.endsWith(file)).findFirst().orElseThrow();
                damage.apply(at.relativize(found).toString()).applyTo(at);
            }
        };
    }
}
