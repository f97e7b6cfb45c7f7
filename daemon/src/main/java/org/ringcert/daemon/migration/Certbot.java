package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * An installation of certbot. Each certificate that certbot renews has a file {@code renewal/NAME.conf}, which names
 * the certificate's files, its CA and its account. The account is below {@code accounts/}, in folders named after the
 * parts of its CA's URL.
 */
final class Certbot {

    private static final String RENEWAL = "`certbot renew --force-renewal`";
    private static final String RESTORE_ACCOUNT = "restore it from a backup, or " + FoundAccount.DO_WITHOUT;
    private static final String SUFFIX = ".conf";
    private static final Path LIVE = Path.of("live");

    /** certbot itself replaces the older URL by this one (its renewal.py, constants.V1_URI). */
    static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    private static final URI FORMER_LETS_ENCRYPT = URI.create("https://acme-v01.api.letsencrypt.org/directory");

    /** The authenticators that use http-01 unless they are told otherwise. */
    private static final Set<String> HTTP_AUTHENTICATORS = Set.of("webroot", "standalone", "nginx", "apache");

    private static final List<String> HOOKS = List.of("pre_hook", "post_hook", "renew_hook", "deploy_hook");

    private final Path folder;
    private final InstallationFiles files;
    private final ImportScope scope;
    private final Set<Path> renewedFolders = new HashSet<>();
    private final List<String> notes = new ArrayList<>();

    Certbot(Path folder, InstallationFiles files, ImportScope scope) {
        this.folder = folder;
        this.files = files;
        this.scope = scope;
    }

    Installation read() throws MigrationException {
        Path renewal = folder.resolve("renewal");
        if (!files.exists(renewal)) {
            throw files.notFound(renewal + ": there is no such folder, so " + folder
                    + " is no installation of certbot; name the one that has accounts/, live/ and renewal/"
                    + " (usually /etc/letsencrypt)");
        }
        List<String> commonHooks = files.list(folder.resolve("renewal-hooks")).stream()
                .flatMap(kind -> files.list(kind).stream())
                .filter(Files::isExecutable)
                .map(String::valueOf)
                .toList();
        List<FoundCertificate> certificates = new ArrayList<>();
        for (Path file : files.list(renewal)) {
            if (String.valueOf(file.getFileName()).endsWith(SUFFIX)) {
                readCertificate(file, commonHooks).ifPresent(certificates::add);
            }
        }
        files.list(folder.resolve(LIVE)).stream()
                .filter(live -> Files.isDirectory(live) && !renewedFolders.contains(live))
                .forEach(live -> notes.add(
                        live + " is left out: no file in " + renewal + " names it, so certbot does not renew it"));
        return new Installation(certificates, notes);
    }

    private Optional<FoundCertificate> readCertificate(Path renewal, List<String> commonHooks) {
        String name = String.valueOf(renewal.getFileName());
        String remedy = "let certbot finish it (" + RENEWAL + "), or delete it by `certbot delete --cert-name "
                + shellQuoted(name.substring(0, name.length() - SUFFIX.length())) + "`";
        Optional<Lineage> parsed = files.read(renewal, text -> Lineage.parse(text, folder), remedy);
        if (parsed.isEmpty()) {
            return Optional.empty();
        }
        Lineage lineage = parsed.get();
        renewedFolders.add(lineage.folder());
        if (!lineage.parameters().isTrueOrMissing("autorenew")) {
            notes.add(lineage.folder() + " is left out: certbot does not renew it (autorenew = False in " + renewal
                    + ")");
            return Optional.empty();
        }
        Optional<FoundAccount> account = scope.includesAccounts() ? readAccount(renewal, lineage) : Optional.empty();
        Optional<CertifiedKey> certifiedKey = files.readCertifiedKey(lineage.fullchain(), lineage.privkey(), remedy);
        if (certifiedKey.isEmpty() || (scope.includesAccounts() && account.isEmpty())) {
            return Optional.empty();
        }
        return SiteNaming.of(certifiedKey.get().leaf(), lineage.folder(), Program.CERTBOT, files)
                .map(site -> new FoundCertificate(
                        site,
                        lineage.folder(),
                        certifiedKey.get(),
                        lineage.server(),
                        account,
                        formerSettings(renewal, lineage.parameters(), commonHooks)));
    }

