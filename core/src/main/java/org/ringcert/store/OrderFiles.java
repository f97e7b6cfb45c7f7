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

/** {@code orders/}: the progress of each site, and the key that waits for its certificate. */
final class OrderFiles {

    private static final int PROGRESS_BYTES = 1 << 20;
    private static final int KEY_BYTES = 1 << 16;

    /** So that what is written can be read again. */
    private static final int REASON_CHARACTERS = 10_000;

    private final Disk disk;
    private final Path folder;

    OrderFiles(Disk disk, Path folder) {
        this.disk = disk;
        this.folder = folder;
    }

    Path lockFile(HostName site) {
        return folder.resolve(site + ".lock");
    }

    Progress progress(HostName site) throws StoreException {
        Optional<Kept> kept = disk.read(file(site), PROGRESS_BYTES, OrderFiles::parse, remedy(site));
        if (kept.isEmpty()) {
            return Progress.NONE;
        }
        Progress progress = kept.get().progress();
        if (progress.order().isEmpty() || !kept.get().hasKey()) {
            return progress;
        }
        Progress.PendingOrder order = progress.order().get();
        Optional<KeyPair> key = disk.read(keyFile(site), KEY_BYTES, text -> key(text, order.keyType()), remedy(site));
        if (key.isEmpty()) {
            throw new StoreException(keyFile(site) + " is missing; " + remedy(site), null);
        }
        return progress.withOrder(order.withKey(key.get()));
    }

    /** Writes what is there anew. */
    void rewrite(HostName site) throws StoreException {
        disk.write(file(site), write(progress(site), true), Mode.SECRET_FILE);
    }

    /**
     * The key is on disk before the file that speaks of it, and goes after it: at no moment does one speak of a key
     * that is another or is gone.
     */
    void keep(HostName site, Progress progress) throws StoreException {
        Optional<KeyPair> key = progress.order().flatMap(Progress.PendingOrder::key);
        if (progress.equals(Progress.NONE)) {
            disk.remove(file(site));
            disk.remove(keyFile(site));
        } else if (key.isEmpty()) {
            disk.write(file(site), write(progress, true), Mode.SECRET_FILE);
            disk.remove(keyFile(site));
        } else {
            String text = Pem.write(key.get());
            if (!disk.read(keyFile(site), KEY_BYTES, kept -> kept, remedy(site)).equals(Optional.of(text))) {
                disk.write(file(site), write(progress, false), Mode.SECRET_FILE);
                disk.write(keyFile(site), text, Mode.SECRET_FILE);
            }
            disk.write(file(site), write(progress, true), Mode.SECRET_FILE);
        }
    }

    /** What the file says, which speaks of a key and does not hold it. */
    private record Kept(Progress progress, boolean hasKey) {}

    private static Kept parse(String text) {
        Json json = Json.read(text);
        Optional<Json> order = json.object("order");
        Progress progress = new Progress(
                order.map(OrderFiles::pending),
                json.moments("spoiled"),
                json.object("failure").map(OrderFiles::failure),
                json.object("undeployed").map(OrderFiles::outstanding),
                json.object("unserved").map(OrderFiles::outstanding));
        return new Kept(progress, order.map(pending -> pending.isTrue("hasKey")).orElse(false));
    }

    private static Progress.PendingOrder pending(Json json) {
        List<HostName> names = json.texts("names").stream().map(HostName::new).toList();
        KeyType keyType = KeyType.fromLabel(json.text("keyType"))
                .orElseThrow(() -> new IllegalArgumentException("its \"keyType\" is not known"));
        return new Progress.PendingOrder(
                json.uri("directory"),
                json.uri("account"),
                json.uri("order"),
                json.optionalUri("finalize"),
                names,
                json.optionalText("profile"),
                keyType,
                Optional.empty(),
                json.moment("since"));
    }

    private static Progress.Failure failure(Json json) {
        return new Progress.Failure(
                json.number("times", 1),
                json.moment("last"),
                json.moment("next"),
                json.text("reason"),
                json.isTrue("issued"));
    }

    private static Progress.PendingTask outstanding(Json json) {
        Instant next = json.moment("next");
        // version 0.1.0 did not write when it was tried last: then it is not waited for
        Instant last = json.optionalMoment("last").orElse(next);
        return new Progress.PendingTask(json.number("failures", 0), last, next, json.text("reason"));
    }

    private static KeyPair key(String text, KeyType type) {
        KeyPair key = Pem.keyPair(text);
        if (!KeyType.of(key.getPublic()).equals(Optional.of(type))) {
            throw new IllegalArgumentException("it is no " + type.label() + " key");
        }
        return key;
    }

    private static String write(Progress progress, boolean keyIsThere) {
        ObjectNode json = Json.object();
        ArrayNode spoiled = json.putArray("spoiled");
        progress.invalidOrders().forEach(moment -> spoiled.add(moment.toString()));
        progress.order().ifPresent(order -> write(json.putObject("order"), order, keyIsThere));
        progress.failure()
                .ifPresent(failure -> json.putObject("failure")
                        .put("times", failure.count())
                        .put("last", failure.lastAttempt().toString())
                        .put("next", failure.nextAttempt().toString())
                        .put("reason", cut(failure.reason()))
                        .put("issued", failure.certificateIssued()));
        progress.pendingDeployment().ifPresent(outstanding -> write(json.putObject("undeployed"), outstanding));
        progress.pendingServedCheck().ifPresent(outstanding -> write(json.putObject("unserved"), outstanding));
        return Json.write(json);
    }

    private static void write(ObjectNode json, Progress.PendingOrder order, boolean keyIsThere) {
        json.put("directory", order.directory().toString());
        json.put("account", order.account().toString());
        json.put("order", order.order().toString());
        order.finalizeUrl().ifPresent(url -> json.put("finalize", url.toString()));
        ArrayNode names = json.putArray("names");
        order.names().forEach(name -> names.add(name.value()));
        order.profile().ifPresent(profile -> json.put("profile", profile));
        json.put("keyType", order.keyType().label());
        json.put("hasKey", keyIsThere && order.key().isPresent());
        json.put("since", order.since().toString());
    }

    private static void write(ObjectNode json, Progress.PendingTask outstanding) {
        json.put("failures", outstanding.failures())
                .put("last", outstanding.lastAttempt().toString())
                .put("next", outstanding.nextAttempt().toString())
                .put("reason", cut(outstanding.reason()));
    }

    private static String cut(String reason) {
        return reason.substring(0, Math.min(reason.length(), REASON_CHARACTERS));
    }

    private Path file(HostName site) {
        return folder.resolve(site + ".json");
    }

    private Path keyFile(HostName site) {
        return folder.resolve(site + ".key");
    }

    private String remedy(HostName site) {
        return "delete " + file(site) + " and " + keyFile(site) + ", then the order is made anew";
    }
}
