package org.ringcert.daemon.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;
import org.ringcert.daemon.migration.ImportedCertificate;
import org.ringcert.daemon.migration.Migration;
import org.ringcert.daemon.migration.Program;
import org.ringcert.daemon.migration.SourceException;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.pki.KeyType;
import org.ringcert.renew.Due;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/**
 * {@code ringcert import}: moves this server in from another ACME program. What is printed is for the configuration;
 * what there is to know goes to standard error.
 */
final class ImportCommand extends Command {

    private final Supplier<String> program = parameter("PROGRAM", "dehydrated, certbot or mod_md");
    private final Supplier<String> folder =
            parameter("DIR", "its folder: /etc/dehydrated (or its BASEDIR), /etc/letsencrypt, /etc/apache2/md");
    private final BooleanSupplier certificatesOnly = flag(
            "--certificates-only",
            "not the account: where another server has the same one, or it is lost, this one makes its own");
    private final NodeOptions options = new NodeOptions(this);

    ImportCommand() {
        super(
                "Takes over account, certificates and keys of dehydrated, certbot or mod_md, and prints the [[site]] tables for"
                        + " the configuration. Nothing of theirs is changed.",
                "A certificate that is damaged, expired or not for http-01 is left out, which is said, and the others are taken"
                        + " over; the exit status is 1 then. At 0 the other program can be stopped.",
                "An account is one server's only: for orders at the same time a CA gives the same order to both. On a server"
                        + " that has only a copy of the installation use --certificates-only; it makes an account of its own.");
    }

    @Override
    public Integer call() throws UsageException, SourceException, StoreException {
        Program from = Program.named(program.get())
                .orElseThrow(() -> new UsageException(program.get() + " is none of these: " + Program.labels()));
        Path source = Path.of(folder.get());
        Optional<Configuration> configuration = options.loadIfPresent();
        Clock clock = Clock.systemUTC();
        Migration moving = read(from, source, configuration, clock.instant());
        Store store = Store.open(options.store(configuration), clock);
        List<String> done = moving.into(store);

        PrintWriter err = err();
        moving.leftOut().forEach(err::println);
        moving.notes().forEach(err::println);
        done.forEach(err::println);
        if (configuration.isPresent()) {
            for (String next : next(configuration.get(), moving, store, clock.instant())) {
                err.println(next);
            }
        } else {
            advise(moving, err);
        }
        err.println("Certificates and keys are in " + store.certificates() + "/SITE/ now: let the web server read"
                + " fullchain.pem and privkey.pem there, then " + from.ending() + ". Nothing in " + source
                + " was changed.");
        if (!certificatesOnly.getAsBoolean()) {
            err.println("An account is one server's only: where a copy of " + source
                    + " lies on another server, import it there with --certificates-only.");
        }
        if (!moving.leftOut().isEmpty()) {
            err.println("Not all was taken over, see the first "
                    + lines(moving.leftOut().size())
                    + ". Put that right and run this again; until then " + from.label()
                    + " must go on renewing what was left out.");
        }
        err.flush();
        print(moving.newSites());
        return moving.leftOut().isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }

    private static String lines(int number) {
        return number == 1 ? "line" : number + " lines";
    }

    private Migration read(Program from, Path source, Optional<Configuration> configuration, Instant now)
            throws UsageException, SourceException {
        try {
            return Migration.from(
                    from,
                    source,
                    !certificatesOnly.getAsBoolean(),
                    configuration.map(Configuration::sites).orElseGet(List::of),
                    configuration.map(all -> all.authorities().getFirst().key()).orElse(KeyType.EC256),
                    now);
        } catch (SourceException e) {
            if (e.isElsewhere()) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** What the configuration makes of what was taken over. */
    private static List<String> next(Configuration configuration, Migration moving, Store store, Instant now)
            throws StoreException {
        AcmeSettings acme = configuration.authorities().getFirst();
        List<String> lines = new ArrayList<>();
        for (ImportedCertificate taken : moving.certificates()) {
            HostName name = taken.site().name();
            if (!configuration.sites().contains(taken.site())) {
                lines.add(name + ": the configuration does not have this site yet; it is renewed once it has");
                continue;
            }
            CertificateSpec spec = new CertificateSpec(taken.site(), acme.key(), acme.profile());
            lines.add(
                    switch (Due.of(spec, acme.directory(), store.current(name), now)) {
                        case Due.Later(Instant at) -> name + ": next renewal " + at;
                        case Due.Now(String reason) -> name + ": will be ordered anew at once: " + reason;
                    });
        }
        return lines;
    }

    /** What the configuration, which is still to be written, has to say so that nothing is ordered before its time. */
    private static void advise(Migration moving, PrintWriter err) {
        moving.certificates().stream()
                .collect(Collectors.groupingBy(
                        taken -> "directory = \"" + taken.directory() + "\""
                                + KeyType.of(taken.certificate().getPublicKey())
                                        .map(type -> " and key = \"" + type.label() + "\"")
                                        .orElse("")
                                + taken.profile()
                                        .map(profile -> " and profile = \"" + profile + "\"")
                                        .orElse(""),
                        TreeMap::new,
                        Collectors.mapping(taken -> taken.site().name().value(), Collectors.joining(", "))))
                .forEach((acme, sites) -> err.println(
                        sites + ": renewed when due if [acme] has " + acme + ", else ordered anew at once"));
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
