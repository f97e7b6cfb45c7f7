package org.ringcert.daemon.check;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Site;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.ViewpointReply;

/**
 * What port 443 presents for each name at each address. It makes no order fail, so nothing here is worse than a
 * warning.
 */
final class HttpsCheck implements Check {

    /** Less than this, and the certificate should have been renewed: a third of six days, the shortest lifetime. */
    private static final Duration SOON = Duration.ofDays(2);

    private final CheckScope scope;
    private final Survey survey;
    private final InstantSource clock;

    HttpsCheck(CheckScope scope, Survey survey, InstantSource clock) {
        this.scope = scope;
        this.survey = survey;
        this.clock = clock;
    }

    private record Flaw(String text, String remedy) {}

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Site site : scope.sites()) {
            findings.addAll(look(site));
        }
        return findings;
    }

    private List<CheckFinding> look(Site site) throws InterruptedException {
        Map<Flaw, Set<InetAddress>> flaws = new LinkedHashMap<>();
        Map<Flaw, Set<HostName>> names = new LinkedHashMap<>();
        Set<Instant> goodUntil = new LinkedHashSet<>();
        for (HostName name : site.names()) {
            seen(name).forEach((address, https) -> {
                Optional<Flaw> flaw = flaw(https);
                if (flaw.isPresent()) {
                    flaws.computeIfAbsent(flaw.get(), _ -> new LinkedHashSet<>())
                            .add(address);
                    names.computeIfAbsent(flaw.get(), _ -> new LinkedHashSet<>())
                            .add(name);
                } else if (https instanceof HttpsView.Certificate certificate) {
                    goodUntil.add(certificate.notAfter());
                }
            });
        }
        List<CheckFinding> findings = new ArrayList<>();
        goodUntil.stream()
                .min(Instant::compareTo)
                .filter(_ -> flaws.isEmpty())
                .ifPresent(end -> findings.add(
                        CheckFinding.ok(Topic.HTTPS, site, "https has a certificate for another " + remaining(end))));
        flaws.forEach((flaw, addresses) -> {
            Set<HostName> affected = names.getOrDefault(flaw, Set.of());
            String which = affected.size() == site.names().size() ? "" : " for " + Shown.list(affected);
            findings.add(CheckFinding.warning(
                    Topic.HTTPS,
                    site,
                    "https" + which + " at " + Shown.addresses(addresses) + ": " + flaw.text(),
                    flaw.remedy()));
        });
        return findings;
    }

    /** Returns what was seen at each address: by this server, or by a peer if this server saw no certificate. */
    private Map<InetAddress, HttpsView> seen(HostName name) throws InterruptedException {
        Map<InetAddress, HttpsView> best = new LinkedHashMap<>();
        for (Sighting sighting : survey.of(name)) {
            if (sighting.reply() instanceof ViewpointReply.Seen(var view)) {
                for (AddressView each : view.views()) {
                    best.merge(
                            each.address(),
                            quoted(sighting.viewpoint(), each.https()),
                            (first, other) -> rank(other) > rank(first) ? other : first);
                }
            }
        }
        return best;
    }

    /** Quotes the words of a peer. */
    private HttpsView quoted(HostName viewpoint, HttpsView https) {
        return https instanceof HttpsView.None(String reason) && !viewpoint.equals(scope.self())
                ? new HttpsView.None(viewpoint + " says: " + reason)
                : https;
    }

    private static int rank(HttpsView view) {
        return switch (view) {
            case HttpsView.Certificate _ -> 2;
            case HttpsView.None _ -> 1;
            case HttpsView.NotSeen _ -> 0;
        };
    }

    private Optional<Flaw> flaw(HttpsView view) {
        return switch (view) {
            case HttpsView.Certificate certificate -> flaw(certificate);
            case HttpsView.None(String reason) ->
                Optional.of(new Flaw(
                        "there is no certificate, " + reason,
                        "Visitors who are redirected to https get nothing. Start the web server there: the store has a"
                                + " self-signed certificate for it until the CA has issued one (`ringcert renew"
                                + " --prepare`)."));
            case HttpsView.NotSeen _ -> Optional.empty();
        };
    }

    private Optional<Flaw> flaw(HttpsView.Certificate certificate) {
        Instant now = clock.instant();
        if (certificate.selfSigned() && !certificate.matchesName()) {
            return Optional.of(new Flaw(
                    "the certificate is self-signed and for another name",
                    "The web server there has its own certificate, not the store's. Give it a virtual host with this"
                            + " name on port 443 that uses the files in "
                            + scope.configuration().store()
                            + "/certs (`ringcert web SERVER --site SITE` prints one)."));
        }
        if (certificate.selfSigned()) {
            return Optional.of(new Flaw(
                    "the certificate is self-signed",
                    "That is right before the first order. After it, reload the web server, or let [deploy] do it."));
        }
        if (!certificate.matchesName()) {
            return Optional.of(new Flaw(
                    "the certificate is for another name",
                    "Give the web server a virtual host with this name on port 443 (`ringcert web SERVER --site SITE`"
                            + " prints one)."));
        }
        if (!now.isBefore(certificate.notAfter())) {
            return Optional.of(new Flaw(
                    "the certificate has expired " + Shown.duration(Duration.between(certificate.notAfter(), now))
                            + " ago",
                    "`ringcert status` on that server says whether a new one has been issued. If so, reload the web"
                            + " server, or let [deploy] do it."));
        }
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of(new Flaw(
                    "the certificate is not valid yet", "The clock of this server or of the issuer is wrong."));
        }
        Duration remaining = Duration.between(now, certificate.notAfter());
        return remaining.compareTo(SOON) < 0
                ? Optional.of(new Flaw(
                        "the certificate expires in " + Shown.duration(remaining),
                        "`ringcert status` on that server says why it has not been renewed."))
                : Optional.empty();
    }

    private String remaining(Instant end) {
        return Shown.duration(Duration.between(clock.instant(), end));
    }
}
