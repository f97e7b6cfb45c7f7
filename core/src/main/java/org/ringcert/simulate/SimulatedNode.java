package org.ringcert.simulate;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.ringcert.cluster.HostName;
import org.ringcert.plan.NameSet;
import org.ringcert.renew.CaAnswers;

/** A server of the simulated cluster: what it remembers, and when it ran. Confined to one thread. */
final class SimulatedNode {

    private final int index;
    private final HostName name;
    private int account;
    private URI accountUrl;
    private final Times down = new Times();
    private final Times blind = new Times();
    private long started;
    private Duration clockError = Duration.ZERO;

    /** The sites that its configuration file lacks so far. */
    private final BitSet unknownSites = new BitSet();

    private final PeerMemory memory;
    private CaAnswers answers = new CaAnswers();

    /** For the counters: not forgotten when the store is lost. */
    private final Map<NameSet, Long> lastRefusals = new HashMap<>();

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
    }

    boolean isUp() {
        return !down.isNow();
    }

    /** Adds a reason to be down. */
    void down(long now) {
        down.begin(now);
    }

    /** Removes a reason to be down. Returns whether it was the last. */
    boolean up(long now) {
        return down.end(now);
    }

    /** Notes that its daemon starts: what that keeps in memory alone is lost. */
    void daemonStarted(long now) {
        started = now;
        answers = new CaAnswers();
    }

    boolean wasUp(long time) {
        return !down.was(time);
    }

    /** Returns for how long it ran between two times. */
    long upTime(long from, long to) {
        return to - from - down.between(from, to);
    }

    /** Returns whether its peers cannot see what it presents, although it runs. */
    boolean isBlind() {
        return blind.isNow();
    }

    /** Adds a reason why its peers cannot see it. */
    void beginBlindness(long now) {
        blind.begin(now);
    }

    /** Removes a reason why its peers cannot see it. */
    void endBlindness(long now) {
        boolean _ = blind.end(now);
    }

    /** Returns for how long the daemon that runs now can have seen a peer between two times; 0 or less if never. */
    long sightTime(SimulatedNode peer, long from, long to) {
        long begin = Math.max(from, started);
        return to - begin - down.between(begin, to) - peer.down.between(begin, to) - peer.blind.between(begin, to);
    }

    /** Returns what its running daemon knows of the CA's answers. */
    CaAnswers answers() {
        return answers;
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

    /** Notes when an order for these names was refused. Returns the time since the last one that was. */
    long refused(NameSet set, long now) {
        Long last = lastRefusals.put(set, now);
        return last == null ? IssuedCertificate.NEVER : now - last;
    }
}
