package org.ringcert.view.ready;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Hop;
import org.ringcert.view.ca.Walk.Verdict;
import org.ringcert.view.ready.Readiness.Weight;

/**
 * Judges validations that entered at a server.
 *
 * @param node the server
 * @param self this server, which has published the answer
 */
record EntryJudge(Node node, Node self) {

    /**
     * Returns what the validations of one name mean for the move.
     *
     * @param walks those that ended in time, by the address of the server where they entered
     */
    List<NameFinding> judge(HostName name, Map<InetAddress, Walk> walks) {
        boolean isAccepted = walks.values().stream().anyMatch(Walk::isAccepted);
        List<NameFinding> findings = new ArrayList<>();
        walks.forEach((address, walk) -> {
            Weight weight = walk.isAccepted()
                    ? Weight.FOR
                    : isExcused(walk) || (isAccepted && !hasConnected(walk)) ? Weight.NOTE : Weight.AGAINST;
            findings.add(finding(name, address, walk, weight));
        });
        return findings.isEmpty() ? List.of(unseen(name)) : findings;
    }

    private NameFinding unseen(HostName name) {
        return new NameFinding(
                name,
                Weight.AGAINST,
                "unseen",
                names -> "No validation of " + names + " that enters at " + node + " ended in time. See whether port "
                        + node.port() + " there is overloaded, then ask again.");
    }

    /** Returns what it means that the server's address is not known. */
    NameFinding withoutAddress(HostName name) {
        return new NameFinding(
                name,
                Weight.AGAINST,
                "address",
                names -> "A validation of " + names + " cannot enter at "
                        + node + ", because the system's resolver finds no address for " + node.address()
                        + ". Correct its name in the DNS or in /etc/hosts, or `address` of that [[node]].");
    }

    private NameFinding finding(HostName name, InetAddress address, Walk walk, Weight weight) {
        String entry = node + " (" + AddressText.of(address) + ")";
        return switch (walk.verdict()) {
            case Verdict.Accepted _ -> {
                String way = node.equals(self)
                        ? ""
                        : walk.redirects() == 0
                                ? ", which gets it from " + self + " and answers itself"
                                : ", from where it is handed over to " + self;
                yield new NameFinding(
                        name,
                        weight,
                        entry + way,
                        names -> "A validation of " + names + " works if it enters at " + entry + way + ".");
            }
            case Verdict.Refused(var problem) ->
                failed(name, entry, weight, problem.what(), remedy(walk, problem.remedy()));
            case Verdict.Undecided(String reason, String remedy) ->
                failed(
                        name,
                        entry,
                        weight,
                        "it is not known whether it works, because " + reason,
                        remedy(walk, remedy));
        };
    }

    private static NameFinding failed(HostName name, String entry, Weight weight, String what, String remedy) {
        String text = entry + ": " + what + "." + (remedy.isEmpty() ? "" : " " + remedy);
        return new NameFinding(
                name, weight, text, names -> "A validation of " + names + " fails if it enters at " + text);
    }

    private String remedy(Walk walk, String remedy) {
        if (isExcused(walk)) {
            return "This is normal if " + self
                    + " is behind a router that does not let it reach its own public address;"
                    + " `ringcert check` asks the other servers whether they reach it.";
        }
        // The general remedy is about addresses in the DNS, which this one is not from.
        return hasConnected(walk) || walk.verdict() instanceof Verdict.Undecided
                ? remedy
                : "Start the Ringcert daemon or the web server there, or correct `address` and `port` of its [[node]].";
    }

    /**
     * Returns whether the validation failed only because this server cannot connect to itself at an address that is not
     * its own: that of a router, behind which it is.
     */
    private boolean isExcused(Walk walk) {
        if (walk.isAccepted() || walk.hops().isEmpty()) {
            return false;
        }
        Hop last = walk.hops().getLast();
        Optional<InetAddress> foreign = last.address().filter(address -> !isOfThisMachine(address));
        return last.status().isEmpty() && foreign.isPresent() && leadsToSelf(walk, last);
    }

    private boolean leadsToSelf(Walk walk, Hop last) {
        boolean isFirst = walk.hops().size() == 1;
        return isFirst
                ? node.equals(self)
                : Stream.of("/", ":").anyMatch(end -> last.url().startsWith("http://" + self.name() + end));
    }

    private static boolean isOfThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true;
        }
    }

    private static boolean hasConnected(Walk walk) {
        return walk.hops().stream().anyMatch(hop -> hop.status().isPresent());
    }
}
