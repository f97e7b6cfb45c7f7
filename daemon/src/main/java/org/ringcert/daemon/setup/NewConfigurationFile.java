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
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.daemon.snippets.WebServer;

/** The configuration file that is to be written. */
public final class NewConfigurationFile {

    private static final String HEAD = """
            # Ringcert's configuration, the same file on every server. `ringcert setup` wrote it; from here on it is yours to edit.
            # docs/ringcert.toml shows every key. After a change, on every server: systemctl reload ringcert

            # The servers, in the order of the ring. Take one out on all others before you give up its name: whoever controls a
            # name that stands here can get certificates for every site.
            """;

    private static final String SITES = """
            # The sites. Every server has a certificate for each; the first name names it.
            """;

    private final Path path;

    /** The file at that path; nothing is looked at yet. */
    public NewConfigurationFile(Path path) {
        this.path = path.toAbsolutePath().normalize();
    }

    /** Where it is, absolute. */
    public Path path() {
        return path;
    }

    /**
     * Makes sure that there is no such file yet and that it could be written.
     *
     * @throws SetupException if there is one
     */
    public void mustBeNew() throws SetupException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw exists();
        }
        Path folder = existingFolder();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw notWritten("user " + System.getProperty("user.name") + " may not write to " + folder);
        }
    }

    private Path existingFolder() {
        Path folder = path;
        do {
            folder = Optional.ofNullable(folder.getParent()).orElse(path.getRoot());
        } while (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS));
        return folder;
    }

    /**
     * Writes it whole, mode 0644, or not at all.
     *
     * @throws SetupException if that is not possible, or a file is there by now
     */
    public void write(Answers answers) throws SetupException {
        try {
            Path folder = Optional.ofNullable(path.getParent()).orElseThrow(() -> new IOException("this is no file"));
            if (!Files.exists(folder)) {
                Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
            }
            Path draft = Files.createTempFile(folder, ".ringcert-setup-", ".toml");
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = StandardCharsets.UTF_8.encode(text(answers));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-r--r--"));
                    channel.force(true);
                }
                // not a rename, which would take the place of a file that somebody has written meanwhile
                Files.createLink(path, draft);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (AccessDeniedException e) {
            throw notWritten("user " + System.getProperty("user.name") + " may not write there");
        } catch (IOException | UnsupportedOperationException e) {
            throw notWritten(String.valueOf(e.getMessage()));
        }
    }

    private SetupException exists() {
        return new SetupException(
                path + " is there already and stays as it is: edit it, name another file with --config FILE,"
                        + " or move it away first");
    }

    private SetupException notWritten(String reason) {
        return new SetupException(
                path + " cannot be written: " + reason + "; run this as root, or name another file with --config FILE");
    }

    /** What the file says by these answers, all of which are there. */
    static String text(Answers answers) {
        StringBuilder text = new StringBuilder(HEAD);
        for (String server : answers.servers()) {
            text.append("[[node]]\nname = ").append(quoted(server)).append("\n\n");
        }
        text.append(SITES);
        for (List<String> names : answers.sites()) {
            String list = names.stream().map(NewConfigurationFile::quoted).collect(Collectors.joining(", ", "[", "]"));
            text.append("[[site]]\nnames = ").append(list).append("\n\n");
        }
        text.append("[acme]\ndirectory = ")
                .append(quoted(answers.ca().orElseThrow()))
                .append("   # letsencrypt-staging for trials, letsencrypt, or the URL of another CA's directory\n");
        answers.contact()
                .filter(contact -> !contact.isEmpty())
                .ifPresent(contact ->
                        text.append("contact = ").append(quoted(contact)).append("\n"));
        text.append("agree-to-terms = ").append(answers.agreed().orElseThrow()).append("\n\n");
        return text.append(front(answers.port80AsKnown())).toString();
    }

    private static String front(Port80 port80) {
        String listen = switch (port80) {
            case Port80.Daemon() -> "[\"[::]:80\"]   # IPv4 and IPv6; \"0.0.0.0:80\" where there is no IPv6";
            case Port80.Proxy(var server) ->
                "[\"127.0.0.1:8080\"]   # " + server.label() + " has port 80 and hands challenges over: `ringcert web "
                        + server.label() + "`";
            case Port80.Files(var server) ->
                "[]   # no daemon: " + server.label() + " serves challenges itself (`ringcert web " + server.label()
                        + "`), and a timer runs `ringcert renew`";
        };
        String server = port80.webServer().map(WebServer::service).orElse("apache2");
        return """
                [front]
                listen = %s

                [deploy]
                # What is run after new certificates, once for all sites. This lets systemd reload the web server, if it has been told to:
                # systemctl enable --now ringcert-reload@%s.path
                %srun = ["touch", "/run/ringcert/reload"]
                """.formatted(listen, server, port80.webServer().isPresent() ? "" : "# ");
    }

    /** A string of TOML, whatever stands in it. */
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
