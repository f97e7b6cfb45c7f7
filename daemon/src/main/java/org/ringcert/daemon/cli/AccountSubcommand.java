package org.ringcert.daemon.cli;

import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.issue.AccountEvent;
import org.ringcert.issue.AccountManager;
import org.ringcert.issue.IssuanceEvent;
import org.ringcert.issue.IssuanceListener;
import org.ringcert.store.CertificateName;

/** What the commands of {@code ringcert account} have in common: which node, and at which CAs. */
abstract class AccountSubcommand extends Command {

    /** Which CAs a command is for unless {@code --ca} names one. */
    enum DefaultCas {
        ALL,
        /** The only one. If there are several, the user has to choose. */
        SINGLE
    }

    private final Supplier<Optional<String>> ca;
    private final NodeOptions options;
    private final DefaultCas defaultCas;

    AccountSubcommand(DefaultCas defaultCas, String... description) {
        super(description);
        this.defaultCas = defaultCas;
        this.ca = option(
                "--ca",
                "NAME|URL",
                "the CA, as in [acme] directory"
                        + (defaultCas == DefaultCas.ALL
                                ? " (default: all CAs of the configuration)"
                                : "; needed if the configuration has several"));
        this.options = new NodeOptions(this);
    }

    /**
     * Does the command's work.
     *
     * @param accounts one for each chosen CA, in the order of the configuration; at least one
     * @return the exit status
     */
    abstract int run(ConfiguredNode node, List<NodeAccount> accounts) throws Exception;

    /** Checks the arguments before anything is read. Accepts all of them unless overridden. */
    void checkUsage() throws UsageException {}

    @Override
    public final Integer call() throws Exception {
        checkUsage();
        ConfiguredNode node = options.load();
        List<AcmeSettings> chosen = chosenCas(node);
        int status = Files.exists(node.configuration().store())
                ? runOnStore(node, chosen)
                // Opening the store would create it.
                : run(
                        node,
                        chosen.stream()
                                .map(settings -> account(node, settings, Optional.empty()))
                                .toList());
        out().flush();
        return status;
    }

    private int runOnStore(ConfiguredNode node, List<AcmeSettings> chosen) throws Exception {
        LocalNode local = node.open();
        try (CaConnections connections = local.connectToCas()) {
            List<NodeAccount> accounts = new ArrayList<>();
            for (AccountManager manager : local.accountManagers(connections, rollOvers(node))) {
                AcmeSettings settings = node.configuration().authority(manager.directory());
                if (chosen.contains(settings)) {
                    accounts.add(account(node, settings, Optional.of(new NodeAccount.Opened(local.store(), manager))));
                }
            }
            return run(node, accounts);
        }
    }

    private IssuanceListener rollOvers(ConfiguredNode node) {
        return new IssuanceListener() {
            @Override
            public void onEvent(CertificateName name, IssuanceEvent event) {}

            @Override
            public void onAccountEvent(URI directory, AccountEvent event) {
                if (event instanceof AccountEvent.RollOverEnded ended) {
                    onRollOverEnded(directory, node.caNames().of(directory), ended);
                }
            }
        };
    }

    /** Prints how a roll-over that was cut off has ended. */
    void onRollOverEnded(URI directory, String ca, AccountEvent.RollOverEnded ended) {
        err().println(ended.describe(ca));
        err().flush();
    }

    private static NodeAccount account(
            ConfiguredNode node, AcmeSettings settings, Optional<NodeAccount.Opened> opened) {
        return new NodeAccount(settings, node.caNames().of(settings.directory()), opened);
    }

    private List<AcmeSettings> chosenCas(ConfiguredNode node) throws UsageException {
        List<AcmeSettings> all = node.configuration().authorities();
        Optional<String> wanted = ca.get();
        if (wanted.isPresent()) {
            return List.of(named(node, wanted.get()));
        }
        if (defaultCas == DefaultCas.SINGLE && all.size() > 1) {
            throw new UsageException("The configuration has several CAs. Choose one with --ca:" + list(node));
        }
        return all;
    }

    private static AcmeSettings named(ConfiguredNode node, String wanted) throws UsageException {
        Optional<URI> known = PublicCa.named(wanted).map(PublicCa::directory);
        return node.configuration().authorities().stream()
                .filter(settings -> settings.directory().toString().equals(wanted)
                        || known.equals(Optional.of(settings.directory()))
                        || settings.label().equals(wanted)
                        || node.caNames().of(settings.directory()).equals(wanted))
                .findFirst()
                .orElseThrow(() -> new UsageException("--ca " + wanted.replaceAll("\\p{Cntrl}", "?")
                        + " is none of the CAs of the configuration, which are:" + list(node)));
    }

    private static String list(ConfiguredNode node) {
        StringBuilder list = new StringBuilder();
        node.configuration()
                .authorities()
                .forEach(settings -> list.append("\n    ").append(settings.label()));
        return list.toString();
    }

    /** Prints that a command waits for a site that another process is working on. */
    final void printWait(HostName site) {
        err().println("Waiting for " + site + ", on which the daemon or another command is working.");
        err().flush();
    }

    /** Prints why a command failed, and returns its exit status. */
    final int failed(String message) {
        err().println(message);
        return ExitStatus.FAILED;
    }

    static List<HostName> sites(ConfiguredNode node) {
        return node.configuration().sites().stream().map(Site::name).toList();
    }
}
