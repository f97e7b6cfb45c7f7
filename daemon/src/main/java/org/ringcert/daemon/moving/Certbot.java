package org.ringcert.daemon.moving;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.Site;

/**
 * An installation of certbot. A file {@code renewal/NAME.conf} makes a certificate certbot's; it names CA and account. The certificate is below {@code live/NAME/},
 * the account below {@code accounts/}, in folders named by the parts of its CA's URL.
 */
final class Certbot {

    private static final String RENEWAL = "`certbot renew --force-renewal`";
    private static final String SUFFIX = ".conf";

    private final Path folder;
    private final SourceFiles files;
    private final List<String> notes = new ArrayList<>();

    Certbot(Path folder, SourceFiles files) {
        this.folder = folder;
        this.files = files;
    }

    Installation read() throws SourceException {
        Path renewal = folder.resolve("renewal");
        if (!Files.isDirectory(renewal)) {
            throw SourceException.elsewhere(renewal + ": there is no such folder, so " + folder
                    + " is no installation of certbot; name the one that has accounts/, live/ and renewal/"
                    + " (usually /etc/letsencrypt)");
        }
        List<Holding> holdings = new ArrayList<>();
        for (Path file : files.list(renewal)) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(SUFFIX)) {
                holding(file, folder.resolve("live").resolve(name.substring(0, name.length() - SUFFIX.length())))
                        .ifPresent(holdings::add);
            }
        }
        return new Installation(holdings, notes);
    }

    private Optional<Holding> holding(Path renewal, Path live) {
        String remedy = "let certbot finish it (" + RENEWAL + "), or give it up by `certbot delete --cert-name "
                + live.getFileName() + "`";
        Optional<OldAccount> account =
                files.read(renewal, Certbot::parameters, remedy).flatMap(parameters -> account(parameters, remedy));
        Optional<SourceFiles.Pair> pair =
                files.pair(live.resolve("fullchain.pem"), live.resolve("privkey.pem"), remedy);
        if (account.isEmpty() || pair.isEmpty()) {
            return Optional.empty();
        }
        Optional<Site> site = CertifiedSite.of(pair.get().leaf(), live, notes);
        return site.map(of -> new Holding(of, live, pair.get().key(), pair.get().chain(), account.get()));
    }

    private record Parameters(URI server, String account) {}

    private static Parameters parameters(String text) {
        Settings settings = Settings.ofSection(text, "renewalparams");
        URI server = settings.value("server")
                .flatMap(SourceFiles::url)
                .orElseThrow(() -> new IllegalArgumentException("there is no URL of a CA in it (`server`)"));
        String account = settings.value("account")
                .filter(id -> id.matches("[A-Za-z0-9]{1,100}"))
                .orElseThrow(() -> new IllegalArgumentException("there is no account in it (`account`)"));
        return new Parameters(server, account);
    }

    private Optional<OldAccount> account(Parameters parameters, String otherwise) {
        URI server = parameters.server();
        Path place = folder.resolve("accounts")
                .resolve(server.getRawAuthority() + server.getRawPath())
                .resolve(parameters.account());
        String remedy = "restore it from a backup, or " + otherwise;
        Optional<URI> url = files.read(place.resolve("regr.json"), json -> SourceFiles.url(json, "uri"), remedy);
        Optional<KeyPair> key = files.read(place.resolve("private_key.json"), PrivateJwk::keyPair, remedy);
        return url.flatMap(at -> key.map(pair -> new OldAccount(server, at, place, pair)));
    }
}
