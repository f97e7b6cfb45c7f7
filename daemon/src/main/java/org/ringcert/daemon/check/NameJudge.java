package org.ringcert.daemon.check;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.cluster.AddressText;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.check.CheckFinding.Level;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.NameView;
import org.ringcert.view.ca.Problem;
import org.ringcert.view.ca.Rule;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.ca.Walk;
import org.ringcert.view.ca.Walk.Verdict;

/**
 * Puts together what all viewpoints have said about one name. A CA, too, validates from several places, and nearly all
 * of them must succeed. So a failure at any viewpoint is one, with two exceptions:
 *
 * <ul>
 *   <li>A server may not reach its own public address (hairpin NAT) or may have its own view of the DNS. If only this
 *       server fails, and peers succeed at the same addresses, that is a warning. So it is if a peer fails at its own
 *       address only, or if a redirect leads a server to itself, where it gets no answer but others do.
 *   <li>A CA prefers IPv6. If a name has an IPv6 address, a failure at an IPv4 address is a warning.
 * </ul>
 */
final class NameJudge {

    private static final Pattern TOKEN = Pattern.compile("(/\\.well-known/acme-challenge/)[A-Za-z0-9_-]{16,256}");

    private final Topic topic;
    private final HostName self;
    private final Set<Rule> tolerated;
    private final NodeAddresses nodes;

    /** @param nodes which node has which address */
    NameJudge(Topic topic, CheckScope scope, NodeAddresses nodes) {
        this.topic = topic;
        this.self = scope.self();
        this.tolerated = scope.rulesOfPublicCas();
        this.nodes = nodes;
    }

    /**
     * The judgement of a name.
     *
     * @param findings warnings and failures only; none if all is well
     * @param addresses where validations succeed
     * @param viewpoints which have seen the name
     */
    record Judgement(List<CheckFinding> findings, Set<InetAddress> addresses, Set<HostName> viewpoints) {
        boolean isGood() {
            return findings.isEmpty();
        }
    }

    /**
     * A problem at one address, or of the name as a whole.
     *
     * @param address where the walk began
     * @param unreached the address, after redirects, that did not respond
     */
    private record Located(
            Level level, Optional<InetAddress> address, Optional<InetAddress> unreached, Problem problem) {

        Located(Level level, Optional<InetAddress> address, Problem problem) {
            this(level, address, Optional.empty(), problem);
        }

        Located excused(Problem excuse) {
            return new Located(Level.WARNING, address, unreached, excuse);
        }
    }

    /** Where a problem was seen. */
    private record Places(Set<InetAddress> addresses, Set<HostName> viewpoints) {
        Places() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    private record Kind(Level level, Problem problem) {}

    /** @param sightings this server's first */
    Judgement judge(HostName name, List<Sighting> sightings) {
        Map<HostName, NameView> views = new LinkedHashMap<>();
        for (Sighting sighting : sightings) {
            if (sighting.reply() instanceof ViewpointReply.Seen(NameView view)) {
                views.put(sighting.viewpoint(), view);
            }
        }
        List<CheckFinding> findings = new ArrayList<>(problems(name, views));
        findings.addAll(undecided(name, views));
        findings.addAll(incomplete(name, views));
        findings.addAll(differentAddresses(name, views));
        return new Judgement(findings, accepted(views), views.keySet());
    }

    private List<CheckFinding> problems(HostName name, Map<HostName, NameView> views) {
        boolean onlyThisServerFails = isOnlyThisServerFailing(views);
        Map<Kind, Places> places = new LinkedHashMap<>();
        views.forEach((viewpoint, view) -> {
            for (Located each : located(view)) {
                if (isTolerated(each)) {
                    continue;
                }
                Located located = excuse(viewpoint, each, onlyThisServerFails, views);
                Places seen = places.computeIfAbsent(new Kind(located.level(), located.problem()), _ -> new Places());
                located.address().ifPresent(seen.addresses()::add);
                seen.viewpoints().add(viewpoint);
            }
        });
        List<CheckFinding> findings = new ArrayList<>();
        places.forEach((kind, seen) -> findings.add(finding(name, kind, seen, views.keySet())));
        if (onlyThisServerFails) {
            Set<HostName> others = new LinkedHashSet<>(views.keySet());
            others.remove(self);
            findings.add(CheckFinding.warning(
                    topic,
                    name,
                    "validations succeed as seen from " + Shown.list(others) + ", but not from this server, " + self
                            + ": it probably cannot reach its own public address (hairpin NAT), or its DNS differs"
                            + " from what the CA sees (split DNS)",
                    "Orders are made, because the CA looks from outside as the peers do. For a right view from here,"
                            + " set `resolver` in [check] to a public DNS server, or let the router loop back"
                            + " connections to its public address."));
        }
        return findings;
    }

