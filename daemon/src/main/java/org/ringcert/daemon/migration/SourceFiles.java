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
import org.ringcert.pki.Pem;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the other program's files, and only reads them. All that is wrong is collected, so that it is said at once.
 * Links are followed: certbot and dehydrated switch by them.
 */
final class SourceFiles {

    private static final int MOST_BYTES = 1 << 20;
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Instant now;
    private final List<String> problems = new ArrayList<>();
    private final Set<Path> unreadable = new HashSet<>();

    SourceFiles(Instant now) {
        this.now = now;
    }

    /** All that is wrong, each with the place and what to do. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** @param remedy what a person does about it */
    void problem(Path place, String what, String remedy) {
        problem(place.toString(), what, remedy);
    }

    void problem(String place, String what, String remedy) {
        String line = place + ": " + what + "; " + remedy;
        if (!problems.contains(line)) {
            problems.add(line);
        }
    }

    /**
     * Whether this user may not read the folder, or something in it that was tried. Then nobody can say what is missing
     * there.
     */
    boolean mayNotRead(Path folder) {
        return unreadable.stream().anyMatch(place -> place.startsWith(folder));
    }

    /** There is no installation, which the message says; unless this user may not look. */
    SourceException notFound(String message) {
        return unreadable.isEmpty()
                ? SourceException.elsewhere(message)
                : SourceException.unusable(String.join("\n", problems));
    }

    /** Whether there is such a file or folder. A problem is noted where this user may not look. */
    boolean isThere(Path place) {
        try {
            Files.readAttributes(place, BasicFileAttributes.class);
            return true;
        } catch (AccessDeniedException e) {
            unreadable(place);
        } catch (IOException e) {
            // nothing that could be read
        }
        return false;
    }

    /** What is there or not is no problem of itself. */
    List<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (AccessDeniedException e) {
            unreadable(folder);
            return List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /**
     * The file's content as the parser makes it; nothing, and a problem noted, where it cannot be had.
     *
     * @param parser throws an IllegalArgumentException that says, without secrets, what is wrong with "it"
     * @param remedy for a file that is missing or damaged
     */
    <T> Optional<T> read(Path file, Function<String, T> parser, String remedy) {
        try {
            // a pipe would hold the thread for ever
            if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
                problem(file, "this is no file", remedy);
                return Optional.empty();
            }
            try (InputStream in = Files.newInputStream(file)) {
                byte[] content = in.readNBytes(MOST_BYTES + 1);
                if (content.length > MOST_BYTES) {
                    problem(file, "it is larger than a megabyte", remedy);
                    return Optional.empty();
                }
                String text = withoutMark(new String(content, StandardCharsets.UTF_8));
                if (text.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("it is no text");
                }
                return Optional.of(parser.apply(text));
            }
        } catch (NoSuchFileException e) {
            problem(file, "this file is missing", remedy);
        } catch (AccessDeniedException e) {
            unreadable(file);
        } catch (IOException e) {
            problem(file, "it cannot be read (" + e.getMessage() + ")", remedy);
        } catch (IllegalArgumentException e) {
            // the message alone is known to show no secret
            problem(file, String.valueOf(e.getMessage()), remedy);
        }
        return Optional.empty();
    }

    /** Editors of other systems put a byte-order mark before a text (Unicode 16.0, section 23.8). */
    private static String withoutMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private void unreadable(Path place) {
        unreadable.add(place);
        problem(place, "user " + System.getProperty("user.name") + " may not read it", "run this command as root");
    }

    /** A certificate that is good now, with the key that belongs to it. */
    Optional<Pair> pair(Path fullchain, Path privkey, String remedy) {
        Optional<List<X509Certificate>> chain = read(fullchain, Pem::certificates, remedy);
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate leaf = chain.get().getFirst();
        if (!now.isBefore(leaf.getNotAfter().toInstant())) {
            problem(
                    fullchain,
                    "the certificate has expired, at " + leaf.getNotAfter().toInstant(),
                    remedy);
            return Optional.empty();
        }
        return read(
                        privkey,
                        text -> key(text, leaf.getPublicKey()),
                        "decrypt it if it is encrypted (`openssl pkey`), else " + remedy)
                .map(key -> new Pair(key, chain.get()));
    }

    private static KeyPair key(String text, PublicKey certified) {
        var _ = Pem.privateKey(text);
        try {
            return Pem.keyPair(text, certified);
        } catch (IllegalArgumentException e) {
            // it was read, so it is another's
            throw new IllegalArgumentException("the key is not that of the certificate beside it");
        }
    }

    /** A field of a JSON object that is a URL. */
    static URI url(String json, String field) {
        String value = object(json)
                .path(field)
                .stringValueOpt()
                .orElseThrow(() -> new IllegalArgumentException("it has no \"" + field + "\""));
        return url(value).orElseThrow(() -> new IllegalArgumentException("its \"" + field + "\" is no URL"));
    }

    static JsonNode object(String json) {
        try {
            JsonNode node = MAPPER.readTree(json);
            if (node.isObject()) {
                return node;
            }
        } catch (JacksonException e) {
            // not passed on: its message may quote a key
        }
        throw new IllegalArgumentException("it is no JSON object");
    }

    /** A URL with a host. */
    static Optional<URI> url(String written) {
        try {
            URI url = new URI(written.strip());
            boolean isWeb = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return isWeb && url.getHost() != null ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** A key and its certificate's chain, leaf first. Immutable. */
    record Pair(KeyPair key, List<X509Certificate> chain) {

        Pair {
            chain = List.copyOf(chain);
        }

        X509Certificate leaf() {
            return chain.getFirst();
        }

        /** Without the key. */
        @Override
        public String toString() {
            return "a certificate and its key";
        }
    }
}
