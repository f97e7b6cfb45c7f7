package org.ringcert.daemon.moving;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.pki.Pem;

/**
 * An installation of dehydrated. Its folder is that of {@code config}, or {@code BASEDIR}: a Debian package parts the two.
 * {@code accounts/} has a folder for each CA, named by the base64url of its directory's URL; {@code certs/} one for each line of {@code domains.txt}.
 */
final class Dehydrated {

    private static final String FINISH =
            "let dehydrated finish (`dehydrated --cron`), restore it from a backup, or take its line out of domains.txt";
    private static final String REGISTER =
            "let dehydrated finish its registration (`dehydrated --register --accept-terms`)";
    private static final String WRITE_PLAINLY =
            "write what it comes to, or name the folder of accounts/ and certs/ instead";

    private static final URI DEFAULT = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    /** The CAs that {@code CA} may name by a word, as far as Ringcert knows them. */
    private static final Map<String, URI> PRESETS = Map.of(
            "letsencrypt",
            DEFAULT,
            "letsencrypt-test",
            URI.create("https://acme-staging-v02.api.letsencrypt.org/directory"));

    private final Path folder;
    private final SourceFiles files;
    private final List<String> notes = new ArrayList<>();

    Dehydrated(Path folder, SourceFiles files) {
        this.folder = folder;
        this.files = files;
    }

    Installation read() throws SourceException {
        Path config = folder.resolve("config");
        Settings settings = Files.exists(config) ? settings(config) : new Settings(Map.of());
        Path base = place(settings, "BASEDIR", folder);
        Path accounts = place(settings, "ACCOUNTDIR", base.resolve("accounts"));
        Path certs = place(settings, "CERTDIR", base.resolve("certs"));
        if (!Files.isDirectory(accounts)) {
            throw SourceException.elsewhere(accounts + ": there is no such folder, so " + folder
                    + " is no installation of dehydrated; name the one that has its `config`, or accounts/ and certs/"
                    + " (on Debian /etc/dehydrated)");
        }
        Optional<OldAccount> account = account(settings.value("CA"), accounts);
        List<Holding> holdings = new ArrayList<>();
        wanted(place(settings, "DOMAINS_TXT", base.resolve("domains.txt")), certs)
                .forEach((name, site) ->
                        holding(certs.resolve(name), site, account).ifPresent(holdings::add));
        return new Installation(holdings, notes);
    }

    private Settings settings(Path config) {
        Settings main = files.read(config, Settings::ofShell, WRITE_PLAINLY).orElseGet(() -> new Settings(Map.of()));
        Settings all = main;
        for (Path more : main.value("CONFIG_D").map(Path::of).map(files::list).orElseGet(List::of)) {
            if (more.toString().endsWith(".sh")) {
                all = all.under(
                        files.read(more, Settings::ofShell, WRITE_PLAINLY).orElse(main));
            }
        }
        return all;
    }

    private Path place(Settings settings, String name, Path otherwise) {
        Optional<String> written = settings.value(name)
                .map(value -> value.replaceFirst(
                        "^\\$(BASEDIR\\b|\\{BASEDIR})",
                        Matcher.quoteReplacement(settings.value("BASEDIR").orElse(folder.toString()))));
        if (written.filter(value -> value.matches(".*[$`].*")).isPresent()) {
            files.problem(folder.resolve("config"), name + " is computed by the shell", WRITE_PLAINLY);
            return otherwise;
        }
        return written.map(folder::resolve).orElse(otherwise);
    }

    /** The account at the CA that the configuration names; where it names none, the only one, or that at dehydrated's default. */
    private Optional<OldAccount> account(Optional<String> named, Path accounts) {
        Map<URI, Path> known = new TreeMap<>();
        for (Path each : files.list(accounts)) {
            directory(each).ifPresent(url -> known.put(url, each));
        }
        URI directory = named.flatMap(ca -> Optional.ofNullable(PRESETS.get(ca)).or(() -> SourceFiles.url(ca)))
                .orElseGet(() -> known.size() == 1 ? known.keySet().iterator().next() : DEFAULT);
        Path chosen = known.get(directory);
        if (chosen == null) {
            files.problem(
                    accounts,
                    "there is no account at " + directory + " in it"
                            + (known.isEmpty() ? "" : ", but at " + known.keySet()),
                    known.size() > 1 ? "write the CA that is meant into dehydrated's config (CA=)" : REGISTER);
            return Optional.empty();
        }
        if (Files.exists(chosen.resolve("deactivated"))) {
            files.problem(chosen, "this account was deactivated", "make another by `dehydrated --register`");
            return Optional.empty();
        }
        Optional<URI> url =
                files.read(chosen.resolve("account_id.json"), json -> SourceFiles.url(json, "url"), REGISTER);
        Optional<KeyPair> key = files.read(chosen.resolve("account_key.pem"), Pem::wholePair, REGISTER);
        return url.flatMap(at -> key.map(pair -> new OldAccount(directory, at, chosen, pair)));
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

    /** The names of folders below {@code certs/} and the sites that they are for; empty where the certificate is to tell. */
    private Map<String, Optional<Site>> wanted(Path domains, Path certs) {
        List<String> there = files.list(certs).stream()
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
        Map<String, Optional<Site>> wanted = new TreeMap<>();
        if (!Files.exists(domains)) {
            there.forEach(name -> wanted.put(name, Optional.empty()));
            return wanted;
        }
        List<String> lines =
                files.read(domains, text -> text.lines().toList(), FINISH).orElseGet(List::of);
        List<String> listed = new ArrayList<>();
        for (String line : lines) {
            String[] parts = line.strip().toLowerCase(Locale.ROOT).split("\\s*>\\s*", 2);
            if (!parts[0].isEmpty() && !parts[0].startsWith("#")) {
                List<String> names = List.of(parts[0].split("\\s+"));
                String alias = parts.length > 1 ? parts[1] : names.getFirst();
                listed.add(alias);
                site(names, domains).ifPresent(site -> wanted.put(alias, Optional.of(site)));
            }
        }
        there.stream()
                .filter(name -> !listed.contains(name))
                .forEach(name -> notes.add(certs.resolve(name) + " is left out: " + domains + " does not list it"));
        return wanted;
    }

    private Optional<Site> site(List<String> names, Path domains) {
        try {
            return Optional.of(
                    new Site(names.stream().map(HostName::of).distinct().toList()));
        } catch (IllegalArgumentException e) {
            notes.add(names.getFirst() + " is left out (" + domains + "): " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Holding> holding(Path place, Optional<Site> site, Optional<OldAccount> account) {
        Optional<SourceFiles.Pair> pair =
                files.pair(place.resolve("fullchain.pem"), place.resolve("privkey.pem"), FINISH);
        if (pair.isEmpty() || account.isEmpty()) {
            return Optional.empty();
        }
        return site.or(() -> CertifiedSite.of(pair.get().leaf(), place, notes))
                .map(of -> new Holding(of, place, pair.get().key(), pair.get().chain(), account.get()));
    }
}
