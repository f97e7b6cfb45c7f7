package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.migration.ImportScope;
import org.ringcert.daemon.migration.ImportedCertificate;
import org.ringcert.daemon.migration.Migration;
import org.ringcert.daemon.migration.MigrationException;
import org.ringcert.daemon.migration.Program;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyType;
import org.ringcert.renew.Due;
import org.ringcert.store.CertificateName;
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
                    configuration.map(Configuration::sites).orElseGet(List::of),
                    configuration
                            .map(all -> all.authorities().getFirst().keys().getFirst())
                            .orElse(KeyType.EC256),
                    now);
        } catch (MigrationException e) {
            if (e.isNotFound()) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** Returns when the configuration makes each certificate due. */
    private static List<String> nextRenewals(Configuration configuration, Migration migration, Store store, Instant now)
            throws StoreException {
        Map<Site, CertificateSpec> specs = LocalNode.specs(configuration).stream()
                .collect(Collectors.toMap(CertificateSpec::site, Function.identity()));
        List<String> lines = new ArrayList<>();
        for (ImportedCertificate imported : migration.certificates()) {
            HostName name = imported.site().name();
            CertificateSpec spec = specs.get(imported.site());
            if (spec == null) {
                lines.add(name + ": not in the configuration yet, and not renewed until it is");
                continue;
            }
            lines.add(
                    switch (Due.of(spec, store.current(CertificateName.first(name)), RenewalSchedule.UNKNOWN, now)) {
                        case Due.Later(Instant at) -> name + ": next renewal " + at;
                        case Due.Now(String reason, var _) -> name + ": will be ordered again at once: " + reason;
                    });
        }
        return lines;
    }

    /** Returns what the configuration, which does not exist yet, must say so that nothing is ordered early. */
    private static List<String> settingsToKeep(Migration migration) {
        return migration.certificates().stream()
                .collect(Collectors.groupingBy(
                        ImportCommand::settings,
                        TreeMap::new,
                        Collectors.mapping(imported -> imported.site().name().value(), Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(entry -> entry.getValue() + ": renewed when due if [acme] has " + entry.getKey()
                        + ", else ordered again at once")
                .toList();
    }

    private static String settings(ImportedCertificate imported) {
        return "directory = \"" + imported.directory() + "\""
                + KeyType.of(imported.certificate().getPublicKey())
                        .map(type -> " and key = \"" + type.label() + "\"")
                        .orElse("")
                + imported.profile()
                        .map(profile -> " and profile = \"" + profile + "\"")
                        .orElse("");
    }

    private List<String> advice(Program from, Path source, Migration migration, Store store) {
        List<String> lines = new ArrayList<>();
        lines.add("The certificates and keys are now in " + store.certificates()
                + "/SITE/. Configure the web server to read"
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

    private void print(List<Site> sites) {
        PrintWriter out = out();
        for (Site site : sites) {
            out.println("[[site]]");
            out.println("names = ["
                    + site.names().stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", ")) + "]");
            out.println();
        }
        out.flush();
    }
}
