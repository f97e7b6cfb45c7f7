package org.ringcert.store;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.ringcert.pki.Pem;
import tools.jackson.databind.node.ObjectNode;

/** The files in {@code accounts/}: one per CA, with the URL and the key pair of this node's account there. */
final class AccountFiles {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final String REMEDY = "restore it from a backup, or move it away and a new account will be created";
    private static final int MAX_ACCOUNT_BYTES = 1 << 16;
    private static final int MAX_READABLE_NAME = 100;

    /** A longer problem is cut, so that the file does not exceed {@link #MAX_ACCOUNT_BYTES}. */
    private static final int MAX_PROBLEM_CHARACTERS = 10_000;

    /** Identifies the content of a file, because a file is never changed but replaced. */
    private static final String STAMP_ATTRIBUTES = "unix:ino,size,ctime";

    private final DurableFiles files;
    private final Path directory;
    private final Clock clock;
    private final Map<URI, ReadAccount> read = new ConcurrentHashMap<>();

    /** An account as it was read. To find out whether its keys are pairs takes two signatures each. */
    private record ReadAccount(StoredAccount account, Map<String, Object> stamp) {}

    AccountFiles(DurableFiles files, Path directory, Clock clock) {
        this.files = files;
        this.directory = directory;
        this.clock = clock;
    }

    Path lockFile(URI caDirectory) {
        return directory.resolve(name(caDirectory) + ".lock");
    }

    Path file(URI caDirectory) {
        return directory.resolve(name(caDirectory) + ".json");
    }

    Optional<StoredAccount> account(URI caDirectory) throws StoreException {
        Map<String, Object> stamp = stamp(file(caDirectory));
        Optional<ReadAccount> known = Optional.ofNullable(read.get(caDirectory))
                .filter(account -> !stamp.isEmpty() && account.stamp().equals(stamp));
        if (known.isPresent()) {
            return Optional.of(known.get().account());
        }
        Optional<StoredAccount> account =
                files.read(file(caDirectory), MAX_ACCOUNT_BYTES, text -> parse(text, caDirectory), REMEDY);
        account.ifPresent(current -> read.put(caDirectory, new ReadAccount(current, stamp)));
        return account;
    }

    /** Returns an empty stamp if there is no such file or it cannot be seen; reading it then says why. */
    private static Map<String, Object> stamp(Path file) {
        try {
            return Files.readAttributes(file, STAMP_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | RuntimeException e) {
            return Map.of();
        }
    }

    /** Returns whether there is an account with a URL. Its key is not read. */
    boolean isRegistered(URI caDirectory) throws StoreException {
        return field(caDirectory, json -> json.optionalUri("account")).isPresent();
    }

    /** Returns what the CA refused about the account. Its key is not read. */
    Optional<String> problem(URI caDirectory) throws StoreException {
        return field(caDirectory, json -> json.optionalString("problem"));
    }

    /** Returns when to repeat a failed registration. The account's key is not read. */
    Optional<Instant> nextAttempt(URI caDirectory) throws StoreException {
        return field(caDirectory, json -> json.optionalInstant("nextAttempt"));
    }

    /** Returns when this node deactivated the account. Its key is not read. */
    Optional<Instant> deactivated(URI caDirectory) throws StoreException {
        return field(caDirectory, json -> json.optionalInstant("deactivated"));
    }

    /** Returns whether the account has a next key, or was deactivated. No key is read. */
    boolean needsMaintenance(URI caDirectory) throws StoreException {
        return field(caDirectory, json -> Optional.of(json.has("nextKey") || json.has("deactivated")))
                .orElse(false);
    }

    private <T> Optional<T> field(URI caDirectory, Function<StoredJson, Optional<T>> field) throws StoreException {
        return files.read(file(caDirectory), MAX_ACCOUNT_BYTES, text -> field.apply(StoredJson.parse(text)), REMEDY)
                .flatMap(value -> value);
    }

    void save(URI caDirectory, StoredAccount account) throws StoreException {
        Optional<StoredAccount> previous = account(caDirectory);
        if (previous.isPresent() && isReplacement(account, previous.get())) {
            // Copied, not renamed, so that there is an account at every moment.
            files.write(backupFile(caDirectory), write(caDirectory, previous.get()), FileMode.SECRET_FILE);
        }
        files.write(file(caDirectory), write(caDirectory, account), FileMode.SECRET_FILE);
    }

    /** The key of an account that was rolled over is of no use to anyone any more. */
    private static boolean isReplacement(StoredAccount account, StoredAccount previous) {
        PublicKey key = account.key().getPublic();
        return !previous.key().getPublic().equals(key)
                && previous.nextKey()
                        .filter(next -> next.getPublic().equals(key))
                        .isEmpty();
    }

    private static String write(URI caDirectory, StoredAccount account) {
        ObjectNode json = StoredJson.newObject();
        json.put("directory", caDirectory.toString());
        account.url().ifPresent(url -> json.put("account", url.toString()));
        json.put("key", Pem.write(account.key()));
        account.problem()
                .ifPresent(problem ->
                        json.put("problem", problem.substring(0, Math.min(problem.length(), MAX_PROBLEM_CHARACTERS))));
        account.nextAttempt().ifPresent(time -> json.put("nextAttempt", time.toString()));
        account.registered().ifPresent(time -> json.put("registered", time.toString()));
        account.nextKey().ifPresent(key -> json.put("nextKey", Pem.write(key)));
        account.deactivated().ifPresent(time -> json.put("deactivated", time.toString()));
        return StoredJson.write(json);
    }

    private static StoredAccount parse(String text, URI caDirectory) {
        StoredJson json = StoredJson.parse(text);
        if (!json.uri("directory").equals(caDirectory)) {
            throw new IllegalArgumentException("it is for another CA than " + caDirectory);
        }
        return new StoredAccount(
                Pem.keyPair(json.string("key")),
                json.optionalUri("account"),
                json.optionalString("problem"),
                json.optionalInstant("nextAttempt"),
                json.optionalInstant("registered"),
                json.optionalString("nextKey").map(Pem::keyPair),
                json.optionalInstant("deactivated"));
    }

    private Path backupFile(URI caDirectory) {
        String name = name(caDirectory) + "." + TIME.format(clock.instant());
        Path file = directory.resolve(name + ".json");
        for (int number = 2; files.exists(file); number++) {
            file = directory.resolve(name + "-" + number + ".json");
        }
        return file;
    }

    /** Returns a file name that a person recognizes, with a hash to distinguish URLs that look alike in it. */
    private static String name(URI caDirectory) {
        String readable = (caDirectory.getRawAuthority() + caDirectory.getRawPath())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("^[.-]+|[.-]+$", "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(caDirectory.toString().getBytes(StandardCharsets.UTF_8));
            return readable.substring(0, Math.min(readable.length(), MAX_READABLE_NAME)) + "-"
                    + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
