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

    /** Returns a line for each notice: {@code FILE:LINE:COLUMN: message}. */
    public List<String> noticeLines() {
        return notices.stream().map(notice -> file + ":" + notice).toList();
    }

    /**
     * Checks that the credentials for external account binding can be used by this process on this server. For commands
     * that make accounts. Once there is an account, its credentials are used up or not needed, so a problem with them
     * is only noted.
     *
     * @param hasAccount whether this server has an account at the CA with this directory
     * @return a line for each problem with credentials that are not needed now
     * @throws ConfigurationException with all problems with credentials that are needed
     */
    public List<String> bindingProblems(Predicate<URI> hasAccount) throws ConfigurationException {
        List<Finding> mistakes = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (AcmeSettings ca : configuration.authorities()) {
            if (ca.configuredBinding() instanceof ConfiguredBinding.Unusable(Finding problem)) {
                if (hasAccount.test(ca.directory())) {
                    notes.add(file + ":" + problem + ". This server has an account at " + ca.label()
                            + ", so certificates are renewed all the same; only a new account would need the file");
                } else {
                    mistakes.add(problem);
                }
            }
        }
        if (!mistakes.isEmpty()) {
            throw new ConfigurationException(file, mistakes);
        }
        return notes;
    }
}
