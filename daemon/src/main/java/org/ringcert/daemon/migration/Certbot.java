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
import org.ringcert.cluster.Site;

/**
 * An installation of certbot. A file {@code renewal/NAME.conf} makes a certificate certbot's; it names the
 * certificate's files, its CA and account. The account is below {@code accounts/}, in folders named by the parts of its
 * CA's URL.
 */
final class Certbot {

    private static final String RENEWAL = "`certbot renew --force-renewal`";
    private static final String RESTORE_ACCOUNT = "restore it from a backup, or " + FoundAccount.DO_WITHOUT;
    private static final String SUFFIX = ".conf";
    private static final Path LIVE = Path.of("live");

    /** certbot itself takes the second for the first (its renewal.py, constants.V1_URI). */
    private static final URI LETS_ENCRYPT = URI.create("https://acme-v02.api.letsencrypt.org/directory");

    private static final URI LETS_ENCRYPT_OF_OLD = URI.create("https://acme-v01.api.letsencrypt.org/directory");

    /** Those that answer http-01 unless told otherwise. */
    private static final Set<String> BY_HTTP = Set.of("webroot", "standalone", "nginx", "apache");

    private static final List<String> HOOKS = List.of("pre_hook", "post_hook", "renew_hook", "deploy_hook");

    private final Path folder;
    private final SourceFiles files;
    private final boolean withAccounts;
    private final Set<Path> listed = new HashSet<>();
    private final List<String> notes = new ArrayList<>();

    Certbot(Path folder, SourceFiles files, boolean withAccounts) {
        this.folder = folder;
        this.files = files;
        this.withAccounts = withAccounts;
    }

    Installation read() throws SourceException {
        Path renewal = folder.resolve("renewal");
        if (!files.isThere(renewal)) {
            throw files.notFound(renewal + ": there is no such folder, so " + folder
                    + " is no installation of certbot; name the one that has accounts/, live/ and renewal/"
                    + " (usually /etc/letsencrypt)");
        }
        List<String> commonHooks = files.list(folder.resolve("renewal-hooks")).stream()
                .flatMap(kind -> files.list(kind).stream())
                .filter(Files::isExecutable)
                .map(String::valueOf)
                .toList();
        List<FoundCertificate> holdings = new ArrayList<>();
        for (Path file : files.list(renewal)) {
            if (String.valueOf(file.getFileName()).endsWith(SUFFIX)) {
                holding(file, commonHooks).ifPresent(holdings::add);
            }
        }
        files.list(folder.resolve(LIVE)).stream()
                .filter(live -> Files.isDirectory(live) && !listed.contains(live))
                .forEach(live -> notes.add(
                        live + " is left out: no file in " + renewal + " leads to it, so certbot does not renew it"));
        return new Installation(holdings, notes);
    }

    private Optional<FoundCertificate> holding(Path renewal, List<String> commonHooks) {
        String name = String.valueOf(renewal.getFileName());
        String remedy = "let certbot finish it (" + RENEWAL + "), or give it up by `certbot delete --cert-name "
                + quoted(name.substring(0, name.length() - SUFFIX.length())) + "`";
        Optional<Lineage> read = files.read(renewal, text -> Lineage.of(text, folder), remedy);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        Lineage lineage = read.get();
        listed.add(lineage.place());
        if (!lineage.parameters().says("autorenew", true)) {
            notes.add(
                    lineage.place() + " is left out: certbot does not renew it (autorenew = False in " + renewal + ")");
            return Optional.empty();
        }
        Optional<FoundAccount> account = withAccounts ? account(renewal, lineage) : Optional.empty();
        Optional<SourceFiles.Pair> pair = files.pair(lineage.fullchain(), lineage.privkey(), remedy);
        if (pair.isEmpty() || (withAccounts && account.isEmpty())) {
            return Optional.empty();
        }
        Optional<Site> site = CertifiedSite.of(pair.get().leaf(), lineage.place(), Program.CERTBOT, files);
        return site.map(of -> new FoundCertificate(
                of,
                lineage.place(),
                pair.get(),
                lineage.server(),
                account,
                habits(renewal, lineage.parameters(), commonHooks)));
    }

