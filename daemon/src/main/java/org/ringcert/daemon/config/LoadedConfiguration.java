package org.ringcert.daemon.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A configuration and what its author should know about the file. Immutable.
 *
 * @param file where it was read from
 * @param notices about keys that have no effect and about what a setting costs, in the file's order
 */
public record LoadedConfiguration(Path file, Configuration configuration, List<Finding> notices) {

    public LoadedConfiguration {
        notices = List.copyOf(notices);
    }

    /** Returns a line for each notice: {@code FILE:LINE:COLUMN: note: message}. */
    public List<String> noticeLines() {
        return notices.stream().map(this::note).toList();
    }

    /**
     * Checks that the credentials for external account binding can be used by this process on this server. For commands
     * that make accounts. A problem with them concerns their CA alone, and only if there is no account there yet: once
     * there is one, its credentials are used up or not needed.
     *
     * @param hasAccount whether this server has an account at the CA with this directory
     * @return a line for each problem
     * @throws ConfigurationException if the problems leave no CA to order from; it lists them
     */
    public List<String> bindingProblems(Predicate<URI> hasAccount) throws ConfigurationException {
        List<Finding> unavailable = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (AcmeSettings ca : configuration.authorities()) {
            if (ca.configuredBinding() instanceof ConfiguredBinding.Unusable(Finding problem, var _)) {
                boolean isAvailable = hasAccount.test(ca.directory());
                if (!isAvailable) {
                    unavailable.add(problem);
                }
                lines.add(isAvailable ? note(problem) + withAccount(ca) : warning(problem) + withoutAccount(ca));
            }
        }
        if (unavailable.size() == configuration.authorities().size()) {
            throw new ConfigurationException(file, unavailable);
        }
        return lines;
    }

    private String note(Finding finding) {
        return line(finding, "note");
    }

    private String warning(Finding finding) {
        return line(finding, "warning");
    }

    private String line(Finding finding, String severity) {
        return file + ":" + finding.line() + ":" + finding.column() + ": " + severity + ": " + finding.message();
    }

    private static String withAccount(AcmeSettings ca) {
        return ". This server has an account at " + ca.label()
                + ", so certificates are renewed all the same; only a new account would need the file";
    }

    private static String withoutAccount(AcmeSettings ca) {
        return ". Until then this server has no account at " + ca.label() + " and orders nothing there";
    }
}
