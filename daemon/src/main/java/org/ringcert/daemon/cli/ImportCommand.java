package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.migration.ImportScope;
import org.ringcert.daemon.migration.ImportedCertificate;
import org.ringcert.daemon.migration.Migration;
import org.ringcert.daemon.migration.MigrationException;
import org.ringcert.daemon.migration.Program;
import org.ringcert.daemon.migration.SiteKeys;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyType;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * {@code ringcert import}: takes over the certificates of another ACME program. Prints tables for the configuration on
 * standard output, and everything else on standard error.
 */
final class ImportCommand extends Command {

    private final Supplier<String> program = parameter("PROGRAM", "dehydrated, certbot or mod_md");
    private final Supplier<String> directory = parameter(
            "DIR", "the program's directory: /etc/dehydrated (or its BASEDIR), /etc/letsencrypt, /etc/apache2/md");
    private final BooleanSupplier certificatesOnly = flag(
            "--certificates-only",
            "leave out the account, if another server has the same one or it is lost; this server makes its own");
    private final NodeOptions options = new NodeOptions(this);

    ImportCommand() {
        super(
                "Takes over the account, certificates and keys of dehydrated, certbot or mod_md, and prints [[site]] tables for"
                        + " the configuration. The other program's files are not changed.",
                "Leaves out certificates that are damaged, expired or not for http-01, and lists them; the exit status is then 1."
                        + " After exit status 0 you can stop the other program.",
                "Only one server may use an account, because a CA gives two servers of one account the same order. On a server"
                        + " with a copy of the installation, use --certificates-only; it makes an account of its own.");
    }

