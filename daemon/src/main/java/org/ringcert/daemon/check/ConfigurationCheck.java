package org.ringcert.daemon.check;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.daemon.check.CheckFinding.Topic;
import org.ringcert.daemon.config.AcmeSettings;
import org.ringcert.daemon.config.Configuration;

/** The configuration file: it has no mistakes, or there would be no check; but it may have notices. */
final class ConfigurationCheck implements Check {

    private static final String SUBJECT = "configuration";

    private final CheckScope scope;
    private final List<String> notices;

    /** @param notices a line for each notice about the file */
    ConfigurationCheck(CheckScope scope, List<String> notices) {
        this.scope = scope;
        this.notices = List.copyOf(notices);
    }

    @Override
    public List<CheckFinding> look() {
        Configuration configuration = scope.configuration();
        List<CheckFinding> findings = new ArrayList<>();
        findings.add(CheckFinding.ok(
                Topic.CONFIGURATION,
                SUBJECT,
                Shown.count(configuration.nodes().size(), "node") + ", "
                        + Shown.count(configuration.sites().size(), "site") + ", "
                        + Shown.list(configuration.authorities().stream()
                                .map(AcmeSettings::label)
                                .toList())
                        + ", handoff " + configuration.front().handoff().label()));
        notices.forEach(notice -> findings.add(CheckFinding.warning(Topic.CONFIGURATION, SUBJECT, notice, "")));
        return findings;
    }
}
