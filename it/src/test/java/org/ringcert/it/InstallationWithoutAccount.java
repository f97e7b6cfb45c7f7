package org.ringcert.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.daemon.migration.Program;
import org.ringcert.it.DamagedInstallation.Damage;

/**
 * An installation with good certificates, in which only the account is unusable.
 *
 * @param what the fault, for the test's name
 * @param damage makes the fault in a good installation
 * @param message part of the output when the account is to be taken over as well
 * @param directory the CA's directory that the damaged installation names; empty if it still names the test CA's
 */
record InstallationWithoutAccount(
        Program program, String what, Damage damage, String message, Optional<String> directory) {

    private static InstallationWithoutAccount of(Program program, String what, Damage damage, String message) {
        return new InstallationWithoutAccount(program, what, damage, message, Optional.empty());
    }

    @Override
    public String toString() {
        return program.label() + ", " + what;
    }

    /** Returns all installations that are tested. */
    static Stream<InstallationWithoutAccount> all() {
        Program dehydrated = Program.DEHYDRATED;
        Program certbot = Program.CERTBOT;
        Program modMd = Program.MOD_MD;
        Damage noAccounts = at -> removeAll(at.resolve("accounts"));
        return Stream.of(
                of(certbot, "no accounts", noAccounts, "regr.json: this file is missing; restore it from a backup, or"),
                of(
                        certbot,
                        "no registration",
                        DamagedInstallation.ofAccount(DamagedInstallation::remove, "regr.json"),
                        "regr.json: this file is missing; restore it from a backup, or"),
                of(
                        certbot,
                        "a damaged registration",
                        DamagedInstallation.ofAccount(
                                file -> DamagedInstallation.write(file, "{\"uri\": 7"), "regr.json"),
                        "regr.json: it is not a JSON object; restore it from a backup, or"),
                of(
                        certbot,
                        "no account key, and a name with blanks",
                        at -> {
                            Files.move(
                                    at.resolve("renewal/shop.example.org.conf"), at.resolve("renewal/My Shop's.conf"));
                            DamagedInstallation.ofAccount(DamagedInstallation::remove, "private_key.json")
                                    .applyTo(at);
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
                        DamagedInstallation.ofAccount(
                                file -> DamagedInstallation.write(file.replace("account_id.json", "deactivated"), ""),
                                "account_id.json"),
                        "this account was deactivated; make another by `dehydrated --register`, or"),
                new InstallationWithoutAccount(
                        dehydrated,
                        "another CA than the account's",
                        DamagedInstallation.append("config", "CA=letsencrypt\n"),
                        "there is no account at https://acme-v02.api.letsencrypt.org/directory in it, but at [https://",
                        Optional.of("https://acme-v02.api.letsencrypt.org/directory")),
                of(modMd, "no accounts", noAccounts, "account.json: this file is missing; let mod_md make another"),
                of(
                        modMd,
                        "a deactivated account",
                        DamagedInstallation.ofAccount(
                                file -> DamagedInstallation.replace(file, "\"valid\"", "\"deactivated\""),
                                "account.json"),
                        "account.json: this account is no longer valid; let mod_md make another"),
                of(
                        modMd,
                        "a damaged key of the store",
                        DamagedInstallation.write("md_store.json", "{\"key\": \"Kv"),
                        "md_store.json: it is not a JSON object; restore it from a backup, or"),
                of(
                        modMd,
                        "a key of the store that is not base64url",
                        DamagedInstallation.write("md_store.json", "{\"key\": \"?\"}"),
                        "md_store.json: its \"key\" is not base64url; restore it from a backup, or"),
                of(
                        modMd,
                        "MDomains that name no account",
                        at -> {
                            for (Path domain : list(at.resolve("domains"))) {
                                String file = at.relativize(domain) + "/md.json";
                                DamagedInstallation.replace(file, "\"account\"", "\"former\"")
                                        .applyTo(at);
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
