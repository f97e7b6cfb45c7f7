package org.ringcert.simulate;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.NameSet;
import org.ringcert.plan.Refusal;

/** A server of the simulated cluster: what it remembers, and when it ran. Confined to one thread. */
final class SimulatedNode {

    private final int index;
    private final HostName name;
    private int account;
    private URI accountUrl;
    private int reasonsToBeDown;
    private int reasonsToBeBlind;
    private Duration clockError = Duration.ZERO;

    /** The starts and ends of the times when it was down, by turns; an end is missing while it is down. */
    private long[] outages = new long[8];

    private int outageEdges;

    /** The sites that its configuration file lacks so far. */
    private final BitSet unknownSites = new BitSet();

    private final PeerMemory memory;
    private final Map<NameSet, Refusal> refusals = new HashMap<>();
    private final Map<NameSet, Refusal> pastRefusals = new HashMap<>();
    private final Map<HostName, Refusal> domainRefusals = new HashMap<>();

    SimulatedNode(int index, HostName name, int account, PeerMemory memory) {
        this.memory = memory;
        this.index = index;
        this.name = name;
        this.account = account;
        this.accountUrl = accountUrl(account);
    }

    private static URI accountUrl(int number) {
        return URI.create("https://ca.example/account/" + number);
    }

    int index() {
        return index;
    }

    HostName name() {
        return name;
    }

    /** Returns the number of its account. */
    int account() {
        return account;
    }

    URI accountUrl() {
        return accountUrl;
    }

    /** Forgets all that was on its disk, and has another account. */
    void loseStore(int newAccount) {
        account = newAccount;
        accountUrl = accountUrl(newAccount);
        memory.clear();
        refusals.clear();
        pastRefusals.clear();
        domainRefusals.clear();
    }

    boolean isUp() {
        return reasonsToBeDown == 0;
    }

    void down(long now) {
        if (reasonsToBeDown++ == 0) {
            addEdge(now);
        }
    }

    /** Removes a reason to be down. Returns whether it was the last. */
    boolean up(long now) {
        if (--reasonsToBeDown > 0) {
            return false;
        }
        addEdge(now);
        return true;
    }

    private void addEdge(long now) {
        if (outageEdges == outages.length) {
            outages = Arrays.copyOf(outages, outages.length * 2);
        }
        outages[outageEdges++] = now;
    }

    boolean wasUp(long time) {
        int edges = 0;
        while (edges < outageEdges && outages[edges] <= time) {
            edges++;
        }
        return edges % 2 == 0;
    }

    /** Returns for how long it ran between two times. */
    long upTime(long from, long to) {
        long time = to - from;
        for (int i = 0; i < outageEdges; i += 2) {
            long start = Math.max(from, outages[i]);
            long end = Math.min(to, i + 1 < outageEdges ? outages[i + 1] : to);
            time -= Math.max(0, end - start);
        }
        return time;
    }

    boolean isBlind() {
        return reasonsToBeBlind > 0;
    }

    void addBlindness(int reasons) {
        reasonsToBeBlind += reasons;
    }

    /** Returns what its clock says. */
    Instant clock(long now) {
        return Instant.ofEpochMilli(now).plus(clockError);
    }

    /** Returns when its clock will say this, if nobody sets it. */
    long whenClockSays(Instant time) {
        return time.minus(clockError).toEpochMilli();
    }

    Duration clockError() {
        return clockError;
    }

    void stepClock(Duration step) {
        clockError = clockError.plus(step);
    }

    boolean knowsSite(int site) {
        return !unknownSites.get(site);
    }

    /** Returns the sites that its configuration file lacks. */
    BitSet unknownSites() {
        return unknownSites;
    }

    /** Returns what it remembers of the certificates of all nodes. */
    PeerMemory memory() {
        return memory;
    }

    /** Returns the last refusal of an order for these names by this node, since its last certificate with them. */
    Optional<Refusal> refusal(NameSet set) {
        return Optional.ofNullable(refusals.get(set));
    }

    /** Returns the last refusal of new names in a registered domain. */
    Optional<Refusal> refusal(HostName domain) {
        return Optional.ofNullable(domainRefusals.get(domain));
    }

    void refused(HostName domain, Refusal refusal) {
        domainRefusals.put(domain, refusal);
    }

    void refused(NameSet set, Refusal refusal) {
        refusals.put(set, refusal);
    }

    /** Returns the refusals from before the last certificate with these names, as far as they are remembered. */
    List<Refusal> pastRefusals(NameSet set) {
        return Optional.ofNullable(pastRefusals.get(set)).map(List::of).orElseGet(List::of);
    }

    void issued(NameSet set) {
        Refusal last = refusals.remove(set);
        if (last != null) {
            pastRefusals.put(set, last);
        }
    }
}
