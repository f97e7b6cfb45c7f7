package org.ringcert.daemon.migration;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.json.JsonFormat;
import org.ringcert.pki.Pem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;

/**
 * Reads the other program's files and never writes them. Collects all problems, so that they can be reported together.
 * Follows symbolic links: certbot and dehydrated use them to switch to a new certificate.
 */
final class InstallationFiles {

    private static final int MAX_BYTES = 1 << 20;
    private static final JsonFormat FORMAT = new JsonFormat(JsonFactory.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build());

    private final Instant now;
    private final List<String> problems = new ArrayList<>();
    private final Set<Path> unreadable = new HashSet<>();

    InstallationFiles(Instant now) {
        this.now = now;
    }

    /** Returns the problems so far, one line each: the place, what is wrong, what to do. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** @param remedy what a person can do about it */
    void addProblem(Path path, String problem, String remedy) {
        addProblem(path.toString(), problem, remedy);
    }

    /** Adds a problem, unless it is already there. */
    void addProblem(String location, String problem, String remedy) {
        String line = location + ": " + problem + "; " + remedy;
        if (!problems.contains(line)) {
            problems.add(line);
        }
    }

    /**
     * Returns true if an attempt to read the folder, or something in it, was denied to this user. Missing files cannot
     * be detected there.
     */
    boolean isDenied(Path folder) {
        return unreadable.stream().anyMatch(path -> path.startsWith(folder));
    }

    /** Returns the exception for a missing installation; if this user is not allowed to look, the one that says so. */
    MigrationException notFound(String message) {
        return unreadable.isEmpty()
                ? MigrationException.notFound(message)
                : MigrationException.unusable(String.join("\n", problems));
    }

    /** Returns true if there is such a file or folder. Adds a problem if this user is not allowed to look. */
    boolean exists(Path path) {
        try {
            Files.readAttributes(path, BasicFileAttributes.class);
            return true;
        } catch (AccessDeniedException e) {
            addUnreadable(path);
        } catch (IOException e) {
            // There is nothing that could be read.
        }
        return false;
    }

    /**
     * Returns the sorted content of a folder; nothing if it cannot be listed. Adds a problem only if access is denied.
     */
    List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (AccessDeniedException e) {
            addUnreadable(folder);
            return List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * Returns the parsed content of a file. Returns nothing and adds a problem if the file cannot be read or parsed.
     *
     * @param parser throws an IllegalArgumentException whose message says what is wrong with "it" and shows no secret
     * @param remedy for a file that is missing or damaged
     */
    <T> Optional<T> read(Path file, Function<String, T> parser, String remedy) {
        try {
            // Reading a pipe could block forever.
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                addProblem(file, "this is not a file", remedy);
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MAX_BYTES + 1);
                if (content.length > MAX_BYTES) {
                    addProblem(file, "it is larger than a megabyte", remedy);
                    return Optional.empty();
                }
                String text = withoutByteOrderMark(new String(content, StandardCharsets.UTF_8));
                if (text.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("it is not a text file");
                }
                return Optional.of(parser.apply(text));
            }
        } catch (NoSuchFileException e) {
            addProblem(file, "this file is missing", remedy);
        } catch (AccessDeniedException e) {
            addUnreadable(file);
        } catch (IOException e) {
            addProblem(file, "it cannot be read (" + e.getMessage() + ")", remedy);
        } catch (IllegalArgumentException e) {
            // Only the message is known to show no secret.
            addProblem(file, String.valueOf(e.getMessage()), remedy);
        }
        return Optional.empty();
    }

    /** Editors of other systems put a byte-order mark before a text (Unicode 16.0, section 23.8). */
    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private void addUnreadable(Path path) {
        unreadable.add(path);
        addProblem(
                path,
                "user " + System.getProperty("user.name") + " is not allowed to read it",
                "run this command as root");
    }

    /** Reads a certificate and its key. Returns nothing and adds a problem unless the certificate is valid now. */
    Optional<CertifiedKey> readCertifiedKey(Path chainFile, Path keyFile, String remedy) {
        Optional<List<X509Certificate>> chain = read(chainFile, Pem::certificates, remedy);
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate leaf = chain.get().getFirst();
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            addProblem(
                    chainFile,
                    "the certificate has expired, at " + leaf.getNotAfter().toInstant(),
                    remedy);
            return Optional.empty();
        }
        return read(
                        keyFile,
                        text -> keyPair(text, leaf.getPublicKey()),
                        "decrypt it if it is encrypted (`openssl pkey`), else " + remedy)
                .map(key -> new CertifiedKey(key, chain.get()));
    }

    private static KeyPair keyPair(String text, PublicKey certified) {
        var _ = Pem.privateKey(text);
        try {
            return Pem.keyPair(text, certified);
        } catch (IllegalArgumentException e) {
            // The key itself is readable, so it belongs to another certificate.
            throw new IllegalArgumentException("the key does not belong to the certificate beside it");
        }
    }

    /** Returns the URL in a field of a JSON object. */
    static URI urlField(String json, String field) {
        String value = jsonObject(json)
                .path(field)
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException("it has no \"" + field + "\""));
        return url(value).orElseThrow(() -> new IllegalArgumentException("its \"" + field + "\" is not a URL"));
    }

    static JsonNode jsonObject(String json) {
        try {
            JsonNode node = FORMAT.read(json);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            // Not passed on: its message may quote a key.
        }
        throw new IllegalArgumentException("it is not a JSON object");
    }

    /** Returns an http or https URL that has a host; nothing for any other text. */
    static Optional<URI> url(String text) {
        try {
            URI url = new URI(text.strip());
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return isWeb && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }
}
