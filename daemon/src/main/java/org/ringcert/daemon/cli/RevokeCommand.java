package org.ringcert.daemon.cli;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.ringcert.acme.AcmeException;
import org.ringcert.acme.CertificateAuthority;
import org.ringcert.acme.RevocationReason;
import org.ringcert.acme.RevocationResult;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.CaConnections;
import org.ringcert.daemon.LocalNode;
import org.ringcert.daemon.TemporaryFront;
import org.ringcert.daemon.config.PublicCa;
import org.ringcert.daemon.setup.Terminal;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.issue.RevocationOutcome;
import org.ringcert.issue.Revoker;
import org.ringcert.renew.RenewalMode;
import org.ringcert.renew.RenewalResult;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Revocation;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;

/** {@code ringcert revoke}: revokes a site's certificate, and orders another one. */
final class RevokeCommand extends Command {

    private final Supplier<String> site = parameter(
            "SITE",
            "a name of the site; www.example.org+rsa revokes only the second certificate, with that kind of key");
    private final Supplier<Optional<String>> reason = option(
            "--reason",
            "REASON",
            "why, by the name or number of RFC 5280 (default: unspecified): " + RevocationReason.labels()
                    + ". A CA accepts only some of them");
    private final Supplier<Optional<String>> version =
            versionOption("VERSION", "revoke this version, by the name of its directory, and not the current one");
    private final BooleanSupplier yes = flag("--yes", "do not ask; needed without a terminal");
    private final BooleanSupplier dryRun = flag("--dry-run", "only print what would be revoked and ordered");
    private final NodeOptions options = new NodeOptions(this);

    private final Supplier<Optional<Terminal>> terminal;

    /** @param terminal returns the terminal to ask on, if there is one */
    RevokeCommand(Supplier<Optional<Terminal>> terminal) {
        super("Revokes the certificate of a site, and orders a new one at once.");
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        RevocationReason parsedReason = parsedReason();
        ConfiguredNode configured = options.loadForOrders();
        List<CertificateSpec> specs = configured.certificates(List.of(site.get()));
        LocalNode node = configured.open();
        Instant now = Instant.now();
        RevocationPlan plan = RevocationPlan.of(specs, version.get(), parsedReason, node.store(), now);
        RevocationNotice.checkReason(plan);
        Optional<Terminal> asking = mayAsk() ? terminal.get() : Optional.empty();
        if (mayAsk() && asking.isEmpty()) {
            throw new UsageException("There is no terminal to ask on. Repeat the command with --yes, or with --dry-run"
                    + " to see what it would do. Nothing was revoked.");
        }
        new RevocationNotice(plan, configured, node.store(), now).lines().forEach(out()::println);
        out().flush();
        if (dryRun.getAsBoolean()) {
            return ExitStatus.OK;
        }
        if (asking.isPresent() && !agrees(asking.get())) {
            out().println("Nothing was revoked.");
            return ExitStatus.FAILED;
        }
        return execute(node, configured, plan);
    }

    private boolean mayAsk() {
        return !yes.getAsBoolean() && !dryRun.getAsBoolean();
    }

