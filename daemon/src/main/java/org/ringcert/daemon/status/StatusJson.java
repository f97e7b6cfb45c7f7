package org.ringcert.daemon.status;

import java.time.Instant;
import java.util.Collection;
import org.ringcert.daemon.status.SiteStatus.Visibility;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.RenewalSchedule;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a node for programs. Programs rely on the keys: they may be added to, but not renamed or removed. */
public final class StatusJson {

    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private StatusJson() {}

    /** Returns the document, ending with a newline. */
    public static String of(NodeStatus status, Instant now) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("node", status.self().value());
        ArrayNode sites = root.putArray("sites");
        status.sites().forEach(site -> putSite(sites.addObject(), site, now));
        ArrayNode accounts = root.putArray("accounts");
        status.accounts().forEach(account -> putAccount(accounts.addObject(), account));
        putStrings(root, "notConfigured", status.notConfigured());
        putStrings(root, "troubles", status.problems());
        putStrings(root, "notes", status.notes());
        status.restriction().ifPresent(restriction -> root.put("notSeen", restriction));
        return MAPPER.writeValueAsString(root) + "\n";
    }

    private static void putSite(ObjectNode object, SiteStatus site, Instant now) {
        object.put("site", site.site().name().value());
        putStrings(object, "names", site.site().names());
        object.put("good", site.health() == Health.GOOD);
        object.put("seen", site.visibility() == Visibility.VISIBLE);
        site.issuer().ifPresent(issuer -> object.put("issuer", issuer));
        site.ca().ifPresent(ca -> object.put("ca", ca));
        site.serial().ifPresent(serial -> object.put("serial", serial));
        site.version()
                .map(CertificateVersion::notBefore)
                .ifPresent(notBefore -> object.put("notBefore", notBefore.toString()));
        site.version()
                .map(CertificateVersion::notAfter)
                .ifPresent(notAfter -> object.put("notAfter", notAfter.toString()));
        site.remaining(now).ifPresent(remaining -> object.put("secondsLeft", remaining.toSeconds()));
        site.nextRenewal().ifPresent(next -> object.put("nextRenewal", next.toString()));
        site.suggestion().ifPresent(suggestion -> putWindow(object.putObject("renewalWindow"), suggestion));
        site.lockHolder()
                .ifPresent(holder -> object.put("inWorkSince", holder.since().toString()));
        site.directory().ifPresent(directory -> object.put("directory", directory.toString()));
        ArrayNode failures = object.putArray("caFailures");
        site.caFailures().forEach(failure -> putFailure(failures.addObject(), failure));
        putStrings(object, "troubles", site.problems());
        putStrings(object, "notes", site.notes());
    }

    private static void putWindow(ObjectNode object, RenewalSchedule.Suggestion suggestion) {
        object.put("start", suggestion.start().toString());
        object.put("end", suggestion.end().toString());
        suggestion.explanationUrl().ifPresent(url -> object.put("explanationUrl", url));
    }

    private static void putFailure(ObjectNode object, CaFailure failed) {
        object.put("ca", failed.ca());
        object.put("directory", failed.directory().toString());
        object.put("count", failed.failure().count());
        object.put("lastAttempt", failed.failure().lastAttempt().toString());
        object.put("nextAttempt", failed.failure().nextAttempt().toString());
        failed.failure()
                .outage()
                .ifPresent(outage -> object.put("outageSince", outage.since().toString()));
        object.put("reason", failed.failure().reason());
    }

    private static void putAccount(ObjectNode object, AccountStatus account) {
        object.put("ca", account.ca());
        object.put("directory", account.directory().toString());
        object.put("registered", account.isRegistered());
        account.problem().ifPresent(problem -> object.put("problem", problem));
        account.note().ifPresent(note -> object.put("note", note));
    }

    private static void putStrings(ObjectNode object, String key, Collection<?> values) {
        ArrayNode array = object.putArray(key);
        values.forEach(value -> array.add(value.toString()));
    }
}
