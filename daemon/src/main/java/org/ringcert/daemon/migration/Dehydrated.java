package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.migration.ShellSettings.Value;
import org.ringcert.pki.Pem;

/**
 * An installation of dehydrated. Its folder is that of {@code config}, or {@code BASEDIR}: a Debian package parts the
 * two. {@code accounts/} has a folder for each CA, named by the base64url of its directory's URL; {@code certs/} one
 * for each line of {@code domains.txt}.
 */
final class Dehydrated {

    private static final String FINISH =
            "let dehydrated finish (`dehydrated --cron`), restore it from a backup, or take its line out of domains.txt";
    private static final String REGISTER =
            "let dehydrated finish its registration (`dehydrated --register --accept-terms`), or "
                    + FoundAccount.DO_WITHOUT;
    private static final String WRITE_PLAINLY =
            "write what it comes to, in a line of its own, or name the folder of accounts/ and certs/ instead";

    private static final URI DEFAULT = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    /**
     * The CAs that {@code CA} may name by a word (load_config of dehydrated 0.7.3). {@code CA_WORD} is a variable, too.
     */
    private static final Map<String, String> PRESETS = Map.of(
            "letsencrypt", DEFAULT.toString(),
            "letsencrypt-test", "https://acme-staging-v02.api.letsencrypt.org/directory",
            "zerossl", "https://acme.zerossl.com/v2/DV90",
            "buypass", "https://api.buypass.com/acme/directory",
            "buypass-test", "https://api.test4.buypass.no/acme/directory",
            "google", "https://dv.acme-v02.api.pki.goog/directory",
            "google-test", "https://dv.acme-v02.test-api.pki.goog/directory");

    private final Path folder;
    private final Path config;
    private final SourceFiles files;
    private final boolean withAccounts;
    private final ShellSettings settings;
    private final List<String> notes = new ArrayList<>();

    Dehydrated(Path folder, SourceFiles files, boolean withAccounts) {
        this.folder = folder;
        this.config = folder.resolve("config");
        this.files = files;
        this.withAccounts = withAccounts;
        Map<String, String> presets = new HashMap<>();
        presets.put("BASEDIR", folder.toString());
        PRESETS.forEach(
                (word, url) -> presets.put("CA_" + word.replace('-', '_').toUpperCase(Locale.ROOT), url));
        this.settings = new ShellSettings(this::text, presets);
    }

    Installation read() throws SourceException {
        readConfiguration();
        Path base = place("BASEDIR", folder);
        Path accounts = place("ACCOUNTDIR", base.resolve("accounts"));
        Optional<String> ca = text("CA");
        if (files.problems().isEmpty() && !files.isThere(accounts) && !files.isThere(config)) {
            throw files.notFound(accounts + ": there is no such folder, and no file " + config + ", so " + folder
                    + " is no installation of dehydrated; name the one that has its `config`, or accounts/ and certs/"
                    + " (on Debian /etc/dehydrated)");
        }
        Map<URI, Path> known = known(accounts);
        Optional<URI> directory = directory(ca, known.keySet());
        Optional<FoundAccount> account =
                withAccounts ? directory.flatMap(at -> account(at, accounts, known)) : Optional.empty();
        directory
                .map(known::get)
                .map(at -> at.resolve("config"))
                .ifPresent(own -> text(own).ifPresent(text -> settings.read(own, text)));
        Path certs = place("CERTDIR", base.resolve("certs"));
        Path domains = place("DOMAINS_TXT", base.resolve("domains.txt"));
        Optional<Path> ownSettings = text("DOMAINS_D").map(folder::resolve);
        if (!files.problems().isEmpty()) {
            // whatever would be read now might be another's
            throw SourceException.unusable(String.join("\n", files.problems()));
        }
        List<FoundCertificate> holdings = new ArrayList<>();
        wanted(domains, certs).forEach((name, site) -> {
            Path own = ownSettings
                    .map(at -> at.resolve(name))
                    .orElse(certs.resolve(name).resolve("config"));
            holding(certs.resolve(name), site, directory.orElseThrow(), account, habits(own))
                    .ifPresent(holdings::add);
        });
        return new Installation(holdings, notes);
    }

    private Optional<String> text(Path file) {
        return files.isThere(file) ? files.read(file, text -> text, WRITE_PLAINLY) : Optional.empty();
    }

    private void readConfiguration() {
        text(config).ifPresent(text -> settings.read(config, text));
        Optional<Path> more = text("CONFIG_D").map(folder::resolve);
        if (more.isPresent() && !files.isThere(more.get()) && !files.mayNotRead(more.get())) {
            files.problem(config, "there is no folder " + more.get() + " (CONFIG_D)", "correct it");
        }
        more.map(files::list).orElseGet(List::of).stream()
                .filter(file -> file.toString().endsWith(".sh"))
                .forEach(file -> text(file).ifPresent(text -> settings.read(file, text)));
    }

    /** What the variable holds; a problem is noted where only the shell can tell. */
    private Optional<String> text(String name) {
        return switch (settings.value(name)) {
            case Value.Known(String text) -> Optional.of(text);
            case Value.Unset() -> Optional.empty();
            case Value.Computed(String where) -> {
                files.problem(config, name + " is computed by the shell (" + where + ")", WRITE_PLAINLY);
                yield Optional.empty();
            }
        };
    }

