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
import org.ringcert.daemon.migration.DomainsTxt.DomainsLine;
import org.ringcert.daemon.migration.ShellSettings.Value;
import org.ringcert.pki.Pem;

/**
 * An installation of dehydrated. Its folder is the one with {@code config}, or {@code BASEDIR}; Debian's package has
 * two different ones. {@code accounts/} has a folder for each CA, named by the base64url of its directory's URL.
 * {@code certs/} has a folder for each line of {@code domains.txt}.
 */
final class Dehydrated {

    private static final String FINISH =
            "let dehydrated finish (`dehydrated --cron`), restore it from a backup, or remove its line from domains.txt";
    private static final String REGISTER =
            "let dehydrated finish its registration (`dehydrated --register --accept-terms`), or "
                    + FoundAccount.DO_WITHOUT;
    private static final String WRITE_PLAINLY =
            "write its value in a line of its own, or name the folder of accounts/ and certs/ instead";

    private static final URI DEFAULT_CA = Certbot.LETS_ENCRYPT;

    /**
     * The CAs that {@code CA} may name by a word (load_config of dehydrated 0.7.3). Each is also in a variable
     * {@code CA_WORD}.
     */
    private static final Map<String, String> PRESETS = Map.of(
            "letsencrypt", DEFAULT_CA.toString(),
            "letsencrypt-test", "https://acme-staging-v02.api.letsencrypt.org/directory",
            "zerossl", "https://acme.zerossl.com/v2/DV90",
            "buypass", "https://api.buypass.com/acme/directory",
            "buypass-test", "https://api.test4.buypass.no/acme/directory",
            "google", "https://dv.acme-v02.api.pki.goog/directory",
            "google-test", "https://dv.acme-v02.test-api.pki.goog/directory");

    private final Path folder;
    private final Path config;
    private final InstallationFiles files;
    private final ImportScope scope;
    private final ShellSettings settings;
    private final List<String> notes = new ArrayList<>();

    Dehydrated(Path folder, InstallationFiles files, ImportScope scope) {
        this.folder = folder;
        this.config = folder.resolve("config");
        this.files = files;
        this.scope = scope;
        Map<String, String> presets = new HashMap<>();
        presets.put("BASEDIR", folder.toString());
        PRESETS.forEach(
                (word, url) -> presets.put("CA_" + word.replace('-', '_').toUpperCase(Locale.ROOT), url));
        this.settings = new ShellSettings(this::readIfExists, presets);
    }

    Installation read() throws MigrationException {
        readConfiguration();
        Path base = path("BASEDIR", folder);
        Path accounts = path("ACCOUNTDIR", base.resolve("accounts"));
        Optional<String> ca = setting("CA");
        if (files.problems().isEmpty() && !files.exists(accounts) && !files.exists(config)) {
            throw files.notFound(accounts + ": there is no such folder, and no file " + config + ", so " + folder
                    + " is no installation of dehydrated; name the one that has its `config`, or accounts/ and certs/"
                    + " (on Debian /etc/dehydrated)");
        }
        Map<URI, Path> accountFolders = accountFolders(accounts);
        Optional<URI> directory = directory(ca, accountFolders.keySet());
        Optional<FoundAccount> account = scope.includesAccounts()
                ? directory.flatMap(url -> readAccount(url, accounts, accountFolders))
                : Optional.empty();
        directory
                .map(accountFolders::get)
                .map(accountFolder -> accountFolder.resolve("config"))
                .ifPresent(this::readSettings);
        Path certs = path("CERTDIR", base.resolve("certs"));
        Path domains = path("DOMAINS_TXT", base.resolve("domains.txt"));
        Optional<Path> certificateConfigs = setting("DOMAINS_D").map(folder::resolve);
        if (!files.problems().isEmpty()) {
            // With wrong settings, the files that would be read now might be the wrong ones.
            throw MigrationException.unusable(String.join("\n", files.problems()));
        }
        List<FoundCertificate> certificates = new ArrayList<>();
        sitesByFolder(domains, certs).forEach((name, site) -> {
            Path certificateConfig = certificateConfigs
                    .map(configs -> configs.resolve(name))
                    .orElse(certs.resolve(name).resolve("config"));
            FormerSettings former = formerSettings(certificateConfig);
            readCertificate(certs.resolve(name), site, directory.orElseThrow(), account, former)
                    .ifPresent(certificates::add);
        });
        return new Installation(certificates, notes);
    }

