package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Walk.Verdict;

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

    /** Returns whether a look alone shows that the validation will succeed: the CA is answered at every address. */
    static boolean isWell(NameView view) {
        return view.problems().isEmpty()
                && !view.views().isEmpty()
                && view.views().stream().allMatch(each -> each.walk().isAccepted())
                && hasAllWalks(view);
    }

    /** Returns whether there is a walk to each address. What is missing may also be https, which no order needs. */
    private static boolean hasAllWalks(NameView view) {
        return view.complete()
                || view.views().stream()
                        .map(AddressView::address)
                        .toList()
                        .containsAll(view.addresses().all());
    }

    /**
     * Puts together what this server and its peers have seen. A server may not reach its own public address, or may
     * have its own view of the DNS. So it is enough that one peer succeeds, or that each address is answered as seen
     * from somewhere.
     *
     * @param own what this server saw
     * @param others what peers saw; empty if none has looked
     */
    static Forecast of(NameView own, Collection<NameView> others) {
        if (isWell(own) || others.stream().anyMatch(Forecast::isWell)) {
            return new Success();
        }
        if (!own.problems().isEmpty()) {
            return new Failure(describe(own.name(), "", own.problems().getFirst()));
        }
        return ofAddresses(own, others);
    }

    private static Forecast ofAddresses(NameView own, Collection<NameView> others) {
        List<String> doubts = new ArrayList<>();
        for (AddressView seen : own.views()) {
            List<Verdict> verdicts = verdicts(seen, others);
            if (verdicts.stream().anyMatch(Verdict.Accepted.class::isInstance)) {
                continue;
            }
            String place = " at " + AddressText.of(seen.address());
            Optional<Problem> refusal = verdicts.stream()
                    .filter(Verdict.Refused.class::isInstance)
                    .map(verdict -> ((Verdict.Refused) verdict).problem())
                    .findFirst();
            if (refusal.isEmpty()) {
                doubts.add("Nobody could try " + own.name() + place + ": "
                        + ended(String.join(
                                ", ", reasons(verdicts).stream().distinct().toList())));
            } else if (own.isUsedByCas(seen)) {
                return new Failure(describe(own.name(), place, refusal.get()));
            } else {
                doubts.add(describe(own.name(), place, refusal.get()));
            }
        }
        if (own.views().isEmpty() || !hasAllWalks(own)) {
            doubts.add("The look at " + own.name() + " did not end in time.");
        }
        return doubts.isEmpty() ? new Success() : new Doubt(String.join(" ", doubts));
    }

    private static List<Verdict> verdicts(AddressView own, Collection<NameView> others) {
        List<Verdict> verdicts = new ArrayList<>();
        verdicts.add(own.walk().verdict());
        others.forEach(other -> other.views().stream()
                .filter(each -> each.address().equals(own.address()))
                .forEach(each -> verdicts.add(each.walk().verdict())));
        return verdicts;
    }

    private static List<String> reasons(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(Verdict.Undecided.class::isInstance)
                .map(verdict -> ((Verdict.Undecided) verdict).reason())
                .toList();
    }

    private static String describe(HostName name, String place, Problem problem) {
        String says = problem.caSays().isEmpty() ? "" : " The CA would say: " + ended(problem.caSays());
        String remedy = problem.remedy().isEmpty() ? "" : " " + ended(problem.remedy());
        return name + place + ": " + ended(problem.what()) + says + remedy;
    }

    private static String ended(String text) {
        return text.endsWith(".") ? text : text + ".";
    }
}
