package org.ringcert.daemon.setup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.daemon.snippets.ServingMode;
import org.ringcert.daemon.snippets.WebServer;

/** The configuration file to write. Never replaces an existing one. */
public final class NewConfigurationFile {

    private static final String HEAD = """
            # Ringcert's configuration, the same file on every server. `ringcert setup` wrote it; from now on, edit it
            # by hand. docs/ringcert.toml shows every key. After a change, run this on every server:
            # @activate@

            # The servers, in the order of the ring. Before you give up the name of a server, remove the server from
            # this file on all others: whoever controls a name in this list can get certificates for every site.
            """;

    private static final String SITES = """
            # The sites. Every server gets a certificate for each; the first name is the name of the certificate.
            """;

    private final Path path;

    /** @param path where to write it; not checked yet */
    public NewConfigurationFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Returns the absolute path. */
    public Path path() {
        return path;
    }

    /**
     * Checks that the file does not exist yet and that it can be written.
     *
     * @throws SetupException if not
     */
    public void checkCanBeCreated() throws SetupException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw alreadyExists();
        }
        Path directory = nearestExistingDirectory();
        if (!Files.isDirectory(directory) || !Files.isWritable(directory)) {
            throw notWritten("user " + System.getProperty("user.name") + " is not allowed to write to " + directory);
        }
    }

    private Path nearestExistingDirectory() {
        Path directory = path;
        do {
            directory = Optional.ofNullable(directory.getParent()).orElse(path.getRoot());
        } while (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS));
        return directory;
    }

    /**
     * Writes the file with mode 0644, completely or not at all.
     *
     * @throws SetupException if that is impossible, or the file exists by now
     */
    public void write(Answers answers) throws SetupException {
        try {
            Path directory =
                    Optional.ofNullable(path.getParent()).orElseThrow(() -> new IOException("it is not a file"));
            if (!Files.exists(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            }
            Path draft = Files.createTempFile(directory, ".ringcert-setup-", ".toml");
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(answers));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
                    channel.force(true);
                }
                // A link, because a rename would replace a file that somebody else has written in the meantime.
                Files.createLink(path, draft);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (FileAlreadyExistsException e) {
            throw alreadyExists();
        } catch (AccessDeniedException e) {
            throw notWritten("user " + System.getProperty("user.name") + " is not allowed to write there");
        } catch (IOException | UnsupportedOperationException e) {
            throw notWritten(String.valueOf(e.getMessage()));
        }
    }

    private SetupException alreadyExists() {
        return new SetupException(
                path + " already exists and is never replaced: edit it, name another file with --config FILE,"
                        + " or move it away first");
    }

    private SetupException notWritten(String reason) {
        return new SetupException(
                path + " cannot be written: " + reason + "; run this as root, or name another file with --config FILE");
    }

    /** Returns the content of the file. The answers must be complete. */
    static String text(Answers answers) {
        String activation = answers.parsedPort80() instanceof Port80.FilesOnPort80
                ? "systemctl start ringcert-renew"
                : "systemctl reload ringcert";
        StringBuilder text = new StringBuilder(HEAD.replace("@activate@", activation));
        for (String server : answers.servers()) {
            text.append("[[node]]\nname = ").append(quoted(server)).append("\n\n");
        }
        text.append(SITES);
        for (SiteNames site : answers.sites()) {
            String list =
                    site.names().stream().map(NewConfigurationFile::quoted).collect(Collectors.joining(", ", "[", "]"));
            text.append("[[site]]\nnames = ").append(list).append("\n\n");
        }
        text.append("[acme]\ndirectory = ")
                .append(quoted(answers.ca().orElseThrow()))
                .append("   # letsencrypt-staging for testing, another CA's name, or the URL of its directory\n");
        answers.contact()
                .filter(contact -> !contact.isEmpty())
                .ifPresent(contact ->
                        text.append("contact = ").append(quoted(contact)).append("\n"));
        answers.credentialsFile()
                .ifPresent(credentials -> text.append("eab-file = ")
                        .append(quoted(credentials))
                        .append("   # on each server; two lines: kid = ... and hmac = ...\n"));
        text.append("agree-to-terms = ")
                .append(answers.terms().orElseThrow() == Terms.ACCEPTED)
                .append("\n\n");
        return text.append(front(answers.parsedPort80())).toString();
    }

    private static String front(Port80 port80) {
        String listen = switch (port80) {
            case Port80.DaemonOnPort80() -> "[\"[::]:80\"]   # IPv4 and IPv6; write \"0.0.0.0:80\" if there is no IPv6";
            case Port80.ProxyOnPort80(var server) ->
                "[\"" + ServingMode.USUAL_DAEMON_ADDRESS + "\"]   # " + server.label()
                        + " uses port 80 and hands challenges over: `ringcert web " + server.label() + "`";
            case Port80.FilesOnPort80(var server) ->
                "[]   # no daemon: " + server.label() + " serves challenges itself (`ringcert web " + server.label()
                        + "`), and a timer runs `ringcert renew`";
        };
        String server = port80.webServer().map(WebServer::service).orElse("apache2");
        return """
                [front]
                listen = %s

                [deploy]
                # A command to run after new certificates, once for all sites. With this one, systemd reloads the web
                # server, after: systemctl enable --now ringcert-reload@%s.path
                %srun = ["touch", "/run/ringcert/reload"]
                """.formatted(listen, server, port80.webServer().isPresent() ? "" : "# ");
    }

    /** Returns the text as a TOML string, whatever characters it has. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < 0x20 || c == 0x7f || Character.getType(c) == Character.SURROGATE) {
                quoted.append(String.format("\\u%04X", Character.getType(c) == Character.SURROGATE ? 0xFFFD : c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