    /** As a word for the shell: certbot's names of certificates may have blanks. */
    private static String quoted(String name) {
        return name.matches("[A-Za-z0-9._-]+") ? name : "'" + name.replace("'", "'\\''") + "'";
    }

    /** What is in a file of {@code renewal/}. */
    private record Lineage(Path fullchain, Path privkey, URI server, Optional<String> account, Settings parameters) {

        static Lineage of(String text, Path folder) {
            Settings head = Settings.ofHead(text);
            Settings parameters = Settings.ofSection(text, "renewalparams");
            URI server = parameters
                    .value("server")
                    .flatMap(SourceFiles::url)
                    .orElseThrow(() -> new IllegalArgumentException("there is no URL of a CA in it (`server`)"));
            Optional<String> account = parameters.value("account").filter(id -> id.matches("[A-Za-z0-9]{1,100}"));
            if (parameters.value("authenticator").isEmpty()) {
                throw new IllegalArgumentException("there is no `authenticator` in it, so certbot cannot renew it");
            }
            return new Lineage(
                    path(head, "fullchain", folder),
                    path(head, "privkey", folder),
                    server.equals(LETS_ENCRYPT_OF_OLD) ? LETS_ENCRYPT : server,
                    account,
                    parameters);
        }

        /**
         * As the file says. In a copy of an installation it still says where the first one lies: then what the copy
         * has.
         */
        private static Path path(Settings head, String name, Path folder) {
            Path written = head.value(name)
                    .map(folder::resolve)
                    .map(Path::normalize)
                    .filter(path -> path.getNameCount() > 2)
                    .orElseThrow(() -> new IllegalArgumentException("there is no file in it (`" + name + "`)"));
            if (written.startsWith(folder)) {
                return written;
            }
            Path own =
                    folder.resolve(LIVE).resolve(written.subpath(written.getNameCount() - 2, written.getNameCount()));
            return Files.isDirectory(own.resolveSibling("")) || Files.notExists(written) ? own : written;
        }

        Path place() {
            return fullchain.resolveSibling("");
        }
    }

    private FormerSettings habits(Path renewal, Settings parameters, List<String> commonHooks) {
        List<String> own = parameters.among(HOOKS);
        String authenticator = parameters.value("authenticator").orElse("");
        String preferred = parameters.value("pref_challs").orElse("http");
        Optional<String> installer = parameters.value("installer");
        return new FormerSettings(
                BY_HTTP.contains(authenticator) && preferred.contains("http")
                        ? Optional.empty()
                        : Optional.of("\"" + authenticator + "\""
                                + (preferred.contains("http") ? "" : " (" + preferred.replace(",", "") + ")")),
                Stream.of(
                                own.stream().map(hook -> hook + " in " + renewal),
                                installer.stream().map(name -> "installer = " + name + " in " + renewal),
                                commonHooks.stream())
                        .flatMap(hooks -> hooks)
                        .toList(),
                parameters.says("reuse_key", false),
                parameters.says("must_staple", false),
                parameters.value("required_profile").or(() -> parameters.value("preferred_profile")));
    }

    private Optional<FoundAccount> account(Path renewal, Lineage lineage) {
        if (lineage.account().isEmpty()) {
            files.problem(renewal, "there is no account in it (`account`)", RESTORE_ACCOUNT);
            return Optional.empty();
        }
        URI server = lineage.server();
        Path place = folder.resolve("accounts")
                .resolve(server.getRawAuthority() + server.getRawPath())
                .resolve(lineage.account().get());
        Optional<URI> url =
                files.read(place.resolve("regr.json"), json -> SourceFiles.url(json, "uri"), RESTORE_ACCOUNT);
        Optional<KeyPair> key = files.read(place.resolve("private_key.json"), PrivateJwk::keyPair, RESTORE_ACCOUNT);
        return url.flatMap(at -> key.map(pair -> new FoundAccount(server, at, place, pair)));
    }
}
