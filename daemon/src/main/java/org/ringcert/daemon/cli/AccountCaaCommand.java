package org.ringcert.daemon.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.acme.AcmeException;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.config.NodeSettings;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.issue.DeactivatedAccount;
import org.ringcert.store.StoreException;
import org.ringcert.store.StoredAccount;
import org.ringcert.view.ca.CaaPermission;

/**
 * {@code ringcert account caa}: prints the CAA records that let this node's accounts, and no others, order certificates
 * for the sites. The output is part of a zone file: what is no record is a comment.
 *
 * <p>A CA looks for CAA records at the name itself, then at each name above it, and stops where it finds some (RFC
 * 8659, section 3). There is a record for each name of a site. A record at the domain would be shorter, but would also
 * bind names that other programs get certificates for, and where the domain begins cannot be told from a name.
 */
final class AccountCaaCommand extends AccountSubcommand {

    AccountCaaCommand() {
        super(
                DefaultCas.ALL,
                "Prints the CAA records that let this server's accounts order certificates for the sites.",
                "They forbid all other accounts, so publish the records of all servers together.");
    }

    @Override
    int run(ConfiguredNode node, List<NodeAccount> accounts) throws StoreException {
        List<String> comments = new ArrayList<>(introduction(node));
        List<Pinned> pinned = new ArrayList<>();
        int status = ExitStatus.OK;
        for (NodeAccount account : accounts) {
            try {
                pinned.add(pin(account, comments));
            } catch (UnpinnedException e) {
                comments.add("No record for " + account.name() + ": " + e.getMessage());
                status = ExitStatus.FAILED;
            }
        }
        comments.forEach(comment -> out().println("; " + comment));
        for (Site site : node.configuration().sites()) {
            for (HostName name : site.names()) {
                pinned.forEach(
                        each -> out().println(new CaaPermission(name, each.issuer(), each.account()).zoneLine()));
            }
        }
        return status;
    }

    private record Pinned(HostName issuer, URI account) {}

    /** There is no record for an account. The message says why, in sentences. */
    private static final class UnpinnedException extends Exception {
        private static final long serialVersionUID = 1;

        UnpinnedException(String message) {
            super(message);
        }
    }

    private static List<String> introduction(ConfiguredNode node) {
        List<String> lines = new ArrayList<>();
        lines.add("CAA records for the accounts of " + node.self()
                + ". Once a name has CAA records, no other account may order certificates for it.");
        List<HostName> others = node.configuration().nodes().stream()
                .map(NodeSettings::node)
                .map(other -> other.name())
                .filter(name -> !name.equals(node.self()))
                .toList();
        if (!others.isEmpty()) {
            lines.add(
                    "Each server has accounts of its own. Collect the records of all servers before you publish the first,"
                            + " or the orders of the others fail (caa).");
            lines.add("Run `ringcert account caa` on "
                    + others.stream().map(HostName::value).collect(Collectors.joining(", ")) + " as well.");
        }
        lines.add("A name that is a CNAME cannot have records of its own: write its lines for the name above it.");
        return lines;
    }

    /** @param comments what to know about the record is added here */
    private static Pinned pin(NodeAccount account, List<String> comments) throws StoreException, UnpinnedException {
        Optional<StoredAccount> found = account.stored();
        if (found.isEmpty()) {
            throw new UnpinnedException(account.missing());
        }
        StoredAccount stored = found.get();
        if (stored.deactivated().isPresent()) {
            throw new UnpinnedException(DeactivatedAccount.describe(
                    account.name(), account.directory(), stored.deactivated().get(), account.store()));
        }
        URI url = stored.url().orElseThrow();
        if (!CaaPermission.canName(url)) {
            throw new UnpinnedException("the account's URL has characters that a CAA record cannot have: " + url);
        }
        List<HostName> issuers = issuers(account);
        if (issuers.isEmpty()) {
            throw new UnpinnedException("its directory does not say which name it has in CAA records (caaIdentities)."
                    + " Ask the CA. A private CA may not look at CAA records at all. The parameters would be: accounturi="
                    + url + "; validationmethods=http-01");
        }
        if (issuers.size() > 1) {
            comments.add(account.name() + " accepts any of these names, and one is enough: "
                    + issuers.stream().map(HostName::value).collect(Collectors.joining(", ")));
        }
        if (account.ca().known().filter(PublicCa::comparesAccountUrl).isEmpty()) {
            comments.add("It is not known whether " + account.name() + " looks at accounturi and validationmethods"
                    + " (RFC 8657). A CA that does not issues for any of its accounts. Ask it.");
        }
        return new Pinned(issuers.getFirst(), url);
    }

    private static List<HostName> issuers(NodeAccount account) throws UnpinnedException {
        try {
            return account.manager().information().caaIdentities();
        } catch (AcmeException e) {
            throw new UnpinnedException("the CA has not said which name it has in CAA records. " + e.getMessage());
        }
    }
}