    /** Returns the name as one word for a shell: certbot's certificate names may contain blanks. */
    private static String shellQuoted(String name) {
        return name.matches("[A-Za-z0-9._-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** The content of a file in {@code renewal/}. */
    private record Lineage(Path fullchain, Path privkey, URI server, Optional<String> account, IniSection parameters) {

        static Lineage parse(String text, Path folder) {
            IniSection head = IniSection.beforeFirstHeading(text);
            IniSection parameters = IniSection.named("renewalparams", text);
            URI server = parameters
                    .value("server")
                    .flatMap(InstallationFiles::url)
                    .orElseThrow(() -> new IllegalArgumentException("it has no URL of a CA (`server`)"));
            Optional<String> account = parameters.value("account").filter(id -> id.matches("[A-Za-z0-9]{1,100}"));
            if (parameters.value("authenticator").isEmpty()) {
                throw new IllegalArgumentException("it has no `authenticator`, so certbot cannot renew it");
            }
            return new Lineage(
                    path(head, "fullchain", folder),
                    path(head, "privkey", folder),
                    server.equals(FORMER_LETS_ENCRYPT) ? LETS_ENCRYPT : server,
                    account,
                    parameters);
        }

        /**
         * Returns the path that the file names. In a copy of an installation, the file still names the original's path;
         * then returns the corresponding path in the copy.
         */
        private static Path path(IniSection head, String name, Path folder) {
            Path written = head.value(name)
                    .map(folder::resolve)
                    .map(Path::normalize)
                    .filter(path -> path.getNameCount() > 2)
                    .orElseThrow(() -> new IllegalArgumentException("it names no file (`" + name + "`)"));
            if (written.startsWith(folder)) {
                return written;
            }
            Path inThisFolder =
                    folder.resolve(LIVE).resolve(written.subpath(written.getNameCount() - 2, written.getNameCount()));
            return Files.isDirectory(inThisFolder.resolveSibling("")) || Files.notExists(written)
                    ? inThisFolder
                    : written;
        }

        Path folder() {
            return fullchain.resolveSibling("");
        }
    }

    private FormerSettings formerSettings(Path renewal, IniSection parameters, List<String> commonHooks) {
        List<String> ownHooks = parameters.presentAmong(HOOKS);
        String authenticator = parameters.value("authenticator").orElse("");
        String preferred = parameters.value("pref_challs").orElse("http");
        Optional<String> installer = parameters.value("installer");
        return new FormerSettings(
                HTTP_AUTHENTICATORS.contains(authenticator) && preferred.contains("http")
                        ? Optional.empty()
                        : Optional.of("\"" + authenticator + "\""
                                + (preferred.contains("http") ? "" : " (" + preferred.replace(",", "") + ")")),
                Stream.of(
                                ownHooks.stream().map(hook -> hook + " in " + renewal),
                                installer.stream().map(name -> "installer = " + name + " in " + renewal),
                                commonHooks.stream())
                        .flatMap(hooks -> hooks)
                        .toList(),
                parameters.isTrue("reuse_key"),
                parameters.isTrue("must_staple"),
                parameters.value("required_profile").or(() -> parameters.value("preferred_profile")));
    }

    private Optional<FoundAccount> readAccount(Path renewal, Lineage lineage) {
        if (lineage.account().isEmpty()) {
            files.addProblem(renewal, "it names no account (`account`)", RESTORE_ACCOUNT);
            return Optional.empty();
        }
        URI server = lineage.server();
        Path accountFolder = folder.resolve("accounts")
                .resolve(server.getRawAuthority() + server.getRawPath())
                .resolve(lineage.account().get());
        Optional<URI> url = files.read(
                accountFolder.resolve("regr.json"), json -> InstallationFiles.urlField(json, "uri"), RESTORE_ACCOUNT);
        Optional<KeyPair> key =
                files.read(accountFolder.resolve("private_key.json"), PrivateJwk::parse, RESTORE_ACCOUNT);
        return url.flatMap(accountUrl -> key.map(pair -> new FoundAccount(server, accountUrl, accountFolder, pair)));
    }
}
