package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.Disclosure;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * A problem of a name as one viewpoint sees it. Immutable.
 *
 * @param address where the walk began; empty if it is a problem of the name as a whole
 * @param unreached the address, after redirects, that did not respond
 * @param problem without the token, which is another for each look; its summary is that of a report
 */
record SeenProblem(
        HostName viewpoint,
        Weight weight,
        Optional<InetAddress> address,
        Optional<InetAddress> unreached,
        Problem problem,
        Words words) {

    /** Who has chosen the words of a problem. */
    enum Words {
        /** This server: it has seen the problem itself. */
        OWN,

        /** A peer, which may be wrong: its words are quoted. */
        OF_PEER
    }

    private static final Pattern TOKEN = Pattern.compile("(/\\.well-known/acme-challenge/)[A-Za-z0-9_-]{16,256}");

    /** What a problem means for a validation. */
    enum Weight {
        /** A CA that sees the same refuses. */
        FAILURE,

        /** A CA that sees the same does not get there: the address is IPv4, and the name has an IPv6 address. */
        SECOND_CHOICE,

        /** A peer fails at its own address, which a server behind NAT may not reach (hairpin NAT). */
        OWN_ADDRESS,

        /** The same after a redirect to the server that looks; from elsewhere the walk succeeds. */
        OWN_REDIRECT,

        /** This server fails, and all peers that looked succeed: hairpin NAT or split DNS. */
        ONLY_HERE,

        /** A CA that sees the same accepts, but it is suspicious. */
        WARNING
    }

    boolean isFailure() {
        return weight == Weight.FAILURE;
    }

    SeenProblem excused(Weight excuse) {
        return new SeenProblem(viewpoint, excuse, address, unreached, problem, words);
    }

    /** Returns what a peer has seen, in the words of this server if it has seen the same; else the peer is quoted. */
    SeenProblem inWordsOf(List<SeenProblem> own) {
        List<SeenProblem> same = own.stream()
                .filter(each -> each.problem().rule() == problem.rule()
                        && each.problem().summary().equals(problem.summary()))
                .toList();
        return same.stream()
                .filter(each -> each.address().equals(address))
                .findFirst()
                .or(() -> same.stream().findFirst())
                .map(each -> new SeenProblem(viewpoint, weight, address, unreached, each.problem(), Words.OWN))
                .orElseGet(() -> new SeenProblem(viewpoint, weight, address, unreached, problem, Words.OF_PEER));
    }

    /** Returns all problems in a view, none of them excused. */
    static List<SeenProblem> in(HostName viewpoint, NameView view) {
        List<SeenProblem> all = new ArrayList<>();
        view.problems().forEach(problem -> all.add(ofName(viewpoint, Weight.FAILURE, problem)));
        view.warnings().forEach(problem -> all.add(ofName(viewpoint, Weight.WARNING, problem)));
        for (AddressView each : view.views()) {
            Optional<InetAddress> address = Optional.of(each.address());
            if (each.walk().verdict() instanceof Verdict.Refused(Problem problem)) {
                Weight weight = view.isUsedByCas(each) ? Weight.FAILURE : Weight.SECOND_CHOICE;
                all.add(new SeenProblem(
                        viewpoint,
                        weight,
                        address,
                        unreached(each.walk()),
                        reported(problem, each.walk().hops()),
                        Words.OWN));
            }
            each.walk()
                    .warnings()
                    .forEach(problem -> all.add(new SeenProblem(
                            viewpoint,
                            Weight.WARNING,
                            address,
                            Optional.empty(),
                            reported(problem, each.walk().hops()),
                            Words.OWN)));
        }
        return all;
    }

    private static SeenProblem ofName(HostName viewpoint, Weight weight, Problem problem) {
        return new SeenProblem(
                viewpoint, weight, Optional.empty(), Optional.empty(), reported(problem, List.of()), Words.OWN);
    }

    /** Returns the address that a redirect led to and that did not respond. */
    private static Optional<InetAddress> unreached(Walk walk) {
        return walk.redirects() == 0 || walk.lastStatus().isPresent()
                ? Optional.empty()
                : walk.hops().getLast().address();
    }

    /** Returns the problem with TOKEN for the tokens in its texts, so that it is the same for each look. */
    static Problem withoutToken(Problem problem) {
        return reported(problem, List.of());
    }

    private static Problem reported(Problem problem, List<Walk.Hop> hops) {
        return new Problem(
                problem.rule(),
                withoutToken(problem.what()),
                withoutToken(problem.caSays()),
                withoutToken(problem.remedy()),
                Disclosure.summary(problem, hops));
    }

    private static String withoutToken(String text) {
        return TOKEN.matcher(text).replaceAll("$1TOKEN");
    }
}