    private CheckFinding finding(HostName name, Kind kind, Places seen, Set<HostName> looked) {
        Problem problem = kind.problem();
        boolean isNamed = seen.addresses().isEmpty()
                || seen.addresses().stream()
                        .anyMatch(address -> problem.what().startsWith(AddressText.of(address) + " "));
        String where = isNamed ? "" : "at " + Shown.addresses(seen.addresses()) + ": ";
        String from = seen.viewpoints().equals(looked) ? "" : " (seen from " + Shown.list(seen.viewpoints()) + ")";
        String says = problem.caSays().isEmpty() ? "" : "; the CA would say: " + problem.caSays();
        boolean nobodyElseLooked = kind.level() == Level.FAILURE
                && looked.equals(Set.of(self))
                && seen.addresses().stream().anyMatch(nodes.addressesOf(self)::contains);
        String remedy = nobodyElseLooked
                ? problem.remedy()
                        + " If this server is behind NAT, it may just not see itself; no peer has looked for it."
                : problem.remedy();
        return new CheckFinding(
                kind.level(),
                topic,
                name.value(),
                where + problem.what() + from + says,
                Optional.of(remedy.strip()).filter(text -> !text.isEmpty()));
    }

    /** Returns whether only a public CA would mind. {@link PrivateNetworkCheck} reports that for all names together. */
    private boolean isTolerated(Located located) {
        return located.level() == Level.WARNING
                && tolerated.contains(located.problem().rule());
    }

    /** Makes a warning of what a server sees only because it does not reach itself. */
    private Located excuse(
            HostName viewpoint, Located located, boolean onlyThisServerFails, Map<HostName, NameView> views) {
        Set<InetAddress> own = nodes.addressesOf(viewpoint);
        if (located.unreached().filter(own::contains).isPresent() && isAcceptedElsewhere(viewpoint, located, views)) {
            Problem problem = located.problem();
            return located.excused(new Problem(
                    problem.rule(),
                    problem.what(),
                    problem.caSays(),
                    "The redirect leads to " + viewpoint + " itself, which others reach there. A server behind NAT may"
                            + " not reach its own public address."));
        }
        boolean isBlind = viewpoint.equals(self)
                ? onlyThisServerFails
                : located.address().filter(own::contains).isPresent();
        return isBlind ? located.excused(located.problem()) : located;
    }

    private static boolean isAcceptedElsewhere(HostName viewpoint, Located located, Map<HostName, NameView> views) {
        return views.entrySet().stream()
                .filter(each -> !each.getKey().equals(viewpoint))
                .flatMap(each -> each.getValue().views().stream())
                .anyMatch(each -> isAccepted(each)
                        && located.address().filter(each.address()::equals).isPresent());
    }

    private boolean isOnlyThisServerFailing(Map<HostName, NameView> views) {
        Optional<NameView> own = Optional.ofNullable(views.get(self));
        if (own.filter(NameJudge::fails).isEmpty()) {
            return false;
        }
        return views.size() > 1
                && peers(views).allMatch(view -> !fails(view) && isAnyAccepted(view))
                && failing(own.get()).allMatch(address -> isContradicted(address, views));
    }

    private Stream<NameView> peers(Map<HostName, NameView> views) {
        return views.entrySet().stream()
                .filter(each -> !each.getKey().equals(self))
                .map(Map.Entry::getValue);
    }

    private static Stream<InetAddress> failing(NameView view) {
        return located(view).stream()
                .filter(located -> located.level() == Level.FAILURE)
                .flatMap(located -> located.address().stream());
    }

    /** Returns whether a peer succeeds at an address, or the DNS gives the address to no peer. */
    private boolean isContradicted(InetAddress address, Map<HostName, NameView> views) {
        List<AddressView> others = peers(views)
                .flatMap(view -> view.views().stream())
                .filter(each -> each.address().equals(address))
                .toList();
        return others.isEmpty() || others.stream().anyMatch(NameJudge::isAccepted);
    }

    private static boolean fails(NameView view) {
        return located(view).stream().anyMatch(located -> located.level() == Level.FAILURE);
    }

    private static boolean isAnyAccepted(NameView view) {
        return view.views().stream().anyMatch(NameJudge::isAccepted);
    }

    private static boolean isAccepted(AddressView view) {
        return view.walk().verdict() instanceof Verdict.Accepted;
    }