    private Path place(String name, Path otherwise) {
        return text(name).map(folder::resolve).orElse(otherwise);
    }

    /** The folders of accounts by their CAs. */
    private Map<URI, Path> known(Path accounts) {
        Map<URI, Path> known = new TreeMap<>();
        List<Path> folders = withAccounts || Files.isReadable(accounts) ? files.list(accounts) : List.of();
        for (Path each : folders) {
            directory(each).ifPresent(url -> known.put(url, each));
        }
        return known;
    }

    /** The CA that the configuration names; where it names none, that of the only account, or dehydrated's default. */
    private Optional<URI> directory(Optional<String> named, Set<URI> known) {
        Optional<URI> directory = named.flatMap(ca -> SourceFiles.url(PRESETS.getOrDefault(ca, ca)))
                .or(() -> known.stream().findFirst().filter(_ -> known.size() == 1))
                .or(() -> Optional.of(DEFAULT).filter(_ -> named.isEmpty()));
        if (directory.isEmpty()) {
            files.problem(config, "CA is no URL of a CA, nor a name of one that Ringcert knows", "write its URL there");
        }
        return directory;
    }

    private Optional<FoundAccount> account(URI directory, Path accounts, Map<URI, Path> known) {
        Path chosen = known.get(directory);
        if (chosen == null) {
            if (files.mayNotRead(accounts) || files.mayNotRead(folder)) {
                return Optional.empty();
            }
            files.problem(
                    accounts,
                    "there is no account at " + directory + " in it"
                            + (known.isEmpty() ? "" : ", but at " + known.keySet()),
                    known.size() > 1
                            ? "write the CA that is meant into dehydrated's config (CA=), or " + FoundAccount.DO_WITHOUT
                            : REGISTER);
            return Optional.empty();
        }
        if (Files.exists(chosen.resolve("deactivated"))) {
            files.problem(
                    chosen,
                    "this account was deactivated",
                    "make another by `dehydrated --register`, or " + FoundAccount.DO_WITHOUT);
            return Optional.empty();
        }
        Optional<URI> url =
                files.read(chosen.resolve("account_id.json"), json -> SourceFiles.url(json, "url"), REGISTER);
        Optional<KeyPair> key = files.read(chosen.resolve("account_key.pem"), Pem::keyPairFromPrivateKey, REGISTER);
        return url.flatMap(at -> key.map(pair -> new FoundAccount(directory, at, chosen, pair)));
    }

    private static Optional<URI> directory(Path account) {
        try {
            byte[] url = Base64.getUrlDecoder().decode(String.valueOf(account.getFileName()));
            return SourceFiles.url(new String(url, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // some other folder
            return Optional.empty();
        }
    }

    /**
     * The names of folders below {@code certs/} and the sites that they are for; empty where the certificate is to
     * tell.
     */
    private Map<String, Optional<Site>> wanted(Path domains, Path certs) {
        List<String> there = files.list(certs).stream()
                .filter(Files::isDirectory)
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
        Map<String, Optional<Site>> wanted = new TreeMap<>();
        Optional<Map<String, DomainsTxt.Line>> lines = DomainsTxt.read(domains, files);
        if (lines.isEmpty()) {
            there.forEach(name -> wanted.put(name, Optional.empty()));
            return wanted;
        }
        lines.get()
                .forEach((name, line) -> CertifiedSite.of(line.names(), line.place(), Program.DEHYDRATED, files)
                        .ifPresent(site -> wanted.put(name, Optional.of(site))));
        there.stream()
                .filter(name -> !lines.get().containsKey(name))
                .forEach(name -> notes.add(certs.resolve(name) + " is left out: " + domains + " does not list it"));
        return wanted;
    }

    private Optional<FoundCertificate> holding(
            Path place, Optional<Site> site, URI directory, Optional<FoundAccount> account, FormerSettings habits) {
        return files.pair(place.resolve("fullchain.pem"), place.resolve("privkey.pem"), FINISH)
                .flatMap(pair -> site.or(() -> CertifiedSite.of(pair.leaf(), place, Program.DEHYDRATED, files))
                        .map(of -> new FoundCertificate(of, place, pair, directory, account, habits)));
    }

    /**
     * By the configuration and a file for that certificate alone. What the shell computes there has no part in what is
     * taken over.
     */
    private FormerSettings habits(Path own) {
        ShellSettings all = settings.copy();
        text(own).ifPresent(text -> all.read(own, text));
        return new FormerSettings(
                switch (all.value("CHALLENGETYPE")) {
                    case Value.Unset() -> Optional.empty();
                    case Value.Known(String type) -> Optional.of(type).filter(known -> !known.equals("http-01"));
                    case Value.Computed(String where) ->
                        Optional.of("what the shell computes (CHALLENGETYPE, " + where + ")");
                },
                all.value("HOOK") instanceof Value.Unset()
                        ? List.of()
                        : List.of("HOOK in " + (all.value("HOOK").equals(settings.value("HOOK")) ? config : own)),
                all.known("PRIVATE_KEY_RENEW").filter("no"::equals).isPresent(),
                all.known("OCSP_MUST_STAPLE").filter("yes"::equals).isPresent(),
                all.known("ACME_PROFILE"));
    }
}
