package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.Site;
import tools.jackson.databind.JsonNode;

/**
 * The store of Apache's mod_md, as version 2 writes it (its md_store_fs.c). {@code domains/NAME/} has what Apache
 * serves: {@code md.json}, and {@code privkey*.pem} and {@code pubcert*.pem} for each kind of key.
 * {@code staging/NAME/} has renewed certificates that wait for a reload of Apache. {@code accounts/ID/} has
 * {@code account.json} and {@code account.pem}, which is encrypted with the key in {@code md_store.json}.
 */
final class ModMd {

    private static final String RELOAD = "reload Apache (`systemctl reload apache2`)";
    private static final String RENEW =
            "let mod_md renew it, or remove this folder if Apache has no MDomain for it any more";
    private static final String RESTORE = "restore it from a backup, or " + FoundAccount.DO_WITHOUT;
    private static final String MAKE_ANOTHER =
            "let mod_md make another at its next renewal, or " + FoundAccount.DO_WITHOUT;
    private static final int RENEW_MODE_MANUAL = 0;
    private static final int RENEW_MODE_AUTO = 1;

    private final Path folder;
    private final InstallationFiles files;
    private final ImportScope scope;
    private final List<String> notes = new ArrayList<>();

    ModMd(Path folder, InstallationFiles files, ImportScope scope) {
        this.folder = folder;
        this.files = files;
        this.scope = scope;
    }

    Installation read() throws MigrationException {
        Path storeFile = folder.resolve("md_store.json");
        if (!files.exists(storeFile)) {
            throw files.notFound(storeFile + ": there is no such file, so " + folder
                    + " is no installation of mod_md; name its MDStoreDir, which has accounts/ and domains/"
                    + " (on Debian /etc/apache2/md)");
        }
        Optional<byte[]> passphrase =
                scope.includesAccounts() ? files.read(storeFile, ModMd::passphrase, RESTORE) : Optional.empty();
        boolean listensOnPort80 = listensOnPort80();
        List<FoundCertificate> certificates = new ArrayList<>();
        for (String name : domainNames()) {
            Path domain = folder.resolve("domains").resolve(name);
            boolean waitsForReload = waitsForReload(name);
            boolean hasNoOther = pubcerts(domain).isEmpty() && waitsForReload;
            if (!hasNoOther && (!scope.includesAccounts() || passphrase.isPresent())) {
                certificates.addAll(readCertificates(domain, passphrase, listensOnPort80));
            }
        }
        return new Installation(certificates, notes);
    }

    private boolean listensOnPort80() {
        Path httpd = folder.resolve("httpd.json");
        return !Files.exists(httpd)
                || files.read(httpd, InstallationFiles::jsonObject, RELOAD)
                        .filter(json -> !json.path("proto").path("http").asBoolean(true))
                        .isEmpty();
    }