    private static List<Located> located(NameView view) {
        List<Located> all = new ArrayList<>();
        boolean hasIpv6 = !view.addresses().ipv6().found().isEmpty();
        view.problems()
                .forEach(problem -> all.add(new Located(Level.FAILURE, Optional.empty(), withoutToken(problem))));
        view.warnings()
                .forEach(problem -> all.add(new Located(Level.WARNING, Optional.empty(), withoutToken(problem))));
        for (AddressView each : view.views()) {
            Optional<InetAddress> address = Optional.of(each.address());
            if (each.walk().verdict() instanceof Verdict.Refused(Problem problem)) {
                boolean isSecondChoice = hasIpv6 && each.address() instanceof Inet4Address;
                all.add(new Located(
                        isSecondChoice ? Level.WARNING : Level.FAILURE,
                        address,
                        unreached(each.walk()),
                        withoutToken(problem)));
            }
            each.walk()
                    .warnings()
                    .forEach(problem -> all.add(new Located(Level.WARNING, address, withoutToken(problem))));
        }
        return all;
    }

    /** Returns the address that a redirect led to and that did not respond. */
    private static Optional<InetAddress> unreached(Walk walk) {
        return walk.redirects() == 0 || walk.lastStatus().isPresent()
                ? Optional.empty()
                : walk.hops().getLast().address();
    }

    /** Each look has a token of its own. Without it, the same problem is one finding wherever it is seen. */
    private static Problem withoutToken(Problem problem) {
        return new Problem(
                problem.rule(),
                withoutToken(problem.what()),
                withoutToken(problem.caSays()),
                withoutToken(problem.remedy()));
    }

    private static String withoutToken(String text) {
        return TOKEN.matcher(text).replaceAll("$1TOKEN");
    }

    /** Reports the addresses that no viewpoint could try. */
    private List<CheckFinding> undecided(HostName name, Map<HostName, NameView> views) {
        Map<String, Set<InetAddress>> undecided = new LinkedHashMap<>();
        Set<InetAddress> decided = new HashSet<>();
        for (NameView view : views.values()) {
            for (AddressView each : view.views()) {
                if (each.walk().verdict() instanceof Verdict.Undecided(String reason)) {
                    undecided
                            .computeIfAbsent(reason, _ -> new LinkedHashSet<>())
                            .add(each.address());
                } else {
                    decided.add(each.address());
                }
            }
        }
        List<CheckFinding> findings = new ArrayList<>();
        undecided.forEach((reason, addresses) -> {
            addresses.removeAll(decided);
            if (!addresses.isEmpty()) {
                findings.add(CheckFinding.warning(
                        topic,
                        name,
                        "nobody could validate at " + Shown.addresses(addresses) + ": " + reason,
                        "The CA has a route there and prefers IPv6. Try `ringcert check` on a server that has one, or"
                                + " remove the AAAA record if no server answers there."));
            }
        });
        return findings;
    }

    private List<CheckFinding> incomplete(HostName name, Map<HostName, NameView> views) {
        List<HostName> slow = views.entrySet().stream()
                .filter(each -> !each.getValue().complete())
                .map(Map.Entry::getKey)
                .toList();
        return slow.isEmpty()
                ? List.of()
                : List.of(CheckFinding.warning(
                        topic,
                        name,
                        "the look from " + Shown.list(slow) + " did not end in time, so not everything was seen",
                        "A server or DNS server on the way is slow or silent."));
    }

    /** Reports that the DNS gives this server and a peer addresses of which none is the same. */
    private List<CheckFinding> differentAddresses(HostName name, Map<HostName, NameView> views) {
        Optional<NameView> own = Optional.ofNullable(views.get(self));
        if (own.isEmpty() || own.get().addresses().all().isEmpty()) {
            return List.of();
        }
        Set<InetAddress> here = new LinkedHashSet<>(own.get().addresses().all());
        List<CheckFinding> findings = new ArrayList<>();
        views.forEach((viewpoint, view) -> {
            List<InetAddress> there = view.addresses().all();
            if (!there.isEmpty() && there.stream().noneMatch(here::contains)) {
                findings.add(CheckFinding.warning(
                        topic,
                        name,
                        "the DNS says " + Shown.addresses(here) + " here and " + Shown.addresses(there) + " to "
                                + viewpoint + " (split DNS)",
                        "Set `resolver` in [check] to a DNS server that sees what the CA sees."));
            }
        });
        return findings;
    }

    private static Set<InetAddress> accepted(Map<HostName, NameView> views) {
        Set<InetAddress> accepted = new LinkedHashSet<>();
        for (NameView view : views.values()) {
            view.views().stream()
                    .filter(each -> each.walk().verdict() instanceof Verdict.Accepted)
                    .map(AddressView::address)
                    .forEach(accepted::add);
        }
        return accepted;
    }
}