    private void readConfiguration() {
        readSettings(config);
        Optional<Path> configFolder = setting("CONFIG_D").map(folder::resolve);
        if (configFolder.isPresent() && !files.exists(configFolder.get()) && !files.isDenied(configFolder.get())) {
            files.addProblem(config, "there is no folder " + configFolder.get() + " (CONFIG_D)", "correct it");
        }
        configFolder.map(files::list).orElseGet(List::of).stream()
                .filter(file -> file.toString().endsWith(".sh"))
                .forEach(this::readSettings);
    }

    private void readSettings(Path file) {
        readIfExists(file).ifPresent(text -> settings.read(file, text));
    }

    private Optional<String> readIfExists(Path file) {
        return files.exists(file) ? files.read(file, text -> text, WRITE_PLAINLY) : Optional.empty();
    }

    /** Returns a variable's value. Returns nothing and adds a problem if only the shell can compute it. */
    private Optional<String> setting(String name) {
        return switch (settings.value(name)) {
            case Value.Known(String text) -> Optional.of(text);
            case Value.Unset() -> Optional.empty();
            case Value.Computed(String where) -> {
                files.addProblem(config, name + " is computed by the shell (" + where + ")", WRITE_PLAINLY);
                yield Optional.empty();
            }
        };
    }

    private Path path(String setting, Path defaultPath) {
        return setting(setting).map(folder::resolve).orElse(defaultPath);
    }

    /** Returns the folders of the accounts by the directory URLs of their CAs. */
    private Map<URI, Path> accountFolders(Path accounts) {
        Map<URI, Path> byDirectory = new TreeMap<>();
        List<Path> folders = scope.includesAccounts() || Files.isReadable(accounts) ? files.list(accounts) : List.of();
        for (Path accountFolder : folders) {
            decodeDirectory(accountFolder).ifPresent(url -> byDirectory.put(url, accountFolder));
        }
        return byDirectory;
    }

