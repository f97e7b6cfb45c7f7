package org.ringcert.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.demo.ChildProcess;
import org.ringcert.daemon.moving.Program;
import org.ringcert.pki.Pem;
import org.ringcert.pki.SelfSigned;

/**
 * An installation with something wrong in it.
 *
 * @param says what has to be said about it
 */
record Damaged(Program program, String what, Damage damage, List<String> says) {

    /** What is done to an installation. */
    interface Damage {
        void to(Path installation) throws Exception;
    }

    private static Damaged of(Program program, String what, Damage damage, String... says) {
        return new Damaged(program, what, damage, List.of(says));
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** All that is tried. */
    static Stream<Damaged> all() {
        Program dehydrated = Program.DEHYDRATED;
        Program certbot = Program.CERTBOT;
        String www = "www.example.org";
        return Stream.of(
                of(
                        dehydrated,
                        "an encrypted key",
                        encrypt("certs/shop/privkey.pem", "pkey"),
                        "certs/shop/privkey.pem: its private key is encrypted; decrypt it"),
                of(
                        dehydrated,
                        "an encrypted key in the older form",
                        encrypt("certs/www.example.org/privkey.pem", "ec"),
                        "certs/www.example.org/privkey.pem: its private key is encrypted; decrypt it"),
                of(
                        dehydrated,
                        "a damaged key",
                        halve("certs/www.example.org/privkey.pem"),
                        "certs/www.example.org/privkey.pem: its last PEM block has no end"),
                of(
                        dehydrated,
                        "the links half switched",
                        copyOver("certs/shop/privkey.pem", "certs/www.example.org/privkey.pem"),
                        "certs/www.example.org/privkey.pem: the key is not that of the certificate beside it"),
                of(
                        dehydrated,
                        "an issuance that came to nothing",
                        remove("certs/shop/fullchain.pem"),
                        "certs/shop/fullchain.pem: this file is missing; let dehydrated finish (`dehydrated --cron`)"),
                of(
                        dehydrated,
                        "a site that was never ordered",
                        write("domains.txt", "www.example.org example.org\nblog.example.org\n"),
                        "certs/blog.example.org/fullchain.pem: this file is missing"),
                of(
                        dehydrated,
                        "an account that was never registered",
                        ofAccount(Damaged::remove, "account_id.json"),
                        "account_id.json: this file is missing; let dehydrated finish its registration"),
                of(
                        dehydrated,
                        "a damaged account key",
                        ofAccount(Damaged::halve, "account_key.pem"),
                        "account_key.pem: its last PEM block has no end"),
                of(
                        dehydrated,
                        "no account at the CA that is configured",
                        write("config", "CA=letsencrypt # the real one\n"),
                        "there is no account at https://acme-v02.api.letsencrypt.org/directory in it, but at [https://"),
                of(
                        dehydrated,
                        "a configuration that only a shell understands",
                        write("config", "CERTDIR=\"$(pwd)/certs\"\n"),
                        "config: CERTDIR is computed by the shell"),
                of(
                        dehydrated,
                        "an expired certificate",
                        expire("certs/" + www),
                        "certs/www.example.org/fullchain.pem: the certificate has expired, at 2020-03-01T00:00:00Z"),
                of(
                        dehydrated,
                        "two things wrong",
                        at -> {
                            Path chain = at.resolve("certs/shop/fullchain.pem");
                            String whole = Files.readString(chain);
                            Files.writeString(chain, whole.substring(0, whole.lastIndexOf("-----END") - 1));
                            remove("certs/www.example.org/privkey.pem").to(at);
                        },
                        "certs/shop/fullchain.pem: its last PEM block has no end",
                        "certs/www.example.org/privkey.pem: this file is missing"),
                of(
                        certbot,
                        "an encrypted key",
                        encrypt("live/www.example.org/privkey.pem", "pkey"),
                        "live/www.example.org/privkey.pem: its private key is encrypted; decrypt it"),
                of(
                        certbot,
                        "a damaged account key",
                        ofAccount(Damaged::halve, "private_key.json"),
                        "private_key.json: it is no JSON object"),
                of(
                        certbot,
                        "an account key of another kind",
                        ofAccount(file -> write(file, "{\"kty\":\"oct\",\"k\":\"AAAA\"}"), "private_key.json"),
                        "private_key.json: its key is damaged, or neither"),
                of(
                        certbot,
                        "no account",
                        ofAccount(Damaged::remove, "regr.json"),
                        "regr.json: this file is missing; restore it from a backup"),
                of(
                        certbot,
                        "a renewal file cut off by a full disk",
                        write("renewal/shop.example.org.conf", ""),
                        "renewal/shop.example.org.conf: there is no URL of a CA in it",
                        "certbot delete --cert-name shop.example.org"),
                of(
                        certbot,
                        "a certificate that is gone",
                        remove("live/shop.example.org/fullchain.pem"),
                        "live/shop.example.org/fullchain.pem: this file is missing"),
                of(
                        certbot,
                        "an expired certificate",
                        expire("live/" + www),
                        "live/www.example.org/fullchain.pem: the certificate has expired"));
    }

    static void openSsl(Path log, Object... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        Stream.of(arguments).map(String::valueOf).forEach(command::add);
        ChildProcess process = ChildProcess.start("openssl", command, Map.of(), log);
        assertThat(process.awaitExit(Lab.LONG)).as(process.output()).isZero();
    }

    private static Damage encrypt(String key, String how) {
        return at -> {
            Path encrypted = at.resolve("encrypted");
            openSsl(
                    at.resolve("openssl.log"),
                    how,
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

    private static Damage write(String file, String content) {
        return at -> Files.writeString(at.resolve(file), content);
    }

    private static Damage remove(String file) {
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

    private static Damage expire(String place) {
        return at -> {
            KeyPair key = Pem.wholePair(Files.readString(at.resolve(place + "/privkey.pem")));
            Instant end = Instant.parse("2020-03-01T00:00:00Z");
            Files.writeString(
                    at.resolve(place + "/fullchain.pem"),
                    Pem.write(List.of(SelfSigned.of(
                            key, List.of(new HostName("www.example.org")), end.minus(Duration.ofDays(90)), end))));
        };
    }

    /** To the account's file of that name, wherever it lies. */
    private static Damage ofAccount(Function<String, Damage> damage, String file) {
        return at -> {
            try (Stream<Path> files = Files.walk(at.resolve("accounts"))) {
                Path found =
                        files.filter(path -> path.endsWith(file)).findFirst().orElseThrow();
                damage.apply(at.relativize(found).toString()).to(at);
            }
        };
    }
}
