package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Consumer;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.ValidationRules.Strictness;

/** The rules for the URLs of a walk: port, host and path. Thread-safe. */
final class TargetRules {

    private static final int MAX_PATH_BYTES = 2000;
    private static final String WELL_KNOWN = ".well-known";

    private final ValidationRules rules;

    private final PublicInternet internet;

    TargetRules(ValidationRules rules, PublicInternet internet) {
        this.rules = rules;
        this.internet = internet;
    }

    /**
     * Returns why a CA would not request the target; empty if it would.
     *
     * @param warnings receives what is suspicious
     */
    Optional<Problem> check(Target target, Consumer<Problem> warnings) {
        return checkHost(target.host(), warnings)
                .or(() -> checkPort(target, warnings))
                .or(() -> checkPath(target));
    }

    private Optional<Problem> checkPort(Target target, Consumer<Problem> warnings) {
        int port = target.effectivePort();
        if (port > 65535) {
            return Optional.of(TargetProblems.invalidHost(target.authority(), "its port is above 65535"));
        }
        boolean isOfCluster = rules.strictness() == Strictness.PRIVATE_CA
                && rules.otherPorts().contains(port);
        if (port == rules.httpPort() || port == rules.httpsPort() || isOfCluster) {
            return Optional.empty();
        }
        return refuseOrWarn(TargetProblems.otherPort(target.url(), port, rules), warnings);
    }

    private Optional<Problem> checkHost(Target.Host host, Consumer<Problem> warnings) {
        if (host.text().isEmpty()) {
            return Optional.of(TargetProblems.invalidHost("", "it is empty"));
        }
        if (host.literal().isPresent()) {
            InetAddress address = host.literal().get();
            warnings.accept(TargetProblems.ipAddressAsHost(host.text()));
            return internet.specialPurpose(address)
                    .flatMap(kind -> refuseOrWarn(TargetProblems.specialAddress(host.text(), address, kind), warnings));
        }
        if (host.text().endsWith(WELL_KNOWN)) {
            return Optional.of(TargetProblems.missingSlash(host.text()));
        }
        return checkName(host.text(), warnings);
    }

    private Optional<Problem> checkName(String host, Consumer<Problem> warnings) {
        if (host.contains("_")) {
            return Optional.of(TargetProblems.invalidHost(host, "it contains an underscore"));
        }
        HostName name;
        try {
            name = new HostName(host);
        } catch (IllegalArgumentException e) {
            return Optional.of(TargetProblems.invalidHost(host, String.valueOf(e.getMessage())));
        }
        return internet.isPublic(name) ? Optional.empty() : refuseOrWarn(TargetProblems.notPublicName(host), warnings);
    }

    private static Optional<Problem> checkPath(Target target) {
        return target.decodedPathLength() > MAX_PATH_BYTES
                ? Optional.of(TargetProblems.pathTooLong(target.decodedPathLength(), MAX_PATH_BYTES))
                : Optional.empty();
    }

    /** What a public CA refuses and a private one may accept. */
    private Optional<Problem> refuseOrWarn(Problem problem, Consumer<Problem> warnings) {
        if (rules.strictness() == Strictness.PUBLIC_CA) {
            return Optional.of(problem);
        }
        warnings.accept(problem);
        return Optional.empty();
    }
}
