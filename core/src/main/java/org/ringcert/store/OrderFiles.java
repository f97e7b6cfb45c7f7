package org.ringcert.store;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files in {@code orders/}: the progress of each certificate, with the keys of its pending orders. Version 0.1.0
 * kept the key in a file of its own, {@code SITE.key}; it is read, and deleted with the next change.
 */
final class OrderFiles {

    private static final int MAX_PROGRESS_BYTES = 1 << 20;
    private static final int MAX_KEY_BYTES = 1 << 16;

    /** Longer reasons are cut, so that the file does not exceed {@link #MAX_PROGRESS_BYTES}. */
    private static final int MAX_REASON_CHARACTERS = 10_000;

    private static final String AUTHORITIES = "authorities";
    private static final String TALLY = "tally";

    // Keys whose names differ from the components of Progress.
    private static final String FAILED_ORDERS = "spoiled";
    private static final String UNDEPLOYED = "undeployed";
    private static final String UNSERVED = "unserved";
    private static final String FAILED_TEST = "failedTest";

    private final DurableFiles files;
    private final Path directory;

    OrderFiles(DurableFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    Path lockFile(HostName site) {
        return directory.resolve(site + ".lock");
    }

    Progress progress(CertificateName name) throws StoreException {
        Optional<StoredProgress> stored = files.read(file(name), MAX_PROGRESS_BYTES, OrderFiles::parse, remedy(name));
        return stored.isEmpty() ? Progress.NONE : complete(name, stored.get());
    }

    /** Adds the key of the pending order, which earlier versions kept in a file of its own. */
    private Progress complete(CertificateName name, StoredProgress stored) throws StoreException {
        if (!stored.keyIsSeparate()) {
            return stored.progress();
        }
        AuthorityProgress authority = stored.progress().authorities().getFirst();
        Progress.PendingOrder order = authority.order().orElseThrow();
        Optional<KeyPair> key =
                files.read(keyFile(name), MAX_KEY_BYTES, text -> parseKey(text, order.keyType()), remedy(name));
        if (key.isEmpty()) {
            throw new StoreException(keyFile(name) + " is missing; " + remedy(name), null);
        }
        return stored.progress().with(authority.withOrder(order.withKey(key.get())));
    }

    /** Writes the stored progress again, unchanged. */
    void rewrite(CertificateName name) throws StoreException {
        files.write(file(name), write(progress(name)), FileMode.SECRET_FILE);
    }

    void save(CertificateName name, Progress progress) throws StoreException {
        if (progress.equals(Progress.NONE)) {
            files.delete(file(name));
        } else {
            files.write(file(name), write(progress), FileMode.SECRET_FILE);
        }
        files.delete(keyFile(name));
    }

    /**
     * The content of a progress file.
     *
     * @param keyIsSeparate whether the key of the only order is in a file of its own
     */
    private record StoredProgress(Progress progress, boolean keyIsSeparate) {}

    private static StoredProgress parse(String text) {
        StoredJson json = StoredJson.parse(text);
        Optional<PendingRollout> rollout = json.object(UNDEPLOYED)
                .map(OrderFiles::parseTask)
                .<PendingRollout>map(PendingRollout.Undeployed::new)
                .or(() -> json.object(UNSERVED).map(OrderFiles::parseTask).map(PendingRollout.Unserved::new));
        if (json.has(AUTHORITIES)) {
            List<AuthorityProgress> authorities = json.objects(AUTHORITIES).stream()
                    .map(OrderFiles::parseAuthority)
                    .toList();
            return new StoredProgress(
                    new Progress(authorities, rollout, json.object(FAILED_TEST).map(OrderFiles::parseTest)), false);
        }
        return parseFormerVersion(json, rollout);
    }

    /** Reads what Ringcert wrote before it knew more than one CA (0.1.0). */
    private static StoredProgress parseFormerVersion(StoredJson json, Optional<PendingRollout> rollout) {
        Optional<StoredJson> order = json.object("order");
        AuthorityProgress authority = new AuthorityProgress(
                order.map(pending -> pending.uri("directory")).orElse(AuthorityProgress.UNKNOWN_DIRECTORY),
                order.map(OrderFiles::parseOrder),
                json.instants(FAILED_ORDERS),
                json.object("failure").map(OrderFiles::parseFailure),
                Optional.empty(),
                Optional.empty());
        List<AuthorityProgress> authorities = authority.isEmpty() ? List.of() : List.of(authority);
        return new StoredProgress(
                new Progress(authorities, rollout, Optional.empty()),
                order.filter(pending -> pending.isTrue("hasKey")).isPresent());
    }

    private static AuthorityProgress parseAuthority(StoredJson json) {
        return new AuthorityProgress(
                json.uri("directory"),
                json.object("order").map(OrderFiles::parseOrder),
                json.instants(FAILED_ORDERS),
                json.object("failure").map(OrderFiles::parseFailure),
                json.object("postponed").map(OrderFiles::parsePostponement),
                json.object("turn").map(OrderFiles::parseTurn));
    }

    private static Progress.PendingOrder parseOrder(StoredJson json) {
        List<HostName> names = json.strings("names").stream().map(HostName::new).toList();
        KeyType keyType = KeyType.fromLabel(json.string("keyType"))
                .orElseThrow(() -> new IllegalArgumentException("its \"keyType\" is unknown"));
        return new Progress.PendingOrder(
                json.uri("account"),
                json.uri("order"),
                json.optionalUri("finalize"),
                names,
                json.optionalString("profile"),
                keyType,
                json.optionalString("key").map(text -> parseKey(text, keyType)),
                json.instant("since"),
                json.optionalString("chain").map(Pem::certificates).orElse(List.of()));
    }

    private static FailedTest parseTest(StoredJson json) {
        return new FailedTest(
                new HostName(json.string("node")),
                FailedTest.Consequence.labeled(json.string("waits"))
                        .orElseThrow(() -> new IllegalArgumentException("its \"waits\" is unknown")),
                json.instant("since"),
                json.instant("last"),
                json.instant("next"),
                json.instant("until"),
                json.string("reason"));
    }

    private static Progress.Failure parseFailure(StoredJson json) {
        int count = json.integer("times", 1);
        Optional<Progress.Outage> outage = json.object("outage").map(OrderFiles::parseOutage);
        return new Progress.Failure(
                count,
                json.instant("last"),
                json.instant("next"),
                json.string("reason"),
                json.isTrue("issued"),
                outage,
                json.object(TALLY)
                        .map(OrderFiles::parseTally)
                        .orElseGet(() ->
                                outage.isPresent() ? Progress.Tally.uncounted(count) : Progress.Tally.counted(count)));
    }

    private static Progress.Tally parseTally(StoredJson json) {
        FailureKind kind = FailureKind.fromLabel(json.string("latest"))
                .orElseThrow(() -> new IllegalArgumentException("its \"latest\" is unknown"));
        return new Progress.Tally(kind, json.integer("counted", 0), json.integer("uncounted", 0));
    }

    private static Progress.Outage parseOutage(StoredJson json) {
        return new Progress.Outage(
                json.instant("since"), json.integer("failures", 1), Duration.ofSeconds(json.integer("wait", 0)));
    }

    private static Postponement parsePostponement(StoredJson json) {
        return new Postponement(
                json.instant("since"),
                json.integer("looks", 1),
                json.instant("last"),
                json.instant("next"),
                json.instant("orderAt"),
                json.string("reason"));
    }

    private static PendingTurn parseTurn(StoredJson json) {
        String label = json.string("cause");
        PendingTurn.Cause cause = Arrays.stream(PendingTurn.Cause.values())
                .filter(each -> each.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("its \"cause\" is unknown"));
        return new PendingTurn(
                cause,
                json.strings("names").stream().map(HostName::new).toList(),
                json.instant("decided"),
                json.instant("at"),
                json.instant("nextLook"),
                json.string("reason"));
    }

    private static Progress.PendingTask parseTask(StoredJson json) {
        Instant nextAttempt = json.instant("next");
        // Version 0.1.0 did not write "last". If the next attempt lies in the future, Progress.asOf takes this for
        // a last attempt in the future, and the task is due now.
        Instant lastAttempt = json.optionalInstant("last").orElse(nextAttempt);
        return new Progress.PendingTask(json.integer("failures", 0), lastAttempt, nextAttempt, json.string("reason"));
    }

    private static KeyPair parseKey(String text, KeyType type) {
        KeyPair key = Pem.keyPair(text);
        if (!KeyType.of(key.getPublic()).equals(Optional.of(type))) {
            throw new IllegalArgumentException("it is not a key of type " + type.label());
        }
        return key;
    }

    private static String write(Progress progress) {
        ObjectNode json = StoredJson.newObject();
        // Version 0.1.0 needs this key, and counts the failed orders of all CAs as those of its only one.
        write(
                json.putArray(FAILED_ORDERS),
                progress.authorities().stream()
                        .flatMap(authority -> authority.failedOrders().stream())
                        .sorted()
                        .toList());
        ArrayNode authorities = json.putArray(AUTHORITIES);
        progress.authorities().forEach(authority -> write(authorities.addObject(), authority));
        progress.rollout().ifPresent(rollout -> {
            switch (rollout) {
                case PendingRollout.Undeployed(var task) -> write(json.putObject(UNDEPLOYED), task);
                case PendingRollout.Unserved(var task) -> write(json.putObject(UNSERVED), task);
            }
        });
        progress.failedTest().ifPresent(test -> write(json.putObject(FAILED_TEST), test));
        return StoredJson.write(json);
    }

    private static void write(ObjectNode json, AuthorityProgress authority) {
        json.put("directory", authority.directory().toString());
        write(json.putArray(FAILED_ORDERS), authority.failedOrders());
        authority.order().ifPresent(order -> write(json.putObject("order"), order));
        authority.failure().ifPresent(failure -> write(json.putObject("failure"), failure));
        authority.postponement().ifPresent(postponement -> write(json.putObject("postponed"), postponement));
        authority.turn().ifPresent(turn -> write(json.putObject("turn"), turn));
    }

    private static void write(ArrayNode array, List<Instant> times) {
        times.forEach(time -> array.add(time.toString()));
    }

    private static void write(ObjectNode json, Progress.PendingOrder order) {
        json.put("account", order.account().toString());
        json.put("order", order.order().toString());
        order.finalizeUrl().ifPresent(url -> json.put("finalize", url.toString()));
        ArrayNode names = json.putArray("names");
        order.names().forEach(name -> names.add(name.value()));
        order.profile().ifPresent(profile -> json.put("profile", profile));
        json.put("keyType", order.keyType().label());
        order.key().ifPresent(key -> json.put("key", Pem.write(key)));
        json.put("since", order.since().toString());
        if (!order.chain().isEmpty()) {
            json.put("chain", Pem.write(order.chain()));
        }
    }

    private static void write(ObjectNode json, FailedTest test) {
        json.put("node", test.node().value())
                .put("waits", test.consequence().label())
                .put("since", test.since().toString())
                .put("last", test.lastTest().toString())
                .put("next", test.nextTest().toString())
                .put("until", test.until().toString())
                .put("reason", cut(test.reason()));
    }

    private static void write(ObjectNode json, Progress.Failure failure) {
        json.put("times", failure.count())
                .put("last", failure.lastAttempt().toString())
                .put("next", failure.nextAttempt().toString())
                .put("reason", cut(failure.reason()))
                .put("issued", failure.certificateIssued());
        json.putObject(TALLY)
                .put("latest", failure.tally().latest().label())
                .put("counted", failure.tally().counted())
                .put("uncounted", failure.tally().uncounted());
        failure.outage()
                .ifPresent(outage -> json.putObject("outage")
                        .put("since", outage.since().toString())
                        .put("failures", outage.failures())
                        .put("wait", outage.requestedWait().toSeconds()));
    }

    private static void write(ObjectNode json, Postponement postponement) {
        json.put("since", postponement.since().toString())
                .put("looks", postponement.looks())
                .put("last", postponement.lastLook().toString())
                .put("next", postponement.nextLook().toString())
                .put("orderAt", postponement.orderAt().toString())
                .put("reason", cut(postponement.reason()));
    }

    private static void write(ObjectNode json, PendingTurn turn) {
        json.put("cause", turn.cause().label());
        ArrayNode names = json.putArray("names");
        turn.names().forEach(name -> names.add(name.value()));
        json.put("decided", turn.decided().toString())
                .put("at", turn.at().toString())
                .put("nextLook", turn.nextLook().toString())
                .put("reason", cut(turn.reason()));
    }

    private static void write(ObjectNode json, Progress.PendingTask task) {
        json.put("failures", task.failures())
                .put("last", task.lastAttempt().toString())
                .put("next", task.nextAttempt().toString())
                .put("reason", cut(task.reason()));
    }

    private static String cut(String reason) {
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARACTERS));
    }

    private Path file(CertificateName name) {
        return directory.resolve(name + ".json");
    }

    private Path keyFile(CertificateName name) {
        return directory.resolve(name + ".key");
    }

    private String remedy(CertificateName name) {
        return "delete " + file(name) + "; the certificate is then ordered again";
    }
}