    private static boolean agrees(Terminal terminal) {
        String answer = terminal.ask("Go on? [y/N] ").orElse("").strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    private RevocationReason parsedReason() throws UsageException {
        Optional<String> given = reason.get();
        if (given.isEmpty()) {
            return RevocationReason.UNSPECIFIED;
        }
        return RevocationReason.parse(given.get())
                .orElseThrow(() -> new UsageException("\"" + given.get().replaceAll("\\p{Cntrl}", "?")
                        + "\" is not a reason. The reasons are " + RevocationReason.labels() + "."));
    }

    private int execute(LocalNode node, ConfiguredNode configured, RevocationPlan plan) throws Exception {
        // Everything that an order needs is ready before the certificate is revoked.
        node.challenges().removeExpired();
        Optional<TemporaryFront> front = plan.replaced().isEmpty() ? Optional.empty() : node.startTemporaryFront();
        try {
            if (front.isPresent()) {
                // Peers find out by themselves that this node answers. Nothing tells us when they have.
                Thread.sleep(node.settlingTime());
            }
            boolean allRevoked = revokeLocked(node, configured.caNames(), plan);
            List<CertificateSpec> revoked = revokedNow(node.store(), plan.replaced());
            if (revoked.isEmpty() && !allRevoked) {
                out().println("Nothing is ordered.");
            }
            boolean allOrdered = revoked.isEmpty() || order(node, configured, revoked);
            return allRevoked && allOrdered ? ExitStatus.OK : ExitStatus.FAILED;
        } finally {
            front.ifPresent(TemporaryFront::close);
        }
    }

    private boolean revokeLocked(LocalNode node, CaNames names, RevocationPlan plan) throws StoreException {
        Site locked = plan.targets().getFirst().spec().site();
        Optional<Store.Lock> lock = node.store().tryLock(locked.name());
        if (lock.isEmpty()) {
            out().println(locked + ": " + RenewalMessages.BUSY
                    + ". Nothing was revoked; repeat the command in a minute.");
            return false;
        }
        Map<URI, CertificateAuthority> cas = new HashMap<>();
        try (Store.Lock _ = lock.get()) {
            boolean allRevoked = true;
            for (RevocationPlan.Target target : plan.targets()) {
                CertificateAuthority ca = cas.computeIfAbsent(target.ca(), node::connectToIssuer);
                allRevoked &= revoke(node.revoker(ca), names, plan.reason(), target);
            }
            return allRevoked;
        } finally {
            cas.values().forEach(CertificateAuthority::close);
        }
    }

    private boolean revoke(Revoker revoker, CaNames names, RevocationReason reasonToGive, RevocationPlan.Target target)
            throws StoreException {
        String subject = "version " + target.version().label() + " ";
        try {
            RevocationOutcome outcome = revoker.revoke(target.version(), reasonToGive);
            print(target.spec(), subject + describe(outcome, names.of(target.ca()), reasonToGive, target.ca()));
            return true;
        } catch (AcmeException e) {
            boolean isUnknown = e.kind() == AcmeException.Kind.UNREACHABLE;
            print(
                    target.spec(),
                    subject
                            + (isUnknown
                                    ? "may not be revoked: " + ended(e) + " Repeat the command to make sure."
                                    : "is not revoked: " + e.getMessage()));
            return false;
        }
    }

    private static String describe(
            RevocationOutcome outcome, String caName, RevocationReason givenReason, URI directory) {
        String result = outcome.result() == RevocationResult.ALREADY_REVOKED
                ? "was already revoked at " + caName
                : "is revoked at " + caName;
        if (outcome.signer() == RevocationOutcome.Signer.ACCOUNT) {
            return result + ".";
        }
        boolean isOtherReason = givenReason != RevocationReason.KEY_COMPROMISE
                && PublicCa.named(directory.toString())
                        .filter(PublicCa::blocksKeysThatRevoke)
                        .isPresent();
        return result + ", in the name of its own key."
                + (isOtherReason ? " The CA records the reason keyCompromise for that." : "")
                + outcome.refusedSigner()
                        .map(refusal -> " The account could not do it: " + refusal)
                        .filter(_ -> givenReason != RevocationReason.KEY_COMPROMISE)
                        .orElse("");
    }

    private static String ended(AcmeException e) {
        String message = String.valueOf(e.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    /** Returns the certificates that are revoked and still current. The daemon may have replaced others meanwhile. */
    private static List<CertificateSpec> revokedNow(Store store, List<CertificateSpec> specs) throws StoreException {
        List<CertificateSpec> revoked = new ArrayList<>();
        for (CertificateSpec spec : specs) {
            if (isRevoked(store, spec)) {
                revoked.add(spec);
            }
        }
        return revoked;
    }

    /** Orders new certificates in place of those that have been revoked, and returns whether that succeeded. */
    private boolean order(LocalNode node, ConfiguredNode configured, List<CertificateSpec> revoked)
            throws StoreException {
        CertificateLog certificateLog = new CertificateLog(configured.caNames());
        RegistrationFailures failures = new RegistrationFailures(certificateLog);
        RenewalMessages messages = RenewalMessages.withTimesToTheSecond(configured.caNames());
        try (CaConnections cas = node.connectToCas()) {
            List<RenewalResult> results = node.renewals(cas, failures).pass(revoked, RenewalMode.FORCE);
            List<String> texts = results.stream().map(messages::of).toList();
            failures.logUnless(text -> texts.stream().anyMatch(printed -> printed.contains(text)));
            for (int i = 0; i < results.size(); i++) {
                out().println(results.get(i).name() + ": " + texts.get(i));
            }
            boolean allGood = results.stream().allMatch(RenewalResult.Renewed.class::isInstance);
            for (CertificateSpec spec : revokedNow(node.store(), revoked)) {
                print(spec, whatIsTrueNow(texts));
            }
            return allGood;
        }
    }

    private static String whatIsTrueNow(List<String> texts) {
        boolean isLimited = texts.stream().anyMatch(text -> text.contains("(rateLimited)"));
        return "its certificate is revoked and still in place. Ringcert orders a new one by itself, in the daemon or the"
                + " next \"ringcert renew\"."
                + (isLimited ? " Replacing a revoked certificate is not exempt from the CA's limits." : "");
    }

    private static boolean isRevoked(Store store, CertificateSpec spec) throws StoreException {
        return store.current(spec.name())
                .flatMap(CertificateVersion::revocation)
                .map(Revocation::state)
                .filter(Revocation.State.CONFIRMED::equals)
                .isPresent();
    }

    private void print(CertificateSpec spec, String sentence) {
        out().println(spec.name() + ": " + sentence);
    }
}