    private static Optional<URI> decodeDirectory(Path accountFolder) {
        try {
            byte[] url = Base64.getUrlDecoder().decode(String.valueOf(accountFolder.getFileName()));
            return InstallationFiles.url(new String(url, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            // Not the folder of an account.
            return Optional.empty();
        }
    }

    /**
     * Returns the CA that the configuration names. If it names none: that of the only account, or dehydrated's default.
     */
    private Optional<URI> directory(Optional<String> configured, Set<URI> ofAccounts) {
        Optional<URI> directory = configured
                .flatMap(ca -> InstallationFiles.url(PRESETS.getOrDefault(ca, ca)))
                .or(() -> ofAccounts.stream().findFirst().filter(_ -> ofAccounts.size() == 1))
                .or(() -> Optional.of(DEFAULT_CA).filter(_ -> configured.isEmpty()));
        if (directory.isEmpty()) {
            files.addProblem(
                    config, "CA is neither a URL nor the name of a CA that Ringcert knows", "write the CA's URL there");
        }
        return directory;
    }

    private Optional<FoundAccount> readAccount(URI directory, Path accounts, Map<URI, Path> accountFolders) {
        Path accountFolder = accountFolders.get(directory);
        if (accountFolder == null) {
            addMissingAccount(directory, accounts, accountFolders.keySet());
            return Optional.empty();
        }
        if (Files.exists(accountFolder.resolve("deactivated"))) {
            files.addProblem(
                    accountFolder,
                    "this account was deactivated",
                    "make another by `dehydrated --register`, or " + FoundAccount.DO_WITHOUT);
            return Optional.empty();
        }
        Optional<URI> url = files.read(
                accountFolder.resolve("account_id.json"), json -> InstallationFiles.urlField(json, "url"), REGISTER);
        Optional<KeyPair> key =
                files.read(accountFolder.resolve("account_key.pem"), Pem::keyPairFromPrivateKey, REGISTER);
        return url.flatMap(accountUrl -> key.map(pair -> new FoundAccount(directory, accountUrl, accountFolder, pair)));
    }

    private void addMissingAccount(URI directory, Path accounts, Set<URI> ofAccounts) {
        if (files.isDenied(accounts) || files.isDenied(folder)) {
            return;
        }
        files.addProblem(
                accounts,
                "there is no account at " + directory + " in it"
                        + (ofAccounts.isEmpty() ? "" : ", but at " + ofAccounts),
                ofAccounts.size() > 1
                        ? "write the right CA into dehydrated's config (CA=), or " + FoundAccount.DO_WITHOUT
                        : REGISTER);
    }

    /**
     * Returns the folders below {@code certs/} by name, each with the site that it is for. Without a
     * {@code domains.txt}, the sites are empty: they follow from the certificates.
     */
    private Map<String, Optional<Site>> sitesByFolder(Path domains, Path certs) {
        List<String> existing = files.list(certs).stream()
                .filter(Files::isDirectory)
                .map(path -> String.valueOf(path.getFileName()))
                .toList();
        Map<String, Optional<Site>> sites = new TreeMap<>();
        Optional<Map<String, DomainsLine>> lines = DomainsTxt.read(domains, files);
        if (lines.isEmpty()) {
            existing.forEach(name -> sites.put(name, Optional.empty()));
            return sites;
        }
        lines.get()
                .forEach((name, line) -> SiteNaming.of(line.names(), line.location(), Program.DEHYDRATED, files)
                        .ifPresent(site -> sites.put(name, Optional.of(site))));
        existing.stream()
                .filter(name -> !lines.get().containsKey(name))
                .forEach(name -> notes.add(certs.resolve(name) + " is left out: " + domains + " does not list it"));
        return sites;
    }

    private Optional<FoundCertificate> readCertificate(
            Path certificateFolder,
            Optional<Site> knownSite,
            URI directory,
            Optional<FoundAccount> account,
            FormerSettings former) {
        return files.readCertifiedKey(
                        certificateFolder.resolve("fullchain.pem"), certificateFolder.resolve("privkey.pem"), FINISH)
                .flatMap(certifiedKey -> knownSite
                        .or(() -> SiteNaming.of(certifiedKey.leaf(), certificateFolder, Program.DEHYDRATED, files))
                        .map(site -> new FoundCertificate(
                                site, certificateFolder, certifiedKey, directory, account, former)));
    }

    /**
     * Reads the settings of one certificate: those of the configuration, changed by the certificate's own file. What
     * only the shell can compute here is no problem, since nothing that is taken over depends on it.
     */
    private FormerSettings formerSettings(Path certificateConfig) {
        ShellSettings all = settings.copy();
        readIfExists(certificateConfig).ifPresent(text -> all.read(certificateConfig, text));
        Value hook = all.value("HOOK");
        return new FormerSettings(
                switch (all.value("CHALLENGETYPE")) {
                    case Value.Unset() -> Optional.empty();
                    case Value.Known(String type) -> Optional.of(type).filter(known -> !known.equals("http-01"));
                    case Value.Computed(String where) ->
                        Optional.of("what the shell computes (CHALLENGETYPE, " + where + ")");
                },
                hook instanceof Value.Unset()
                        ? List.of()
                        : List.of("HOOK in " + (hook.equals(settings.value("HOOK")) ? config : certificateConfig)),
                all.knownText("PRIVATE_KEY_RENEW").filter("no"::equals).isPresent(),
                all.knownText("OCSP_MUST_STAPLE").filter("yes"::equals).isPresent(),
                all.knownText("ACME_PROFILE"));
    }
}
