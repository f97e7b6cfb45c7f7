package org.ringcert.daemon.migration;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.Site;
import org.ringcert.pki.KeyType;
import tools.jackson.databind.JsonNode;

/**
 * The store of Apache's mod_md, as its version 2 writes it (its md_store_fs.c). {@code domains/NAME/} has what Apache
 * serves: {@code md.json}, and for each kind of key {@code privkey*.pem} and {@code pubcert*.pem}.
 * {@code staging/NAME/} has what is renewed already and waits for a reload of Apache. {@code accounts/ID/} has
 * {@code account.json} and {@code account.pem}, which is encrypted by the key in {@code md_store.json}.
 */
final class ModMd {

    private static final String RELOAD = "reload Apache (`systemctl reload apache2`)";
    private static final String RENEW =
            "let mod_md renew it, or remove this folder if Apache has no MDomain for it any more";
    private static final String RESTORE = "restore it from a backup, or " + FoundAccount.DO_WITHOUT;
    private static final String MAKE_ANOTHER = "let mod_md make another by a renewal, or " + FoundAccount.DO_WITHOUT;
    private static final int MANUAL = 0;
    private static final int AUTO = 1;

    private final Path folder;
    private final SourceFiles files;
    private final boolean withAccounts;
    private final KeyType wanted;
    private final List<String> notes = new ArrayList<>();

    /** @param wanted the kind of key that is taken of several */
    ModMd(Path folder, SourceFiles files, boolean withAccounts, KeyType wanted) {
        this.folder = folder;
        this.files = files;
        this.withAccounts = withAccounts;
        this.wanted = wanted;
    }

    Installation read() throws SourceException {
        Path central = folder.resolve("md_store.json");
        if (!files.isThere(central)) {
            throw files.notFound(central + ": there is no such file, so " + folder
                    + " is no installation of mod_md; name its MDStoreDir, which has accounts/ and domains/"
                    + " (on Debian /etc/apache2/md)");
        }
        Optional<byte[]> passphrase = withAccounts ? files.read(central, ModMd::passphrase, RESTORE) : Optional.empty();
        boolean answersPort80 = !Files.exists(folder.resolve("httpd.json"))
                || files.read(folder.resolve("httpd.json"), SourceFiles::object, RELOAD)
                        .filter(json -> !json.path("proto").path("http").asBoolean(true))
                        .isEmpty();
        List<FoundCertificate> holdings = new ArrayList<>();
        for (String name : names()) {
            Path place = folder.resolve("domains").resolve(name);
            boolean isWaiting = isWaiting(name);
            boolean isFirst = pubcerts(place).isEmpty() && isWaiting;
            if (!isFirst && (!withAccounts || passphrase.isPresent())) {
                holding(place, passphrase, answersPort80).ifPresent(holdings::add);
            }
        }
        return new Installation(holdings, notes);
    }

