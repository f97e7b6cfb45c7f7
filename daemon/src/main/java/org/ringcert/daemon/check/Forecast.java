package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.SeenProblem.Weight;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;

/** How a CA's validation of a name will probably end. */
sealed interface Forecast {

    /** It will succeed. */
    record Success() implements Forecast {}

    /**
     * It may succeed.
     *
     * @param reason what speaks against it, in one or more sentences
     */
    record Doubt(String reason) implements Forecast {}

    /**
     * It will fail.
     *
     * @param reason why, and what to do, in one or more sentences
     */
    record Failure(String reason) implements Forecast {}

    /**
     * Returns what the views mean for an order. A server may not reach its own public address, or may have its own view
     * of the DNS. So it is enough that one viewpoint succeeds, or that each address is answered as seen from somewhere.
     */
    static Forecast of(NameJudgement judgement) {
        NameViews views = judgement.views();
        if (views.byViewpoint().values().stream().anyMatch(NameView::isAnsweredEverywhere)) {
            return new Success();
        }
        List<SeenProblem> problems = relevant(judgement);
        List<SeenProblem> failures =
                problems.stream().filter(SeenProblem::isFailure).toList();
        if (!failures.isEmpty()) {
            return new Failure(describe(views.name(), failures.getFirst()) + otherAddresses(failures));
        }
        Set<String> doubts = new LinkedHashSet<>();
        problems.forEach(problem -> doubts.add(describe(views.name(), problem)));
        if (judgement.succeeding().isEmpty()) {
            judgement
                    .untried()
                    .forEach(
                            (verdict, addresses) -> doubts.add(nobodyTried(views.name(), addresses, verdict.reason())));
            views.own()
                    .filter(own -> own.problems().isEmpty() && (own.views().isEmpty() || !own.hasAllWalks()))
                    .ifPresent(_ -> doubts.add("The look at " + views.name() + " did not end in time."));
        }
        return doubts.isEmpty() ? new Success() : new Doubt(String.join(" ", doubts));
    }

    /** Returns what follows from this forecast and one about something else: the worse of them. */
    default Forecast and(Forecast other) {
        return switch (this) {
            case Success() -> other;
            case Doubt(String reason) ->
                switch (other) {
                    case Success() -> this;
                    case Doubt(String second) -> new Doubt(reason + " " + second);
                    case Failure _ -> other;
                };
            case Failure(String reason) ->
                other instanceof Failure(String second) ? new Failure(reason + " " + second) : this;
        };
    }

    /**
     * Returns the problems that an order may meet: nobody succeeds at the same address, and they are those of the
     * viewpoints that succeed in all, or else of the addresses that this server would send a CA to.
     */
    private static List<SeenProblem> relevant(NameJudgement judgement) {
        Set<InetAddress> accepted = judgement.views().accepted();
        Set<HostName> succeeding = judgement.succeeding();
        return judgement.problems().stream()
                .filter(problem -> problem.weight() != Weight.WARNING)
                .filter(problem -> problem.address().filter(accepted::contains).isEmpty())
                .filter(problem -> succeeding.isEmpty()
                        ? concernsThisServer(problem, judgement.views())
                        : succeeding.contains(problem.viewpoint()))
                .toList();
    }

    /** A problem that a peer has with the name as a whole, such as its DNS, says nothing about what a CA sees. */
    private static boolean concernsThisServer(SeenProblem problem, NameViews views) {
        return problem.viewpoint().equals(views.self())
                || views.own().stream()
                        .flatMap(own -> own.views().stream().filter(own::isUsedByCas))
                        .anyMatch(each ->
                                problem.address().filter(each.address()::equals).isPresent());
    }

    private static String nobodyTried(HostName name, Set<InetAddress> addresses, String reason) {
        return "Nobody could try " + name + " at "
                + Shown.list(addresses.stream().map(AddressText::of).toList()) + ": " + ended(reason);
    }

    /** Counts the addresses that fail like the first one. `check` lists them. */
    private static String otherAddresses(List<SeenProblem> failures) {
        long others = failures.stream()
                        .flatMap(failure -> failure.address().stream())
                        .distinct()
                        .count()
                - 1;
        return others < 1
                ? ""
                : others == 1
                        ? " Another address of this name fails, too."
                        : " " + others + " other addresses of this name fail, too.";
    }

    private static String describe(HostName name, SeenProblem seen) {
        Problem problem = seen.problem();
        String where = seen.address()
                .map(AddressText::of)
                .filter(address -> !problem.what().startsWith(address + " "))
                .map(address -> " at " + address)
                .orElse("");
        String quoting = seen.words() == SeenProblem.Words.OF_PEER ? seen.viewpoint() + " says: " : "";
        return name + where + ": " + quoting + describe(problem);
    }

    /** Returns what was seen, what the CA would say, and what to do. */
    static String describe(Problem problem) {
        String says = problem.caSays().isEmpty() ? "" : " The CA would say: " + ended(problem.caSays());
        String remedy = problem.remedy().isEmpty() ? "" : " " + ended(problem.remedy());
        return ended(problem.what()) + says + remedy;
    }

    private static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
