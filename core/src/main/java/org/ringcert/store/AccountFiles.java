package org.ringcert.store;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.ringcert.pki.Pem;
import tools.jackson.databind.node.ObjectNode;

/** {@code accounts/}: for each CA one file with the account's URL and its key pair. */
final class AccountFiles {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
    private static final String REMEDY = "restore it from a backup, or move it away and a new account will be made";
    private static final int ACCOUNT_BYTES = 1 << 16;

    private final Disk disk;
    private final Path folder;
    private final Clock clock;

    AccountFiles(Disk disk, Path folder, Clock clock) {
        this.disk = disk;
        this.folder = folder;
        this.clock = clock;
    }

    Path lockFile(URI caDirectory) {
        return folder.resolve(name(caDirectory) + ".lock");
    }

    Optional<StoredAccount> account(URI caDirectory) throws StoreException {
        Path file = file(caDirectory);
        return disk.read(file, ACCOUNT_BYTES, text -> parse(text, caDirectory), REMEDY);
    }

    void keep(URI caDirectory, StoredAccount account) throws StoreException {
        Optional<StoredAccount> before = account(caDirectory);
        if (before.isPresent()
                && !before.get().key().getPublic().equals(account.key().getPublic())) {
            // copied, not moved: at no moment is there no account
            disk.write(beside(caDirectory), write(caDirectory, before.get()), Mode.SECRET_FILE);
        }
        disk.write(file(caDirectory), write(caDirectory, account), Mode.SECRET_FILE);
    }

    private static String write(URI caDirectory, StoredAccount account) {
        ObjectNode json = Json.object();
        json.put("directory", caDirectory.toString());
        account.url().ifPresent(url -> json.put("account", url.toString()));
        json.put("key", Pem.write(account.key()));
        return Json.write(json);
    }

    private static StoredAccount parse(String text, URI caDirectory) {
        Json json = Json.read(text);
        if (!json.uri("directory").equals(caDirectory)) {
            throw new IllegalArgumentException("it is for another CA than " + caDirectory);
        }
        return new StoredAccount(Pem.keyPair(json.text("key")), json.optionalUri("account"));
    }

    Path file(URI caDirectory) {
        return folder.resolve(name(caDirectory) + ".json");
    }

    private Path beside(URI caDirectory) {
        String name = name(caDirectory) + "." + TIME.format(clock.instant());
        Path file = folder.resolve(name + ".json");
        for (int number = 2; disk.exists(file); number++) {
            file = folder.resolve(name + "-" + number + ".json");
        }
        return file;
    }

    /** What a person recognizes, and a hash that keeps apart what looks alike. */
    private static String name(URI caDirectory) {
        String readable = (caDirectory.getRawAuthority() + caDirectory.getRawPath())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9.]+", "-")
                .replaceAll("^[.-]+|[.-]+$", "");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(caDirectory.toString().getBytes(StandardCharsets.UTF_8));
            return readable.substring(0, Math.min(readable.length(), 100)) + "-"
                    + HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