    private static byte[] passphrase(String json) {
        String key = SourceFiles.object(json)
                .path("key")
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException("there is no key in it"));
        try {
            return Base64.getUrlDecoder().decode(key);
        } catch (IllegalArgumentException e) {
            // without its cause, which may quote the key
            throw new IllegalArgumentException("its \"key\" is no base64url");
        }
    }

    private List<String> names() {
        return Stream.of("domains", "staging")
                .flatMap(group -> files.list(folder.resolve(group)).stream())
                .filter(Files::isDirectory)
                .map(place -> String.valueOf(place.getFileName()))
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * A renewed certificate is there that Apache does not serve yet. That is a problem: the next reload would take it
     * from under Ringcert's eyes.
     */
    private boolean isWaiting(String name) {
        Path staged = folder.resolve("staging").resolve(name);
        Path job = staged.resolve("job.json");
        boolean isWaiting = Files.exists(job)
                && files.read(job, SourceFiles::object, RELOAD)
                        .filter(json -> json.path("finished").asBoolean(false))
                        .isPresent()
                && !pubcerts(staged).isEmpty();
        if (isWaiting) {
            files.problem(
                    staged,
                    "a new certificate waits there, which Apache does not serve yet",
                    RELOAD + ", then run this again");
        }
        return isWaiting;
    }

    private List<Path> pubcerts(Path place) {
        return files.list(place).stream()
                .filter(file -> String.valueOf(file.getFileName()).matches("pubcert(\\..+)?\\.pem"))
                .toList();
    }

    private Optional<FoundCertificate> holding(Path place, Optional<byte[]> passphrase, boolean answersPort80) {
        Optional<JsonNode> read = files.read(place.resolve("md.json"), SourceFiles::object, RENEW);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        JsonNode md = read.get();
        if (md.path("renew-mode").asInt(AUTO) == MANUAL) {
            notes.add(place + " is left out: mod_md does not renew it ("
                    + (md.path("cert-files").isEmpty() ? "MDRenewMode manual" : "MDCertificateFile") + ")");
            return Optional.empty();
        }
        Optional<Site> site = CertifiedSite.of(texts(md.path("domains")), place.toString(), Program.MOD_MD, files);
        Optional<FoundAccount> account = passphrase.flatMap(by -> account(md.path("ca"), place, by));
        Optional<URI> directory = withAccounts ? account.map(FoundAccount::directory) : directory(md.path("ca"), place);
        Optional<SourceFiles.Pair> pair = pair(place);
        return site.flatMap(of -> directory.flatMap(
                ca -> pair.map(with -> new FoundCertificate(of, place, with, ca, account, habits(md, answersPort80)))));
    }

    /**
     * The CA that mod_md orders from, which it writes as {@code url} (md_to_json of its md_core.c); where it has not
     * chosen one yet, the first that is configured.
     */
    private Optional<URI> directory(JsonNode ca, Path place) {
        Optional<URI> directory = ca.path("url")
                .stringValueOpt()
                .or(() -> ca.path("urls").path(0).stringValueOpt())
                .flatMap(SourceFiles::url);
        if (directory.isEmpty()) {
            files.problem(place, "its md.json has no URL of a CA", RENEW);
        }
        return directory;
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream()
                .flatMap(value -> value.stringValueOpt().stream())
                .toList();
    }

    /** Of several keys the one of the wanted kind, else the shortest of the best kind. */
    private Optional<SourceFiles.Pair> pair(Path place) {
        List<Path> pubcerts = pubcerts(place);
        if (pubcerts.isEmpty() && !files.mayNotRead(place)) {
            files.problem(place, "mod_md has no certificate for it yet", RENEW);
        }
        List<SourceFiles.Pair> pairs = pubcerts.stream()
                .flatMap(pubcert -> files.pair(pubcert, place.resolve(privkey(pubcert)), RENEW).stream())
                .sorted(Comparator.comparingInt(this::rank))
                .toList();
        if (pairs.size() > 1) {
            notes.add(place + " has certificates for " + pairs.size()
                    + " kinds of keys. Ringcert has one for each site, and takes over the "
                    + kind(pairs.getFirst()).map(KeyType::label).orElse("first"));
        }
        return pairs.stream().findFirst();
    }

    private static String privkey(Path pubcert) {
        return String.valueOf(pubcert.getFileName()).replaceFirst("^pubcert", "privkey");
    }

    private int rank(SourceFiles.Pair pair) {
        List<KeyType> kinds =
                Stream.concat(Stream.of(wanted), Stream.of(KeyType.values())).toList();
        return kind(pair).map(kinds::indexOf).orElse(kinds.size());
    }

    private static Optional<KeyType> kind(SourceFiles.Pair pair) {
        return KeyType.of(pair.leaf().getPublicKey());
    }

    /** The account that is named; else, as mod_md does, one that is valid at the same CA. */
    private Optional<FoundAccount> account(JsonNode ca, Path place, byte[] passphrase) {
        Optional<String> named =
                ca.path("account").stringValueOpt().filter(id -> id.matches("[A-Za-z0-9][A-Za-z0-9.:_-]*"));
        String url = ca.path("url").stringValueOpt().orElse("");
        Optional<Path> chosen = named.map(folder.resolve("accounts")::resolve)
                .or(() -> files.list(folder.resolve("accounts")).stream()
                        .filter(each -> files.read(each.resolve("account.json"), SourceFiles::object, RESTORE)
                                .filter(json -> isValid(json)
                                        && json.path("ca-url").stringValueOpt().equals(Optional.of(url)))
                                .isPresent())
                        .findFirst());
        if (chosen.isEmpty()) {
            if (!files.mayNotRead(folder.resolve("accounts"))) {
                files.problem(
                        place, "its md.json names no account, and there is none at its CA (" + url + ")", MAKE_ANOTHER);
            }
            return Optional.empty();
        }
        return account(chosen.get(), passphrase);
    }

    private Optional<FoundAccount> account(Path at, byte[] passphrase) {
        Optional<JsonNode> json = files.read(
                at.resolve("account.json"),
                text -> {
                    JsonNode read = SourceFiles.object(text);
                    if (!isValid(read)) {
                        throw new IllegalArgumentException("this account is not valid any more");
                    }
                    return read;
                },
                MAKE_ANOTHER);
        Optional<URI> url =
                json.flatMap(read -> SourceFiles.url(read.path("url").asString("")));
        Optional<URI> directory =
                json.flatMap(read -> SourceFiles.url(read.path("ca-url").asString("")));
        if (json.isPresent() && (url.isEmpty() || directory.isEmpty())) {
            files.problem(at.resolve("account.json"), "it has no URL of an account and its CA", RESTORE);
        }
        Optional<KeyPair> key =
                files.read(at.resolve("account.pem"), text -> EncryptedKey.wholePair(text, passphrase), RESTORE);
        return url.flatMap(of -> directory.flatMap(ca -> key.map(pair -> new FoundAccount(ca, of, at, pair))));
    }

    private static boolean isValid(JsonNode account) {
        return account.path("status").asString("valid").equals("valid");
    }

    private static FormerSettings habits(JsonNode md, boolean answersPort80) {
        List<String> challenges = texts(md.path("ca").path("challenges"));
        Optional<String> others = challenges.isEmpty() || challenges.contains("http-01")
                ? Optional.empty()
                : Optional.of(String.join(", ", challenges));
        return new FormerSettings(
                answersPort80 ? others : Optional.of("tls-alpn-01, as Apache does not listen at port 80"),
                List.of(),
                false,
                md.path("must-staple").asBoolean(false),
                md.path("profile").stringValueOpt());
    }
}
