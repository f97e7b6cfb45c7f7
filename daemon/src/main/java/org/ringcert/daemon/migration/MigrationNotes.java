package org.ringcert.daemon.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Notes for a person on what the other program did for its certificates and Ringcert does not. */
final class MigrationNotes {

    private MigrationNotes() {}

    /** Returns one sentence for each note; none for certificates that Ringcert renews in the same way. */
    static List<String> on(Program program, List<FoundCertificate> certificates) {
        List<String> notes = new ArrayList<>();
        for (FoundCertificate certificate : certificates) {
            certificate
                    .formerSettings()
                    .validation()
                    .ifPresent(validation -> notes.add(certificate.name() + ": " + program.label()
                            + " had it validated by " + validation
                            + ". Ringcert uses http-01: the CA must reach port 80 of this server, or of its peers, under "
                            + certificate.site().names().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        String hooks = certificates.stream()
                .flatMap(certificate -> certificate.formerSettings().hooks().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!hooks.isEmpty()) {
            notes.add("Hooks of " + program.label() + " are not taken over: " + hooks
                    + ". What has to be done after a renewal, such as a reload, goes into [deploy] run");
        }
        addForSites(
                certificates,
                FormerSettings::keepsKey,
                notes,
                program.label()
                        + " kept the key when it renewed. Ringcert makes a new key each time, unless [acme] has reuse-key = true,"
                        + " which matters if keys are pinned (TLSA records)");
        addForSites(
                certificates,
                FormerSettings::mustStaple,
                notes,
                "Ringcert does not ask for \"must staple\" when it renews");
        // A site may have two certificates.
        return notes.stream().distinct().toList();
    }

    private static void addForSites(
            List<FoundCertificate> certificates,
            Predicate<FormerSettings> setting,
            List<String> notes,
            String sentence) {
        String sites = certificates.stream()
                .filter(certificate -> setting.test(certificate.formerSettings()))
                .map(certificate -> String.valueOf(certificate.name()))
                .distinct()
                .collect(Collectors.joining(", "));
        if (!sites.isEmpty()) {
            notes.add(sites + ": " + sentence);
        }
    }
}
