package org.ringcert.daemon.status;

import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.ringcert.daemon.status.CertificateStatus.Visibility;
import org.ringcert.json.JsonFormat;
import org.ringcert.store.CertificateVersion;
import org.ringcert.store.FailedTest;
import org.ringcert.store.PendingTurn;
import org.ringcert.store.Postponement;
import org.ringcert.store.RenewalSchedule;
import org.ringcert.view.visitor.PeerSight;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The status of a node for programs. Programs rely on the keys: they may be added to, but not renamed or removed. */
public final class StatusJson {

    private StatusJson() {}

    /** Returns the document, indented, ending with a newline. */
    public static String of(NodeStatus status, Instant now) {
        return JsonFormat.DEFAULT.writeIndented(tree(status, now)) + "\n";
    }

    /**
     * Writes the document with the matrix and the daemon's sight of its peers, ending with a newline. Does not close
     * the writer.
     *
     * @param peers what was last seen of port 80 of each peer
     * @param now decides what has expired and how long the rest is valid
     * @throws tools.jackson.core.JacksonException if the writer fails
     */
    public static void write(
            NodeStatus status,
            MatrixView matrix,
            List<PeerSight> peers,
            Instant now,
            JsonFormat.Layout layout,
            Writer out) {
        ObjectNode root = tree(status, now);
        ArrayNode array = root.putArray("peers");
        peers.forEach(peer -> putPeer(array.addObject(), peer, now));
        write(root, matrix, now, layout, out);
    }

    /** A peer that has not been asked yet has its name only. */
    private static void putPeer(ObjectNode object, PeerSight peer, Instant now) {
        object.put("node", peer.peer().name().value());
        peer.asked().ifPresent(asked -> {
            object.put("answers", peer.silentSince().isEmpty());
            object.put("asked", asked.toString());
            object.put("secondsOld", Math.max(0, Duration.between(asked, now).toSeconds()));
        });
        peer.silentSince().ifPresent(since -> object.put("silentSince", since.toString()));
    }

    /**
     * Writes the document with the matrix, ending with a newline. Does not close the writer.
     *
     * @param now decides what has expired and how long the rest is valid
     * @throws tools.jackson.core.JacksonException if the writer fails
     */
    public static void write(NodeStatus status, MatrixView matrix, Instant now, JsonFormat.Layout layout, Writer out) {
        write(tree(status, now), matrix, now, layout, out);
    }

    /**
     * Writes the document as for a user who may not see the store.
     *
     * @param restriction what this user is not allowed to see
     * @throws tools.jackson.core.JacksonException if the writer fails
     */
    public static void writeWithoutStatus(
            String restriction, MatrixView matrix, Instant now, JsonFormat.Layout layout, Writer out) {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", matrix.self().value());
        root.put("notSeen", restriction);
        write(root, matrix, now, layout, out);
    }

    private static void write(ObjectNode root, MatrixView matrix, Instant now, JsonFormat.Layout layout, Writer out) {
        try (JsonGenerator json = JsonFormat.DEFAULT.generator(out, layout)) {
            json.writeStartObject();
            for (Map.Entry<String, JsonNode> property : root.properties()) {
                json.writeName(property.getKey());
                JsonFormat.write(property.getValue(), json);
            }
            json.writeName("nodes");
            new MatrixJson(matrix, now, json).write();
            json.writeEndObject();
            json.writeRaw("\n");
        }
    }

    private static ObjectNode tree(NodeStatus status, Instant now) {
        ObjectNode root = JsonFormat.newObject();
        root.put("node", status.self().value());
        ArrayNode sites = root.putArray("sites");
        status.certificates().forEach(certificate -> putCertificate(sites.addObject(), certificate, now));
        ArrayNode accounts = root.putArray("accounts");
        status.accounts().forEach(account -> putAccount(accounts.addObject(), account));
        putStrings(root, "notConfigured", status.notConfigured());
        putStrings(root, "troubles", status.problems());
        putStrings(root, "notes", status.notes());
        status.restriction().ifPresent(restriction -> root.put("notSeen", restriction));
        return root;
    }

    private static void putCertificate(ObjectNode object, CertificateStatus certificate, Instant now) {
        object.put("site", certificate.site().name().value());
        object.put("certificate", certificate.name().toString());
        putStrings(object, "names", certificate.site().names());
        object.put("good", certificate.health() == Health.GOOD);
        object.put("seen", certificate.visibility() == Visibility.VISIBLE);
        certificate.version().flatMap(CertificateVersion::keyType).ifPresent(type -> object.put("key", type.label()));
        certificate.issuer().ifPresent(issuer -> object.put("issuer", issuer));
        certificate.ca().ifPresent(ca -> object.put("ca", ca));
        certificate.serial().ifPresent(serial -> object.put("serial", serial));
        certificate
                .version()
                .map(CertificateVersion::notBefore)
                .ifPresent(notBefore -> object.put("notBefore", notBefore.toString()));
        certificate
                .version()
                .map(CertificateVersion::notAfter)
                .ifPresent(notAfter -> object.put("notAfter", notAfter.toString()));
        certificate.remaining(now).ifPresent(remaining -> object.put("secondsLeft", remaining.toSeconds()));
        certificate.nextRenewal().ifPresent(next -> object.put("nextRenewal", next.toString()));
        certificate.suggestion().ifPresent(suggestion -> putWindow(object.putObject("renewalWindow"), suggestion));
        certificate
                .lockHolder()
                .ifPresent(holder -> object.put("inWorkSince", holder.since().toString()));
        certificate.directory().ifPresent(directory -> object.put("directory", directory.toString()));
        ArrayNode failures = object.putArray("caFailures");
        certificate.caFailures().forEach(failure -> putFailure(failures.addObject(), failure));
        certificate.postponed().ifPresent(postponed -> putPostponement(object.putObject("postponed"), postponed));
        ArrayNode turns = object.putArray("turns");
        certificate.turns().forEach(turn -> putTurn(turns.addObject(), turn));
        certificate.failedTest().ifPresent(test -> putFailedTest(object.putObject("failedTest"), test));
        putStrings(object, "troubles", certificate.problems());
        putStrings(object, "notes", certificate.notes());
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

    private static void putPostponement(ObjectNode object, Postponement postponed) {
        object.put("since", postponed.since().toString());
        object.put("nextLook", postponed.nextLook().toString());
        object.put("orderAt", postponed.orderAt().toString());
        object.put("reason", postponed.reason());
    }

    private static void putFailedTest(ObjectNode object, FailedTest test) {
        object.put("node", test.node().value());
        object.put("waits", test.consequence().label());
        object.put("since", test.since().toString());
        object.put("nextTest", test.nextTest().toString());
        object.put("until", test.until().toString());
        object.put("reason", test.reason());
    }

    private static void putTurn(ObjectNode object, CaTurn atCa) {
        PendingTurn turn = atCa.turn();
        object.put("ca", atCa.ca());
        object.put("directory", atCa.directory().toString());
        object.put("at", turn.at().toString());
        object.put("nextLook", turn.nextLook().toString());
        object.put("cause", turn.cause().label());
        object.put("reason", turn.reason());
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
