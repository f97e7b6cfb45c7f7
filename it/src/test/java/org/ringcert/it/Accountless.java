package org.ringcert.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.daemon.migration.Program;
import org.ringcert.it.Damaged.Damage;

/**
 * An installation whose certificates are good, and whose account alone is in the way.
 *
 * @param says what has to be said about it when the account is to be taken over, too
 * @param directory of the CA that the certificates are from by what is left; empty where it is as before
 */
record Accountless(Program program, String what, Damage damage, String says, Optional<String> directory) {

    private static Accountless of(Program program, String what, Damage damage, String says) {
        return new Accountless(program, what, damage, says, Optional.empty());
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** All that is tried. */
    static Stream<Accountless> all() {
        Program dehydrated = Program.DEHYDRATED;
        Program certbot = Program.CERTBOT;
        Program modMd = Program.MOD_MD;
        Damage noAccounts = at -> removeAll(at.resolve("accounts"));
        return Stream.of(
                of(certbot, "no accounts", noAccounts, "regr.json: this file is missing; restore it from a backup, or"),
                of(
                        certbot,
                        "no registration",
                        Damaged.ofAccount(Damaged::remove, "regr.json"),
                        "regr.json: this file is missing; restore it from a backup, or"),
                of(
                        certbot,
                        "a damaged registration",
                        Damaged.ofAccount(file -> Damaged.write(file, "{\"uri\": 7"), "regr.json"),
                        "regr.json: it is not a JSON object; restore it from a backup, or"),
                of(
                        certbot,
                        "no account key, and a name with blanks",
                        at -> {
                            Files.move(
                                    at.resolve("renewal/shop.example.org.conf"), at.resolve("renewal/My Shop's.conf"));
                            Damaged.ofAccount(Damaged::remove, "private_key.json")
                                    .to(at);
                        },
                        "private_key.json: this file is missing; restore it from a backup, or"),
                of(
                        certbot,
                        "renewal files that name no account",
                        at -> {
                            for (Path file : list(at.resolve("renewal"))) {
                                Files.write(
                                        file,
                                        Files.readAllLines(file).stream()
                                                .filter(line -> !line.startsWith("account"))
                                                .toList());
                            }
                        },
                        "it names no account (`account`); restore it from a backup, or"),
                of(dehydrated, "no accounts", noAccounts, "accounts: there is no account at https://"),
                of(
                        dehydrated,
                        "an empty folder of accounts",
                        at -> {
                            removeAll(at.resolve("accounts"));
                            Files.createDirectory(at.resolve("accounts"));
                        },
                        "in it; let dehydrated finish its registration (`dehydrated --register --accept-terms`), or"),
                of(
                        dehydrated,
                        "a deactivated account",
                        Damaged.ofAccount(
                                file -> Damaged.write(file.replace("account_id.json", "deactivated"), ""),
                                "account_id.json"),
                        "this account was deactivated; make another by `dehydrated --register`, or"),
                new Accountless(
                        dehydrated,
                        "another CA than the account's",
                        Damaged.append("config", "CA=letsencrypt\n"),
                        "there is no account at https://acme-v02.api.letsencrypt.org/directory in it, but at [https://",
                        Optional.of("https://acme-v02.api.letsencrypt.org/directory")),
                of(modMd, "no accounts", noAccounts, "account.json: this file is missing; let mod_md make another"),
                of(
                        modMd,
                        "a deactivated account",
                        Damaged.ofAccount(
                                file -> Damaged.replace(file, "\"valid\"", "\"deactivated\""), "account.json"),
                        "account.json: this account is no longer valid; let mod_md make another"),
                of(
                        modMd,
                        "a damaged key of the store",
                        Damaged.write("md_store.json", "{\"key\": \"Kv"),
                        "md_store.json: it is not a JSON object; restore it from a backup, or"),
                of(
                        modMd,
                        "a key of the store that is none",
                        Damaged.write("md_store.json", "{\"key\": \"?\"}"),
                        "md_store.json: its \"key\" is not base64url; restore it from a backup, or"),
                of(
                        modMd,
                        "MDomains that name no account",
                        at -> {
                            for (Path place : list(at.resolve("domains"))) {
                                String file = at.relativize(place) + "/md.json";
                                Damaged.replace(file, "\"account\"", "\"former\"")
                                        .to(at);
                            }
                            removeAll(at.resolve("accounts"));
                        },
                        "its md.json names no account, and there is none at its CA (https://"));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static void removeAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
