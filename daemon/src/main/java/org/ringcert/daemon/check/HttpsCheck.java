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
import org.ringcert.pki.ValidityPeriod;
import org.ringcert.view.ca.AddressView;
import org.ringcert.view.ca.HttpsView;
import org.ringcert.view.ca.ViewpointReply;
import org.ringcert.view.visitor.CertificateFlaws;
import org.ringcert.view.visitor.Flaw;

/**
 * What port 443 presents for each name at each address. It makes no order fail, so nothing here is worse than a
 * warning.
 */
final class HttpsCheck implements Check {

    private static final int HTTPS_PORT = 443;

    private final CheckScope scope;
    private final Survey survey;
    private final InstantSource clock;

    HttpsCheck(CheckScope scope, Survey survey, InstantSource clock) {
        this.scope = scope;
        this.survey = survey;
        this.clock = clock;
    }

    private record HttpsFlaw(String text, String remedy) {

        static HttpsFlaw of(Flaw flaw) {
            return new HttpsFlaw(flaw.text(), flaw.remedy());
        }
    }

    @Override
    public List<CheckFinding> look() throws InterruptedException {
        List<CheckFinding> findings = new ArrayList<>();
        for (Site site : scope.sites()) {
            findings.addAll(look(site));
        }
        return findings;
    }

    private List<CheckFinding> look(Site site) throws InterruptedException {
        Map<HttpsFlaw, Set<InetAddress>> flaws = new LinkedHashMap<>();
        Map<HttpsFlaw, Set<HostName>> names = new LinkedHashMap<>();
        Set<Instant> goodUntil = new LinkedHashSet<>();
        for (HostName name : site.names()) {
            seen(name).forEach((address, https) -> {
                Optional<HttpsFlaw> flaw = flaw(site, https);
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

    private Optional<HttpsFlaw> flaw(Site site, HttpsView view) {
        return switch (view) {
            case HttpsView.Certificate certificate -> flaw(site, certificate);
            case HttpsView.None(String reason) ->
                Optional.of(new HttpsFlaw(
                        "there is no certificate, " + reason,
                        "Visitors who are redirected to https get nothing. Start the web server there: the store has a"
                                + " self-signed certificate for it until the CA has issued one (`ringcert renew"
                                + " --prepare`)."));
            case HttpsView.NotSeen _ -> Optional.empty();
        };
    }

    /** Judges by the same bounds, and in the same words, as {@code ringcert status --all} does. */
    private Optional<HttpsFlaw> flaw(Site site, HttpsView.Certificate certificate) {
        CertificateFlaws flaws = new CertificateFlaws(site, HTTPS_PORT, clock.instant());
        if (certificate.selfSigned()) {
            return Optional.of(HttpsFlaw.of(flaws.selfSigned(certificate.matchesName())));
        }
        if (!certificate.matchesName()) {
            // Each finding names those that are concerned.
            String remedy = flaws.wrongName(List.of(site.name())).remedy();
            return Optional.of(new HttpsFlaw("the certificate is for another name", remedy));
        }
        return flaws.ofDates(new ValidityPeriod(certificate.notBefore(), certificate.notAfter()))
                .map(HttpsFlaw::of);
    }

    private String remaining(Instant end) {
        return Shown.duration(Duration.between(clock.instant(), end));
    }
}
