package org.ringcert.view.ca;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.ringcert.cluster.HostName;
import org.ringcert.view.ca.ValidationRules.Strictness;

/** The rules for the URLs of a walk: port, host and path. Thread-safe. */
final class TargetRules {

    private static final int MAX_PATH_BYTES = 2000;
    /** Those of public CAs. A private CA may go there, too. */
    private static final Set<Integer> PUBLIC_PORTS = Set.of(80, 443);

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
     * @param source where the target comes from
     * @param warnings receives what is suspicious
     */
    Optional<Problem> check(Target target, UrlSource source, Consumer<Problem> warnings) {
        return checkHost(target.host(), source, warnings)
                .or(() -> checkPort(target, source, warnings))
                .or(() -> checkPath(target, source));
    }

    private Optional<Problem> checkPort(Target target, UrlSource source, Consumer<Problem> warnings) {
        int port = target.effectivePort();
        if (port > 65535) {
            return Optional.of(TargetProblems.invalidHost(source, target.authority(), "its port is above 65535"));
        }
        boolean isOfPrivateCa = rules.strictness() == Strictness.PRIVATE_CA
                && (PUBLIC_PORTS.contains(port) || rules.otherPorts().contains(port));
        if (port == rules.httpPort() || port == rules.httpsPort() || isOfPrivateCa) {
            return Optional.empty();
        }
        return refuseOrWarn(TargetProblems.otherPort(source, target.url(), port, rules), warnings);
    }

    private Optional<Problem> checkHost(Target.Host host, UrlSource source, Consumer<Problem> warnings) {
        if (host.text().isEmpty()) {
            return Optional.of(TargetProblems.invalidHost(source, "", "it is empty"));
        }
        if (host.literal().isPresent()) {
            InetAddress address = host.literal().get();
            warnings.accept(TargetProblems.ipAddressAsHost(source, host.text()));
            return internet.specialPurpose(address)
                    .flatMap(kind -> refuseOrWarn(TargetProblems.specialLiteral(source, address, kind), warnings));
        }
        if (host.text().endsWith(WELL_KNOWN)) {
            return Optional.of(TargetProblems.missingSlash(source, host.text()));
        }
        return checkName(host.text(), source, warnings);
    }

    private Optional<Problem> checkName(String host, UrlSource source, Consumer<Problem> warnings) {
        if (host.contains("_")) {
            return Optional.of(TargetProblems.invalidHost(source, host, "it contains an underscore"));
        }
        HostName name;
        try {
            name = new HostName(host);
        } catch (IllegalArgumentException e) {
            return Optional.of(TargetProblems.invalidHost(source, host, String.valueOf(e.getMessage())));
        }
        return internet.isPublic(name) ? Optional.empty() : refuseOrWarn(TargetProblems.notPublicName(host), warnings);
    }

    private static Optional<Problem> checkPath(Target target, UrlSource source) {
        return target.decodedPathLength() > MAX_PATH_BYTES
                ? Optional.of(TargetProblems.pathTooLong(source, target.decodedPathLength(), MAX_PATH_BYTES))
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