    private static byte[] passphrase(String json) {
        String key = InstallationFiles.jsonObject(json)
                .path("key")
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException("it has no \"key\""));
        try {
            return Base64.getUrlDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            // Without its cause, which may quote the key.
            throw new IllegalArgumentException("its \"key\" is not base64url");
        }
    }

    private List<String> domainNames() {
        return Stream.of("domains", "staging")
                .flatMap(group -> files.list(folder.resolve(group)).stream())
                .filter(Files::isDirectory)
                .map(domain -> String.valueOf(domain.getFileName()))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * Returns true if a renewed certificate waits for Apache's next reload. Adds a problem: the reload would move it
     * while Ringcert works with the old one.
     */
    private boolean waitsForReload(String name) {
        Path staged = folder.resolve("staging").resolve(name);
        Path job = staged.resolve("job.json");
        boolean isFinished = Files.exists(job)
                && files.read(job, InstallationFiles::jsonObject, RELOAD)
                        .filter(json -> json.path("finished").asBoolean(false))
                        .isPresent()
                && !pubcerts(staged).isEmpty();
        if (isFinished) {
            files.addProblem(
                    staged,
                    "a new certificate waits there that Apache does not serve yet",
                    RELOAD + ", then run this again");
        }
        return isFinished;
    }

    private List<Path> pubcerts(Path domain) {
        return files.list(domain).stream()
                .filter(file -> String.valueOf(file.getFileName()).matches("pubcert(\\..+)?\\.pem"))
                .toList();
    }

    /** Returns one certificate for each kind of key in {@code MDPrivateKeys}. */
    private List<FoundCertificate> readCertificates(Path domain, Optional<byte[]> passphrase, boolean listensOnPort80) {
        Optional<JsonNode> parsed = files.read(domain.resolve("md.json"), InstallationFiles::jsonObject, RENEW);
        if (parsed.isEmpty()) {
            return List.of();
        }
        JsonNode md = parsed.get();
        if (md.path("renew-mode").asInt(RENEW_MODE_AUTO) == RENEW_MODE_MANUAL) {
            notes.add(domain + " is left out: mod_md does not renew it ("
                    + (md.path("cert-files").isEmpty() ? "MDRenewMode manual" : "MDCertificateFile") + ")");
            return List.of();
        }
        Optional<Site> site = SiteNaming.of(strings(md.path("domains")), domain.toString(), Program.MOD_MD, files);
        Optional<FoundAccount> account = passphrase.flatMap(bytes -> findAccount(md.path("ca"), domain, bytes));
        Optional<URI> directory =
                scope.includesAccounts() ? account.map(FoundAccount::directory) : directory(md.path("ca"), domain);
        List<CertifiedKey> certifiedKeys = certifiedKeys(domain);
        if (site.isEmpty() || directory.isEmpty()) {
            return List.of();
        }
        return certifiedKeys.stream()
                .map(key -> new FoundCertificate(
                        site.get(), domain, key, directory.get(), account, formerSettings(md, listensOnPort80)))
                .toList();
    }

    /**
     * Returns the CA that mod_md orders from, which it writes as {@code url} (md_to_json of its md_core.c). If it has
     * not chosen one yet, returns the first one that is configured.
     */
    private Optional<URI> directory(JsonNode ca, Path domain) {
        Optional<URI> directory = ca.path("url")
                .stringValueOpt()
                .or(() -> ca.path("urls").path(0).stringValueOpt())
                .flatMap(InstallationFiles::url);
        if (directory.isEmpty()) {
            files.addProblem(domain, "its md.json has no URL of a CA", RENEW);
        }
        return directory;
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream()
                .flatMap(value -> value.stringValueOpt().stream())
                .toList();
    }

    /**
     * Returns the certificates and keys. Their files are named after the curve ({@code pubcert.p-256.pem}, as
     * MDPrivateKeys has it, in lower case), without one for RSA (pk_filename of mod_md's md_store.c).
     */
    private List<CertifiedKey> certifiedKeys(Path domain) {
        List<Path> pubcerts = pubcerts(domain);
        if (pubcerts.isEmpty() && !files.isDenied(domain)) {
            files.addProblem(domain, "mod_md has no certificate for it yet", RENEW);
        }
        return pubcerts.stream()
                .flatMap(pubcert -> files.readCertifiedKey(pubcert, domain.resolve(privkey(pubcert)), RENEW).stream())
                .toList();
    }

    private static String privkey(Path pubcert) {
        return String.valueOf(pubcert.getFileName()).replaceFirst("^pubcert", "privkey");
    }

    /** Reads the account that md.json names. If it names none, chooses a valid one at the same CA, as mod_md does. */
    private Optional<FoundAccount> findAccount(JsonNode ca, Path domain, byte[] passphrase) {
        Optional<String> named =
                ca.path("account").stringValueOpt().filter(id -> id.matches("[A-Za-z0-9][A-Za-z0-9.:_-]*"));
        String url = ca.path("url").stringValueOpt().orElse("");
        Path accounts = folder.resolve("accounts");
        Optional<Path> accountFolder = named.map(accounts::resolve)
                .or(() -> files.list(accounts).stream()
                        .filter(each -> files.read(each.resolve("account.json"), InstallationFiles::jsonObject, RESTORE)
                                .filter(json -> isValid(json)
                                        && json.path("ca-url").stringValueOpt().equals(Optional.of(url)))
                                .isPresent())
                        .findFirst());
        if (accountFolder.isEmpty()) {
            if (!files.isDenied(accounts)) {
                files.addProblem(
                        domain,
                        "its md.json names no account, and there is none at its CA (" + url + ")",
                        MAKE_ANOTHER);
            }
            return Optional.empty();
        }
        return readAccount(accountFolder.get(), passphrase);
    }

    private Optional<FoundAccount> readAccount(Path accountFolder, byte[] passphrase) {
        Optional<JsonNode> json = files.read(
                accountFolder.resolve("account.json"),
                text -> {
                    JsonNode account = InstallationFiles.jsonObject(text);
                    if (!isValid(account)) {
                        throw new IllegalArgumentException("this account is no longer valid");
                    }
                    return account;
                },
                MAKE_ANOTHER);
        Optional<URI> url = json.flatMap(
                account -> InstallationFiles.url(account.path("url").asString("")));
        Optional<URI> directory = json.flatMap(
                account -> InstallationFiles.url(account.path("ca-url").asString("")));
        if (json.isPresent() && (url.isEmpty() || directory.isEmpty())) {
            files.addProblem(
                    accountFolder.resolve("account.json"), "it lacks the URL of the account or of its CA", RESTORE);
        }
        Optional<KeyPair> key =
                files.read(accountFolder.resolve("account.pem"), text -> EncryptedKey.read(text, passphrase), RESTORE);
        return url.flatMap(accountUrl ->
                directory.flatMap(caUrl -> key.map(pair -> new FoundAccount(caUrl, accountUrl, accountFolder, pair))));
    }

    private static boolean isValid(JsonNode account) {
        return account.path("status").asString("valid").equals("valid");
    }

    private static FormerSettings formerSettings(JsonNode md, boolean listensOnPort80) {
        List<String> challenges = strings(md.path("ca").path("challenges"));
        Optional<String> validation = challenges.isEmpty() || challenges.contains("http-01")
                ? Optional.empty()
                : Optional.of(String.join(", ", challenges));
        return new FormerSettings(
                listensOnPort80 ? validation : Optional.of("tls-alpn-01, since Apache does not listen on port 80"),
                List.of(),
                false,
                md.path("must-staple").asBoolean(false),
                md.path("profile").stringValueOpt());
    }
}
