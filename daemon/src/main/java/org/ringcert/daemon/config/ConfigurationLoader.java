package org.ringcert.daemon.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/** Reads the configuration file. */
public final class ConfigurationLoader {

    /** Where the file is if nothing else is said. */
    public static final Path DEFAULT_FILE = Path.of("/etc/ringcert/ringcert.toml");

    /** Parsing takes some 200 bytes of heap for each byte of the file, in a daemon that runs in 64 MB. */
    private static final int MAX_BYTES = 128 * 1024;

    private ConfigurationLoader() {}

    /**
     * Reads and checks the file (TOML 1.0 and 1.1, UTF-8, at most 128 KiB). Safe for any number of threads; blocks on
     * the disk only.
     *
     * @throws ConfigurationException if it cannot be read, or if anything in it is wrong: then with every mistake.
     *     Where the syntax is broken these are the mistakes of syntax only, as the meaning cannot be told.
     */
    public static Configuration load(Path file) throws ConfigurationException {
        return read(file, decoded(file, bytes(file)));
    }

    /**
     * Checks a text that is to stand in that file, as {@link #load} would; the file itself is not looked at. Safe for
     * any number of threads.
     *
     * @throws ConfigurationException with every mistake in it
     */
    public static Configuration read(Path file, String text) throws ConfigurationException {
        StrippedText source = StrippedText.of(text);
        TomlParseResult toml = Toml.parse(source.text());
        Findings mistakes = new Findings(source);
        if (toml.hasErrors()) {
            toml.errors().forEach(error -> mistakes.add(error.position(), reason(error, source)));
            throw new ConfigurationException(file, mistakes.found());
        }
        Optional<Configuration> configuration = new ConfigurationReader(mistakes).read(toml);
        return configuration.orElseThrow(() -> new ConfigurationException(file, mistakes.found()));
    }

    private static byte[] bytes(Path file) throws ConfigurationException {
        if (Files.notExists(file)) {
            throw new ConfigurationException(file
                    + ": there is no such file; let `ringcert setup` write it, or begin with docs/ringcert.toml,"
                    + " or name another with --config FILE");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigurationException(file + ": this is a directory; name the file in it with --config FILE");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    file + ": this is no regular file; write the configuration to one and name it with --config FILE");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new ConfigurationException(file + ": this file has more than " + MAX_BYTES / 1024
                        + " KiB and is hardly a configuration; name the right one with --config FILE");
            }
            return bytes;
        } catch (AccessDeniedException e) {
            throw new ConfigurationException(file + ": user " + System.getProperty("user.name")
                    + " may not read this file; change its mode or owner, or run the command as another user");
        } catch (IOException e) {
            throw new ConfigurationException(file + ": this file cannot be read (" + e.getMessage()
                    + "); see to the disk, or name another with --config FILE");
        }
    }

    private static String decoded(Path file, byte[] bytes) throws ConfigurationException {
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes), text, true);
        String before = text.flip().toString();
        if (result.isError()) {
            int lineStart = before.lastIndexOf('\n') + 1;
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            int column = 1 + before.codePointCount(lineStart, before.length());
            Finding mistake = new Finding(line, column, "this is not UTF-8; save the file with that encoding");
            throw new ConfigurationException(file, List.of(mistake));
        }
        return before.startsWith("\uFEFF") ? before.substring(1) : before;
    }

    private static String reason(TomlParseError error, StrippedText source) {
        String message = source.located(Findings.reason(error));
        boolean unquoted = message.matches("Unexpected '[A-Za-z/]', expected a value.*");
        return message + (unquoted ? "; text goes in double quotes" : "");
    }
}
