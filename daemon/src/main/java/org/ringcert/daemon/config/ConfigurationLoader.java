package org.ringcert.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads and checks the configuration file. */
public final class ConfigurationLoader {

    /** The file that is read unless another is named. */
    public static final Path DEFAULT_FILE = Path.of("/etc/ringcert/ringcert.toml");

    /** Parsing takes some 200 bytes of heap for each byte of the file, and the daemon has a heap of 64 MB. */
    private static final int MAX_BYTES = 128 * 1024;

    private ConfigurationLoader() {}

    /**
     * Reads the file and returns its configuration. As {@link #loadWithNotices}, for callers that have no use for
     * notices.
     */
    public static Configuration load(Path file) throws ConfigurationException {
        return loadWithNotices(file).configuration();
    }

    /**
     * Reads and checks the file: TOML 1.0 or 1.1, UTF-8, at most 128 KiB. Safe for any number of threads. Blocks on the
     * disk only.
     *
     * @throws ConfigurationException if the file cannot be read or has mistakes. The exception lists every mistake; if
     *     there are syntax errors, only these.
     */
    public static LoadedConfiguration loadWithNotices(Path file) throws ConfigurationException {
        return parse(file, TomlFile.decode(file, readBytes(file)));
    }

    /**
     * Checks a text as {@link #loadWithNotices} would check it in that file, which need not exist. Safe for any number
     * of threads.
     *
     * @throws ConfigurationException with every mistake in the text
     */
    public static LoadedConfiguration parse(Path file, String text) throws ConfigurationException {
        TomlFile toml = TomlFile.parse(file, text);
        Configuration configuration = new ConfigurationReader(toml)
                .read()
                .orElseThrow(() -> toml.findings().exception(file));
        return new LoadedConfiguration(file, configuration, toml.findings().notices());
    }

    private static byte[] readBytes(Path file) throws ConfigurationException {
        if (Files.notExists(file)) {
            throw new ConfigurationException(file
                    + ": there is no such file; let `ringcert setup` write it, start from docs/ringcert.toml,"
                    + " or name another file with --config FILE");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigurationException(file + ": this is a directory; name a file in it with --config FILE");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigurationException(file
                    + ": this is not a regular file; write the configuration to one and name that with --config FILE");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ConfigurationException(file + ": this file is larger than " + MAX_BYTES / 1024
                        + " KiB, so it is probably not a configuration; name the right one with --config FILE");
            }
            return bytes;
        } catch (AccessDeniedException e) {
            throw new ConfigurationException(
                    file + ": user " + System.getProperty("user.name")
                            + " is not allowed to read this file; change its mode or owner, or run the command as another user");
        } catch (IOException e) {
            throw new ConfigurationException(file + ": this file cannot be read (" + e.getMessage()
                    + "); check the disk, or name another file with --config FILE");
        }
    }
}
