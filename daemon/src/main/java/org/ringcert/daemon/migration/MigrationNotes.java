package org.ringcert.daemon.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a person should know about certificates that are taken over: what the other program did for them, and Ringcert
 * does not.
 */
final class MigrationNotes {

    private MigrationNotes() {}

    /** Sentences, none of them for many sites. */
    static List<String> to(Program program, List<FoundCertificate> holdings) {
        List<String> sentences = new ArrayList<>();
        for (FoundCertificate holding : holdings) {
            holding.habits()
                    .validation()
                    .ifPresent(validation -> sentences.add(holding.name() + ": " + program.label()
                            + " had it validated by " + validation
                            + ". Ringcert does so by http-01: the CA must reach port 80 of this server, or of its peers, under "
                            + holding.site().names().stream()
                                    .map(String::valueOf)
                                    .collect(Collectors.joining(", "))));
        }
        String hooks = holdings.stream()
                .flatMap(holding -> holding.habits().hooks().stream())
                .distinct()
                .collect(Collectors.joining(", "));
        if (!hooks.isEmpty()) {
            sentences.add("Hooks of " + program.label() + " are not taken over: " + hooks
                    + ". What has to be done after a renewal, a reload for example, goes into [deploy] run");
        }
        those(
                holdings,
                FormerSettings::keepsKey,
                sentences,
                program.label()
                        + " kept the key when it renewed. Ringcert makes a new one each time, which matters where keys are pinned (TLSA records)");
        those(
                holdings,
                FormerSettings::mustStaple,
                sentences,
                "Ringcert does not ask for \"must staple\" when it renews");
        return sentences;
    }

    private static void those(
            List<FoundCertificate> holdings, Predicate<FormerSettings> which, List<String> sentences, String sentence) {
        String sites = holdings.stream()
                .filter(holding -> which.test(holding.habits()))
                .map(holding -> String.valueOf(holding.name()))
                .collect(Collectors.joining(", "));
        if (!sites.isEmpty()) {
            sentences.add(sites + ": " + sentence);
        }
    }
}
