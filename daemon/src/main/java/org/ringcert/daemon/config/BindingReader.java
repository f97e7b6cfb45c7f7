package org.ringcert.daemon.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.ringcert.acme.ExternalAccountBinding;
import org.ringcert.daemon.config.ConfiguredBinding.Cause;

/** Reads the keys of {@code [acme]} for external account binding, and the files that they name. */
final class BindingReader {

    private static final String FILE = "eab-file";
    private static final String KEY_ID = "eab-kid";
    private static final String HMAC_FILE = "eab-hmac-file";

    private static final Pattern KEY_IN_BASE64 = Pattern.compile("/[A-Za-z0-9+/]{20,}={0,2}");

    private final TableReader table;

    BindingReader(TableReader table) {
        this.table = table;
    }

    /** Returns whether the table has one of the keys, even if its value is wrong. */
    boolean isConfigured() {
        return table.has(FILE) || table.has(KEY_ID) || table.has(HMAC_FILE);
    }

    /** Returns what the keys configure. A mistake in them is reported and counts as nothing configured. */
    ConfiguredBinding read() {
        Optional<Located<Path>> file = table.unquotedString(FILE, BindingReader::path);
        Optional<Located<String>> keyId = table.string(KEY_ID, BindingReader::keyId);
        Optional<Located<Path>> hmacFile = table.unquotedString(HMAC_FILE, BindingReader::path);
        if (table.has(FILE) && (table.has(KEY_ID) || table.has(HMAC_FILE))) {
            table.mistake(
                    table.positionOf(table.has(KEY_ID) ? KEY_ID : HMAC_FILE),
                    "`eab-file` names a file with both the key id and the HMAC key; write either that, or `eab-kid` and"
                            + " `eab-hmac-file`");
            return new ConfiguredBinding.None();
        }
        if (table.has(KEY_ID) != table.has(HMAC_FILE)) {
            table.mistake(
                    table.positionOf(table.has(KEY_ID) ? KEY_ID : HMAC_FILE),
                    table.has(KEY_ID)
                            ? "`eab-kid` needs `eab-hmac-file`, which names the file with the HMAC key"
                            : "`eab-hmac-file` needs `eab-kid`, the key id that belongs to the HMAC key");
            return new ConfiguredBinding.None();
        }
        if (file.isPresent()) {
            return read(
                    FILE,
                    file.get(),
                    () -> BindingText.parse(SecretFile.read(file.get().value())));
        }
        if (keyId.isPresent() && hmacFile.isPresent()) {
            return read(
                    HMAC_FILE,
                    hmacFile.get(),
                    () -> ExternalAccountBinding.parse(
                            keyId.get().value(),
                            BindingText.parseHmac(SecretFile.read(hmacFile.get().value()))));
        }
        return new ConfiguredBinding.None();
    }

    private ConfiguredBinding read(String key, Located<Path> file, Supplier<ExternalAccountBinding> credentials) {
        try {
            return new ConfiguredBinding.Usable(credentials.get());
        } catch (IllegalArgumentException e) {
            Finding problem =
                    table.finding(file.at(), "`" + key + "`" + quoted(file.value()) + ": " + Findings.reason(e));
            return new ConfiguredBinding.Unusable(
                    problem, e.getCause() instanceof AccessDeniedException ? Cause.PERMISSION : Cause.FILE);
        }
    }

    /** Not quoted is what may be a key in base64 that begins with a slash. */
    private static String quoted(Path file) {
        return looksLikeKey(file) ? "" : ", \"" + Findings.quoted(file.toString()) + "\"";
    }

    private static boolean looksLikeKey(Path file) {
        return !Files.exists(file) && KEY_IN_BASE64.matcher(file.toString()).matches();
    }

    private static Path path(String written) {
        try {
            return PathParser.parseAbsolute(written);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "this is not the path of a file; write the credentials into a file on each server, and here its"
                            + " absolute path, one that begins with /",
                    e);
        }
    }

    private static String keyId(String written) {
        if (!written.matches("[!-~]{1,1000}")) {
            throw new IllegalArgumentException("write the key id that the CA has given you, without spaces");
        }
        return written;
    }
}
