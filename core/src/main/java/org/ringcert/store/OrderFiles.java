package org.ringcert.store;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The files in {@code orders/}: the progress of each site, and the key of its pending order. */
final class OrderFiles {

    private static final int MAX_PROGRESS_BYTES = 1 << 20;
    private static final int MAX_KEY_BYTES = 1 << 16;

    /** Longer reasons are cut, so that the file does not exceed {@link #MAX_PROGRESS_BYTES}. */
    private static final int MAX_REASON_CHARACTERS = 10_000;

    // Keys of the progress file whose names differ from the components of Progress: failedOrders, pendingDeployment
    // and pendingServedCheck.
    private static final String FAILED_ORDERS = "spoiled";
    private static final String PENDING_DEPLOYMENT = "undeployed";
    private static final String PENDING_SERVED_CHECK = "unserved";

    private final DurableFiles files;
    private final Path directory;

    OrderFiles(DurableFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    Path lockFile(HostName site) {
        return directory.resolve(site + ".lock");
    }

    Progress progress(HostName site) throws StoreException {
        Optional<Content> content = files.read(file(site), MAX_PROGRESS_BYTES, OrderFiles::parse, remedy(site));
        if (content.isEmpty()) {
            return Progress.NONE;
        }
        Progress progress = content.get().progress();
        if (progress.order().isEmpty() || !content.get().hasKey()) {
            return progress;
        }
        Progress.PendingOrder order = progress.order().get();
        Optional<KeyPair> key =
                files.read(keyFile(site), MAX_KEY_BYTES, text -> parseKey(text, order.keyType()), remedy(site));
        if (key.isEmpty()) {
            throw new StoreException(keyFile(site) + " is missing; " + remedy(site), null);
        }
        return progress.withOrder(order.withKey(key.get()));
    }

    /** Writes the stored progress again, unchanged. */
    void rewrite(HostName site) throws StoreException {
        writeProgress(site, progress(site));
    }

    /**
     * Saves the progress. The key file is written before the progress file refers to it, and deleted after the progress
     * file no longer does. So the progress file never refers to a key that is missing or belongs to another order.
     */
    void save(HostName site, Progress progress) throws StoreException {
        if (progress.equals(Progress.NONE)) {
            files.delete(file(site));
            files.delete(keyFile(site));
            return;
        }
        Optional<KeyPair> key = progress.order().flatMap(Progress.PendingOrder::key);
        if (key.isPresent()) {
            saveKey(site, progress, key.get());
            writeProgress(site, progress);
        } else {
            writeProgress(site, progress);
            files.delete(keyFile(site));
        }
    }

    private void saveKey(HostName site, Progress progress, KeyPair key) throws StoreException {
        String text = Pem.write(key);
        Optional<String> stored = files.read(keyFile(site), MAX_KEY_BYTES, content -> content, remedy(site));
        if (!stored.equals(Optional.of(text))) {
            writeProgress(
                    site, progress.withOrder(progress.order().orElseThrow().withoutKey()));
            files.write(keyFile(site), text, FileMode.SECRET_FILE);
        }
    }

    private void writeProgress(HostName site, Progress progress) throws StoreException {
        files.write(file(site), write(progress), FileMode.SECRET_FILE);
    }

    /** The content of a progress file, which says whether there is a key but does not contain it. */
    private record Content(Progress progress, boolean hasKey) {}

    private static Content parse(String text) {
        StoredJson json = StoredJson.parse(text);
        Optional<StoredJson> order = json.object("order");
        Progress progress = new Progress(
                order.map(OrderFiles::parseOrder),
                json.instants(FAILED_ORDERS),
                json.object("failure").map(OrderFiles::parseFailure),
                json.object(PENDING_DEPLOYMENT).map(OrderFiles::parseTask),
                json.object(PENDING_SERVED_CHECK).map(OrderFiles::parseTask));
        return new Content(
                progress, order.map(pending -> pending.isTrue("hasKey")).orElse(false));
    }

    private static Progress.PendingOrder parseOrder(StoredJson json) {
        List<HostName> names = json.strings("names").stream().map(HostName::new).toList();
        KeyType keyType = KeyType.fromLabel(json.string("keyType"))
                .orElseThrow(() -> new IllegalArgumentException("its \"keyType\" is unknown"));
        return new Progress.PendingOrder(
                json.uri("directory"),
                json.uri("account"),
                json.uri("order"),
                json.optionalUri("finalize"),
                names,
                json.optionalString("profile"),
                keyType,
                Optional.empty(),
                json.instant("since"));
    }

    private static Progress.Failure parseFailure(StoredJson json) {
        return new Progress.Failure(
                json.integer("times", 1),
                json.instant("last"),
                json.instant("next"),
                json.string("reason"),
                json.isTrue("issued"));
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
        ArrayNode failedOrders = json.putArray(FAILED_ORDERS);
        progress.failedOrders().forEach(time -> failedOrders.add(time.toString()));
        progress.order().ifPresent(order -> write(json.putObject("order"), order));
        progress.failure()
                .ifPresent(failure -> json.putObject("failure")
                        .put("times", failure.count())
                        .put("last", failure.lastAttempt().toString())
                        .put("next", failure.nextAttempt().toString())
                        .put("reason", cut(failure.reason()))
                        .put("issued", failure.certificateIssued()));
        progress.pendingDeployment().ifPresent(task -> write(json.putObject(PENDING_DEPLOYMENT), task));
        progress.pendingServedCheck().ifPresent(task -> write(json.putObject(PENDING_SERVED_CHECK), task));
        return StoredJson.write(json);
    }

    private static void write(ObjectNode json, Progress.PendingOrder order) {
        json.put("directory", order.directory().toString());
        json.put("account", order.account().toString());
        json.put("order", order.order().toString());
        order.finalizeUrl().ifPresent(url -> json.put("finalize", url.toString()));
        ArrayNode names = json.putArray("names");
        order.names().forEach(name -> names.add(name.value()));
        order.profile().ifPresent(profile -> json.put("profile", profile));
        json.put("keyType", order.keyType().label());
        json.put("hasKey", order.key().isPresent());
        json.put("since", order.since().toString());
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

    private Path file(HostName site) {
        return directory.resolve(site + ".json");
    }

    private Path keyFile(HostName site) {
        return directory.resolve(site + ".key");
    }

    private String remedy(HostName site) {
        return "delete " + file(site) + " and " + keyFile(site) + "; the certificate is then ordered again";
    }
}
