package org.ringcert.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
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

    private final DurableFiles files;
    private final Path directory;
    private final Clock clock;

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
        return files.read(file(caDirectory), MAX_ACCOUNT_BYTES, text -> parse(text, caDirectory), REMEDY);
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

    private <T> Optional<T> field(URI caDirectory, Function<StoredJson, Optional<T>> field) throws StoreException {
        return files.read(file(caDirectory), MAX_ACCOUNT_BYTES, text -> field.apply(StoredJson.parse(text)), REMEDY)
                .flatMap(value -> value);
    }

    void save(URI caDirectory, StoredAccount account) throws StoreException {
        Optional<StoredAccount> previous = account(caDirectory);
        if (previous.isPresent()
                && !previous.get().key().getPublic().equals(account.key().getPublic())) {
            // Copied, not renamed, so that there is an account at every moment.
            files.write(backupFile(caDirectory), write(caDirectory, previous.get()), FileMode.SECRET_FILE);
        }
        files.write(file(caDirectory), write(caDirectory, account), FileMode.SECRET_FILE);
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
                json.optionalInstant("nextAttempt"));
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
