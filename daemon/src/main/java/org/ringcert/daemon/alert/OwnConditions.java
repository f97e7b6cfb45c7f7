package org.ringcert.daemon.alert;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.alert.Condition.Subject;
import org.ringcert.daemon.status.AccountStatus;
import org.ringcert.daemon.status.CaNames;
import org.ringcert.daemon.status.CertificateStatus;
import org.ringcert.daemon.status.NodeStatus;
import org.ringcert.daemon.status.RenewalMessages;
import org.ringcert.issue.CertificateSpec;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.Origin;
import org.ringcert.store.PendingRollout;

/**
 * What of this node's status needs a person. `ringcert status` lists a problem as soon as there is one. Most of them
 * end without a person, so an alert waits longer.
 */
public final class OwnConditions {

    /** At the start, a certificate that expired while the node was off is renewed within a minute or two. */
    private static final Duration AT_RISK = Duration.ofMinutes(10);

    private static final Duration STANDARD = Duration.ofHours(1);

    /** CAs are down for hours. Nobody here can help, and renewals begin weeks before the certificate expires. */
    private static final Duration CA_OUTAGE = Duration.ofDays(1);

    /** A certificate is at risk when one of this many parts of its lifetime remains. Most are renewed at a third. */
    private static final int RISK_PARTS = 6;

    private final HostName self;
    private final CaNames names;
    private final Instant now;
    private final List<Condition> conditions = new ArrayList<>();

    private OwnConditions(HostName self, CaNames names, Instant now) {
        this.self = self;
        this.names = names;
        this.now = now;
    }

    /**
     * Returns the conditions at this moment.
     *
     * @param rollouts what is still to be done for the current version of certificates, by their names
     */
    public static Survey of(
            NodeStatus status, Map<CertificateName, PendingRollout> rollouts, CaNames names, Instant now) {
        OwnConditions own = new OwnConditions(status.self(), names, now);
        for (CertificateStatus certificate : status.certificates()) {
            Optional<String> deployment = own.deployment(Optional.ofNullable(rollouts.get(certificate.name())));
            deployment.ifPresent(
                    text -> own.add(certificate(AlertKind.DEPLOYMENT, own.self, certificate.name()), text, STANDARD));
            own.addCertificate(certificate, deployment);
        }
        status.accounts().forEach(own::addAccount);
        status.storeProblem().ifPresent(own::addStore);
        return new Survey(own.conditions, Set.of());
    }

    /**
     * Returns the conditions at a moment when the store cannot be read: nothing is known about what is in it.
     *
     * @param reason why it cannot be read, in sentences
     */
    public static Survey ofUnreadableStore(HostName self, List<CertificateSpec> specs, String reason, Instant now) {
        OwnConditions own = new OwnConditions(self, new CaNames(_ -> Optional.empty(), List.of()), now);
        own.addStore(reason);
        Set<String> unknown = new HashSet<>();
        for (CertificateSpec spec : specs) {
            unknown.add(certificate(AlertKind.CERTIFICATE, self, spec.name()).id());
            unknown.add(certificate(AlertKind.DEPLOYMENT, self, spec.name()).id());
            spec.sources()
                    .forEach(source ->
                            unknown.add(account(self, source.directory()).id()));
        }
        return new Survey(own.conditions, unknown);
    }

    private Optional<String> deployment(Optional<PendingRollout> rollout) {
        RenewalMessages messages = RenewalMessages.ofStatus(names);
        return rollout.filter(pending -> pending.task().failures() > 0).map(pending -> switch (pending) {
            case PendingRollout.Undeployed(var task) -> messages.notDeployed(task.reason(), task.nextAttempt());
            case PendingRollout.Unserved(var task) -> messages.notServed(task.reason(), task.nextAttempt());
        });
    }

    private void addCertificate(CertificateStatus certificate, Optional<String> deployment) {
        String text = certificate.problems().stream()
                .filter(problem -> deployment.filter(problem::equals).isEmpty())
                .map(problem -> problem.endsWith(".") ? problem : problem + ".")
                .collect(Collectors.joining(" "));
        if (!text.isEmpty()) {
            add(certificate(AlertKind.CERTIFICATE, self, certificate.name()), text, grace(certificate));
        }
    }

    private Duration grace(CertificateStatus certificate) {
        Optional<CertificateVersion> issued =
                certificate.version().filter(version -> !(version.origin() instanceof Origin.SelfSigned));
        if (issued.filter(this::isAtRisk).isPresent()) {
            return AT_RISK;
        }
        boolean isOutageOnly = !certificate.caFailures().isEmpty()
                && certificate.caFailures().stream()
                        .allMatch(failed -> failed.failure().outage().isPresent());
        return issued.isPresent() && isOutageOnly ? CA_OUTAGE : STANDARD;
    }

    private boolean isAtRisk(CertificateVersion version) {
        return !now.isBefore(version.notAfter().minus(version.lifetime().dividedBy(RISK_PARTS)));
    }

    private void addAccount(AccountStatus status) {
        status.problem().ifPresent(problem -> add(account(self, status.directory()), problem, STANDARD));
    }

    private void addStore(String problem) {
        add(new Subject(AlertKind.STORE, self, Optional.empty(), ""), problem, AT_RISK);
    }

    private void add(Subject subject, String text, Duration grace) {
        String about = subject.kind() == AlertKind.CERTIFICATE || subject.kind() == AlertKind.DEPLOYMENT
                ? subject.part() + " on " + self + ": "
                : self + ": ";
        conditions.add(new Condition(subject, about + text, grace, now));
    }

    private static Subject certificate(AlertKind kind, HostName self, CertificateName name) {
        return new Subject(kind, self, Optional.of(name.site()), name.toString());
    }

    private static Subject account(HostName self, URI directory) {
        return new Subject(AlertKind.ACCOUNT, self, Optional.empty(), directory.toString());
    }
}