    @Override
    public Integer call() throws UsageException, MigrationException, StoreException {
        Program from = Program.find(program.get())
                .orElseThrow(() -> new UsageException(program.get() + " is not one of these: " + Program.labels()));
        Path source = Path.of(directory.get());
        Optional<Configuration> configuration = options.loadIfPresent();
        Clock clock = Clock.systemUTC();
        Migration migration = read(from, source, configuration, clock.instant());
        Store store = Store.open(options.store(configuration), clock);
        List<String> imported = migration.importInto(store);
        List<String> renewals = configuration.isPresent()
                ? nextRenewals(configuration.get(), migration, store, clock.instant())
                : settingsToKeep(migration);
        Stream.of(migration.leftOut(), migration.notes(), imported, renewals, advice(from, source, migration, store))
                .flatMap(List::stream)
                .forEach(err()::println);
        err().flush();
        print(migration.newSites());
        return migration.leftOut().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private Migration read(Program from, Path source, Optional<Configuration> configuration, Instant now)
            throws UsageException, MigrationException {
        try {
            return Migration.read(
                    from,
                    source,
                    certificatesOnly.getAsBoolean()
                            ? ImportScope.CERTIFICATES_ONLY
                            : ImportScope.CERTIFICATES_AND_ACCOUNTS,
                    configuration.map(ImportCommand::sites).orElseGet(List::of),
                    configuration
                            .map(all -> all.authorities().getFirst().keys())
                            .orElse(AcmeSettings.DEFAULT_KEYS),
                    now);
        } catch (MigrationException e) {
            if (e.isNotFound()) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    private static List<SiteKeys> sites(Configuration configuration) {
        AcmeSettings ca = configuration.authorities().getFirst();
        return configuration.sites().stream()
                .map(site -> new SiteKeys(site, configuration.keys(site, ca)))
                .toList();
    }

    /** Returns when the configuration makes each certificate of the imported sites due. */
    private static List<String> nextRenewals(Configuration configuration, Migration migration, Store store, Instant now)
            throws StoreException {
        List<CertificateSpec> specs = LocalNode.specs(configuration);
        Set<Site> sites = migration.certificates().stream()
                .map(ImportedCertificate::site)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> lines = new ArrayList<>();
        for (Site site : sites) {
            List<CertificateSpec> ofSite =
                    specs.stream().filter(spec -> spec.site().equals(site)).toList();
            if (ofSite.isEmpty()) {
                lines.add(site + ": not in the configuration yet, and not renewed until it is");
            }
            for (CertificateSpec spec : ofSite) {
                lines.add(spec.name() + ": " + nextRenewal(spec, store.current(spec.name()), now));
            }
        }
        return lines;
    }

    private static String nextRenewal(CertificateSpec spec, Optional<CertificateVersion> current, Instant now) {
        return switch (Due.of(spec, current, RenewalSchedule.UNKNOWN, now)) {
            case Due.Later(Instant at) -> "next renewal " + at;
            case Due.Now(String reason, var _, var _)
            when isIssued(current) -> "will be ordered again at once: " + reason;
            case Due.Now _ ->
                "there is none to take over. It will be ordered at once, and is self-signed until then: let the web"
                        + " server read it after that";
        };
    }

    private static boolean isIssued(Optional<CertificateVersion> current) {
        return current.filter(version -> version.origin() instanceof Origin.IssuedByCa)
                .isPresent();
    }

    /** Returns what the configuration, which does not exist yet, must say so that nothing is ordered early. */
    private static List<String> settingsToKeep(Migration migration) {
        Map<String, List<String>> names = new TreeMap<>();
        migration.certificates().stream()
                .collect(Collectors.groupingBy(
                        imported -> List.of(imported.site(), imported.directory(), imported.profile()),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values()
                .forEach(ofSite -> names.computeIfAbsent(settings(ofSite), _ -> new ArrayList<>())
                        .add(name(ofSite)));
        return names.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": renewed when due if [acme] has " + entry.getKey()
                        + ", else ordered again at once")
                .toList();
    }

    /** Two certificates of a site with the same settings are named by the site. */
    private static String name(List<ImportedCertificate> ofSite) {
        ImportedCertificate first = ofSite.getFirst();
        return ofSite.size() == 1 ? first.name().toString() : first.site().toString();
    }

    private static String settings(List<ImportedCertificate> ofSite) {
        ImportedCertificate first = ofSite.getFirst();
        List<KeyType> keys = ofSite.stream()
                .flatMap(imported -> KeyType.of(imported.certificate().getPublicKey()).stream())
                .toList();
        return "directory = \"" + first.directory() + "\"" + keys(first.site(), keys)
                + first.profile()
                        .map(profile -> " and profile = \"" + profile + "\"")
                        .orElse("");
    }

    private static String keys(Site site, List<KeyType> keys) {
        return switch (keys.size()) {
            case 0 -> "";
            case 1 -> " and key = \"" + keys.getFirst().label() + "\"";
            default -> " and keys = " + new SiteKeys(site, keys).keysValue();
        };
    }

    private List<String> advice(Program from, Path source, Migration migration, Store store) {
        List<String> lines = new ArrayList<>();
        String second = migration.certificates().stream()
                .flatMap(imported -> imported.name().secondKey().stream())
                .distinct()
                .map(key -> ", the second kind of keys in SITE+" + key.label() + "/")
                .collect(Collectors.joining());
        lines.add("The certificates and keys are now in " + store.certificates() + "/SITE/" + second
                + ". Configure the web server to read"
                + " fullchain.pem and privkey.pem there, then " + from.howToStop() + ". Nothing in " + source
                + " was changed.");
        if (!certificatesOnly.getAsBoolean()) {
            lines.add("Only one server may use an account. If another server has a copy of " + source
                    + ", import it there with --certificates-only.");
        }
        int leftOut = migration.leftOut().size();
        if (leftOut > 0) {
            lines.add("Not everything was taken over: see the "
                    + (leftOut == 1 ? "first line" : "first " + leftOut + " lines")
                    + " above. Fix that and run this again. Until then, keep " + from.label()
                    + " running to renew what was left out.");
        }
        return lines;
    }

    private void print(List<SiteKeys> sites) {
        PrintWriter out = out();
        for (SiteKeys each : sites) {
            out.println("[[site]]");
            out.println("names = ["
                    + each.site().names().stream()
                            .map(name -> "\"" + name + "\"")
                            .collect(Collectors.joining(", "))
                    + "]");
            if (each.keys().size() > 1) {
                out.println("keys = " + each.keysValue());
            }
            out.println();
        }
        out.flush();
    }
}
