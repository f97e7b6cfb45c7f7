package org.ringcert.daemon.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;
import org.ringcert.daemon.process.CommandRunner;
import org.ringcert.renew.Deployer;
import org.ringcert.store.CertificateName;
import org.ringcert.store.CertificateVersion;

/**
 * Runs the administrator's commands for new certificates by {@link CommandRunner}: a common command for all sites that
 * have no command of their own, and each other site's own command.
 *
 * <p>The environment has {@code RINGCERT_SITES}, the names of the sites separated by spaces, and
 * {@code RINGCERT_CERTS}, the directory {@code certs/} of the store, which contains a directory for each certificate.
 * {@code RINGCERT_RENEWED} has the names of the new certificates, which are the names of these directories. For a
 * single site there are also {@code RINGCERT_SITE}, the name of the site, and {@code RINGCERT_DIR}, the directory
 * {@code certs/SITE} of its first certificate, whichever of its certificates are new. For several sites neither is set,
 * so that a script cannot mistake the first one for all.
 */
public final class DeployCommand implements Deployer {

    private final List<String> commonCommand;
    private final Map<HostName, List<String>> siteCommands;
    private final Path certificates;
    private final CommandRunner runner;

    /**
     * Creates a deployer for these commands. Each is a program and its arguments, without a shell; an empty one is not
     * run.
     *
     * @param commonCommand for all sites that are not in {@code siteCommands}
     * @param certificates {@code certs/} of the store
     * @param timeout for each run
     */
    public DeployCommand(
            List<String> commonCommand, Map<HostName, List<String>> siteCommands, Path certificates, Duration timeout) {
        this.commonCommand = List.copyOf(commonCommand);
        this.siteCommands = Map.copyOf(siteCommands);
        this.certificates = certificates;
        this.runner = new CommandRunner("The deploy command", certificates, timeout);
    }

    @Override
    public Map<CertificateName, String> deploy(List<CertificateVersion> versions) {
        Map<HostName, List<CertificateName>> newCertificates = versions.stream()
                .map(CertificateVersion::name)
                .collect(Collectors.groupingBy(CertificateName::site, LinkedHashMap::new, Collectors.toList()));
        List<CertificateName> common = new ArrayList<>();
        Map<CertificateName, String> failures = new HashMap<>();
        newCertificates.forEach((site, certificatesOfSite) -> {
            List<String> ownCommand = siteCommands.get(site);
            if (ownCommand == null) {
                common.addAll(certificatesOfSite);
            } else {
                failures.putAll(run(ownCommand, certificatesOfSite));
            }
        });
        failures.putAll(run(commonCommand, common));
        return failures;
    }

    /** Runs a command for new certificates and returns how it failed, if it did, for each of them. */
    private Map<CertificateName, String> run(List<String> command, List<CertificateName> renewed) {
        return failure(command, renewed)
                .map(failure -> renewed.stream().collect(Collectors.toMap(Function.identity(), _ -> failure)))
                .orElse(Map.of());
    }

    private Optional<String> failure(List<String> command, List<CertificateName> renewed) {
        return command.isEmpty() || renewed.isEmpty()
                ? Optional.empty()
                : runner.run(command, environment -> setEnvironment(environment, renewed));
    }

    private void setEnvironment(Map<String, String> environment, List<CertificateName> renewed) {
        List<HostName> sites =
                renewed.stream().map(CertificateName::site).distinct().toList();
        environment.keySet().removeAll(List.of("RINGCERT_SITE", "RINGCERT_DIR"));
        environment.put("RINGCERT_SITES", spaceSeparated(sites));
        environment.put("RINGCERT_RENEWED", spaceSeparated(renewed));
        environment.put("RINGCERT_CERTS", certificates.toString());
        if (sites.size() == 1) {
            HostName site = sites.getFirst();
            environment.put("RINGCERT_SITE", site.value());
            environment.put(
                    "RINGCERT_DIR",
                    certificates.resolve(CertificateName.first(site).toString()).toString());
        }
    }

    private static String spaceSeparated(List<?> names) {
        return names.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }
}
