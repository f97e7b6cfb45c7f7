package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.ringcert.acme.CaInformation;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.store.Store;
import org.ringcert.store.StoreException;
import org.ringcert.view.ca.CaaPolicy.Applicant;
import org.ringcert.view.ca.CaaPolicy.Basis;
import org.ringcert.view.ca.CaaPolicy.Decision;
import org.ringcert.view.ca.Problem;

/**
 * CAA: the records of each name let each CA issue for this node's account. What forbids the preferred CA is a failure.
 * What forbids another is a warning, and so it is with a private CA, which may not look at CAA records at all.
 */
final class CaaCheck implements Check {

    private final CheckScope scope;
    private final PendingResult<List<DirectoryState>> cas;
    private final Optional<Store> store;
    private final Survey survey;
    private final BiFunction<HostName, Applicant, Decision> policy;

    /**
     * @param store where the accounts are; empty if there is none yet
     * @param policy decides as a CA does
     */
    CaaCheck(
            CheckScope scope,
            PendingResult<List<DirectoryState>> cas,
            Optional<Store> store,
            Survey survey,
            BiFunction<HostName, Applicant, Decision> policy) {
        this.scope = scope;
        this.cas = cas;
        this.store = store;
        this.survey = survey;
        this.policy = policy;
    }

    /** What a finding says about one or more names of a site. */
    private record Statement(Level level, String text, String remedy) {}

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (DirectoryState state : cas.await()) {
            try {
                findings.addAll(look(state));
            } catch (StoreException e) {
                findings.add(CheckFinding.warning(
                        Topic.CAA,
                        state.ca().label(),
                        "this server's account there cannot be read, so its CAA records were not looked at: "
                                + e.getMessage(),
                        ""));
            }
        }
        // ResolverCheck reports why no lookup succeeds here.
        return survey.blind().contains(scope.self()) ? List.of() : findings;
    }

    private List<CheckFinding> look(DirectoryState state) throws StoreException, InterruptedException {
        Optional<CaInformation> information = state instanceof DirectoryState.Reached(var _, var found, var _)
                ? Optional.of(found)
                : Optional.empty();
        Applicant applicant = CaaApplicants.at(state.ca(), information, store);
        List<Callable<List<CheckFinding>>> lookups = scope.sites().stream()
                .<Callable<List<CheckFinding>>>map(site -> () -> look(site, state.ca(), applicant))
                .toList();
        return ParallelTasks.run(lookups).stream().flatMap(List::stream).toList();
    }

    private List<CheckFinding> look(Site site, AcmeSettings ca, Applicant applicant) {
        Map<Statement, List<HostName>> statements = new LinkedHashMap<>();
        for (HostName name : site.names()) {
            statements
                    .computeIfAbsent(statement(policy.apply(name, applicant), ca), _ -> new ArrayList<>())
                    .add(name);
        }
        List<CheckFinding> findings = new ArrayList<>();
        statements.forEach((statement, names) -> {
            String text = names.size() == site.names().size()
                    ? statement.text()
                    : Shown.list(names) + ": " + statement.text();
            findings.add(new CheckFinding(
                    statement.level(),
                    Topic.CAA,
                    site.toString(),
                    text,
                    Optional.of(statement.remedy()).filter(remedy -> !remedy.isEmpty())));
        });
        return findings;
    }

    private Statement statement(Decision decision, AcmeSettings ca) {
        return switch (decision) {
            case Decision.Allowed(var basis, var _) -> new Statement(Level.OK, allowed(basis, ca), "");
            case Decision.Unknown(var domain) ->
                new Statement(
                        Level.WARNING,
                        "the CAA records of " + domain + " restrict the CAs, and " + ca.label()
                                + " does not say what its name in them is",
                        "Ask the CA. A private CA may not look at CAA records at all.");
            case Decision.Refused(Problem problem) ->
                new Statement(
                        isDecisive(ca) ? Level.FAILURE : Level.WARNING,
                        problem.what() + (problem.caSays().isEmpty() ? "" : "; the CA would say: " + problem.caSays()),
                        problem.remedy());
        };
    }

    private static String allowed(Basis basis, AcmeSettings ca) {
        return switch (basis) {
            case NO_RECORDS, NO_ISSUE_RECORDS, ANY_ACCOUNT -> "CAA allows " + ca.label();
            case THIS_ACCOUNT -> "CAA allows this server's account at " + ca.label();
        };
    }

    private boolean isDecisive(AcmeSettings ca) {
        boolean isPreferred =
                scope.configuration().authorities().getFirst().directory().equals(ca.directory());
        return isPreferred && ca.known().isPresent();
    }
}
