package org.ringcert.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import org.ringcert.plan.Limits;

/** Loads limits files: TOML with the limits of CAs. */
final class LimitsFile {

    private static final int MAX_BYTES = 64 * 1024;

    private static final String BUNDLED = "letsencrypt-limits.toml";

    private LimitsFile() {}

    /**
     * Returns the path of a file that can be read.
     *
     * @throws IllegalArgumentException if there is none at this path; the message says what to do
     */
    static Path check(String written) {
        Path file = PathParser.parseAbsolute(written);
        if (Files.notExists(file)) {
            throw new IllegalArgumentException(
                    "there is no such file; write the CA's limits there as docs/limits.md shows, or leave the key out");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException("this is not a regular file; name a file with the CA's limits");
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("user " + System.getProperty("user.name")
                    + " is not allowed to read this file; limits are not secret, so change its mode to 0644");
        }
        return file;
    }

    /**
     * Reads a file.
     *
     * @return the limits of each CA by its directory
     * @throws ConfigurationException with every mistake in the file, or if it cannot be read
     */
    static Map<URI, Limits> read(Path file) throws ConfigurationException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new ConfigurationException(file + ": this file cannot be read: " + Findings.reason(e)
                    + "; check the disk, or name another file");
        }
        if (bytes.length > MAX_BYTES) {
            throw new ConfigurationException(file + ": this file is larger than " + MAX_BYTES / 1024
                    + " KiB, so it probably has other things than limits; name the right one");
        }
        return parse(file, bytes);
    }

    private static Map<URI, Limits> parse(Path file, byte[] bytes) throws ConfigurationException {
        TomlFile toml = TomlFile.parse(file, TomlFile.decode(file, bytes));
        // A source may be of today in a time zone where tomorrow has begun.
        LocalDate tomorrow = LocalDate.now(ZoneOffset.UTC).plusDays(1);
        return new LimitsReader(toml, tomorrow)
                .read()
                .orElseThrow(() -> toml.findings().exception(file));
    }

    /** Returns the limits of Let's Encrypt that this version came with, for production and staging. */
    static Map<URI, Limits> bundled() {
        InputStream file = Objects.requireNonNull(
                LimitsFile.class.getResourceAsStream(BUNDLED), "the limits of Let's Encrypt are not in the jar");
        try (file) {
            return parse(Path.of(BUNDLED), file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }
}
