package org.ringcert.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.ringcert.pki.Pem;
import org.ringcert.store.Store.Access;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** The links in {@code certs/} and the certificate versions in {@code versions/}. */
final class CertificateFiles {

    private static final Logger log = LoggerFactory.getLogger(CertificateFiles.class);

    /** How long a replaced version is kept, for programs that resolved the link before it was switched. */
    private static final Duration RETENTION = Duration.ofDays(1);

    private static final String CERTIFICATE = "cert.pem";
    private static final String CHAIN = "chain.pem";
    private static final String FULL_CHAIN = "fullchain.pem";
    private static final String PRIVATE_KEY = "privkey.pem";
    private static final String COMBINED = "combined.pem";
    private static final String ORIGIN = "origin.json";
    private static final String RENEWAL = "renewal.json";

    private static final int MAX_CHAIN_BYTES = Pem.MAX_LENGTH;
    private static final int MAX_KEY_BYTES = 1 << 16;
    private static final int MAX_ORIGIN_BYTES = 1 << 16;
    private static final int MAX_RENEWAL_BYTES = 1 << 16;

    private final DurableFiles files;
    private final Path links;
    private final Path versions;
    private final Clock clock;
    private final Access access;
    private final RevocationFiles revocations;
    private final Map<CertificateName, Verified> verified = new ConcurrentHashMap<>();

    CertificateFiles(DurableFiles files, StoreLayout layout, Clock clock, Access access) {
        this.files = files;
        this.links = layout.certificates();
        this.versions = layout.versions();
        this.clock = clock;
        this.access = access;
        this.revocations = new RevocationFiles(files);
    }

    /**
     * A version whose files were read and verified. Whether the key belongs to the certificate takes two signatures to
     * find out, so it is not checked again until a file changes.
     */
    private record Verified(CertificateVersion version, List<Map<String, Object>> stamp) {}

    Optional<CertificateVersion> current(CertificateName name) throws StoreException {
        Optional<Path> linked = linkedDirectory(name);
        if (linked.isEmpty()) {
            return Optional.empty();
        }
        Path directory = linked.get();
        List<Map<String, Object>> stamp = stamp(directory);
        Verified known = verified.get(name);
        if (known == null
                || !known.version().directory().equals(directory)
                || !known.stamp().equals(stamp)) {
            known = new Verified(read(name, directory), stamp);
            verified.put(name, known);
        }
        return Optional.of(known.version());
    }

    /**
     * Returns attributes that change when a version's files change. Times alone would not do: they stand still for some
     * milliseconds, and can be set. A missing file has no attributes; reading the version reports it if it is required.
     */
    private static List<Map<String, Object>> stamp(Path directory) {
        return Stream.of(FULL_CHAIN, PRIVATE_KEY, ORIGIN, RevocationFiles.NAME)
                .map(name -> {
                    try {
                        return Files.readAttributes(directory.resolve(name), "unix:ino,size,ctime");
                    } catch (IOException e) {
                        return Map.<String, Object>of();
                    }
                })
                .toList();
    }

    List<CertificateName> certificates() throws StoreException {
        if (access == Access.INSPECT && !files.exists(links)) {
            return List.of();
        }
        List<CertificateName> names = new ArrayList<>();
        for (Path entry : files.list(links)) {
            if (Files.isSymbolicLink(entry)) {
                try {
                    names.add(CertificateName.of(name(entry)));
                } catch (IllegalArgumentException e) {
                    // Not a certificate: a link that is being switched, or someone's own link.
                }
            }
        }
        return names.stream().sorted().toList();
    }

    CertificateVersion install(CertificateName name, KeyPair key, List<X509Certificate> chain, Origin origin)
            throws StoreException {
        String fullChain = Pem.write(chain);
        String privateKey = Pem.write(key.getPrivate());
        requireMatchingKey(fullChain, privateKey, key);

        Optional<Path> previous = files.target(links.resolve(name.toString()));
        Path certificateDirectory = versions.resolve(name.toString());
        files.ensureDirectory(certificateDirectory, FileMode.PUBLIC_DIRECTORY);
        deleteLeftovers(certificateDirectory);

        Instant now = clock.instant();
        Path directory = unusedName(certificateDirectory, now);
        Path unfinished = certificateDirectory.resolve(DurableFiles.TEMPORARY + name(directory));
        files.ensureDirectory(unfinished, FileMode.SECRET_DIRECTORY);
        files.writeNew(unfinished.resolve(PRIVATE_KEY), privateKey, FileMode.SECRET_FILE);
        files.writeNew(unfinished.resolve(CERTIFICATE), Pem.write(chain.subList(0, 1)), FileMode.PUBLIC_FILE);
        files.writeNew(unfinished.resolve(CHAIN), Pem.write(chain.subList(1, chain.size())), FileMode.PUBLIC_FILE);
        files.writeNew(unfinished.resolve(FULL_CHAIN), fullChain, FileMode.PUBLIC_FILE);
        files.writeNew(unfinished.resolve(COMBINED), fullChain + privateKey, FileMode.SECRET_FILE);
        files.writeNew(unfinished.resolve(ORIGIN), OriginJson.write(origin), FileMode.PUBLIC_FILE);
        files.publish(unfinished, directory, FileMode.PUBLIC_DIRECTORY);
        files.link(links.resolve(name.toString()), links.relativize(directory));

        prune(certificateDirectory, directory, previous.map(CertificateFiles::name), now);
        CertificateVersion version = new CertificateVersion(name, directory, chain, origin);
        verified.put(name, new Verified(version, stamp(directory)));
        return version;
    }

    /**
     * Throws an exception unless the PEM texts will be read back as a key and its certificate. The halves of the pair
     * are known to belong together, so comparing each with what the texts contain replaces the signatures that
     * {@link Pem#keyPair} needs.
     */
    private static void requireMatchingKey(String fullChain, String privateKey, KeyPair key) {
        PublicKey certified = Pem.certificates(fullChain).getFirst().getPublicKey();
        if (!certified.equals(key.getPublic()) || !Pem.privateKey(privateKey).equals(key.getPrivate())) {
            throw new IllegalArgumentException("the key does not belong to the certificate");
        }
    }

    /** Returns the versions of a certificate that can be read, the newest first. */
    List<CertificateVersion> versions(CertificateName name) throws StoreException {
        Path certificateDirectory = versions.resolve(name.toString());
        if (!files.exists(certificateDirectory)) {
            return List.of();
        }
        List<VersionName> names = files.list(certificateDirectory).stream()
                .flatMap(entry -> VersionName.parse(name(entry)).stream())
                .sorted(Comparator.reverseOrder())
                .toList();
        List<CertificateVersion> readable = new ArrayList<>();
        for (VersionName each : names) {
            try {
                readable.add(read(name, certificateDirectory.resolve(each.toString())));
            } catch (StoreException e) {
                log.warn("{}: a version cannot be used: {}", name, e.getMessage());
            }
        }
        return readable;
    }

    /** Returns the key pair of a version. */
    KeyPair keyPair(CertificateVersion version) throws StoreException {
        PublicKey certified = version.leaf().getPublicKey();
        return readRequired(
                version.name(),
                version.directory().resolve(PRIVATE_KEY),
                MAX_KEY_BYTES,
                text -> Pem.keyPair(text, certified));
    }

    void saveRevocation(CertificateVersion version, Optional<Revocation> revocation) throws StoreException {
        if (revocation.isPresent()) {
            revocations.save(version.directory(), revocation.get());
        } else {
            revocations.remove(version.directory());
        }
    }

    /** Returns the stored schedule. One that cannot be read is like none: the CA is asked again. */
    RenewalSchedule renewalSchedule(CertificateVersion version) {
        Path file = version.directory().resolve(RENEWAL);
        try {
            return files.read(file, MAX_RENEWAL_BYTES, CertificateFiles::parseSchedule, "it will be replaced")
                    .orElse(RenewalSchedule.UNKNOWN);
        } catch (StoreException e) {
            log.warn("{}: {}", version.name(), e.getMessage());
            return RenewalSchedule.UNKNOWN;
        }
    }

    void saveRenewalSchedule(CertificateVersion version, RenewalSchedule schedule) throws StoreException {
        files.write(version.directory().resolve(RENEWAL), StoredJson.write(toJson(schedule)), FileMode.PUBLIC_FILE);
    }

    private Optional<Path> linkedDirectory(CertificateName name) throws StoreException {
        Path link = links.resolve(name.toString());
        Optional<Path> target = files.target(link);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Path certificateDirectory = versions.resolve(name.toString());
        Path directory = links.resolve(target.get()).normalize();
        if (!certificateDirectory.normalize().equals(directory.getParent())) {
            throw new StoreException(
                    link + " does not point to a directory in " + certificateDirectory + "; " + remedy(name), null);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(
                    link + " points to " + directory + ", which does not exist; " + remedy(name), null);
        }
        return Optional.of(directory);
    }

    private CertificateVersion read(CertificateName name, Path directory) throws StoreException {
        List<X509Certificate> chain =
                readRequired(name, directory.resolve(FULL_CHAIN), MAX_CHAIN_BYTES, Pem::certificates);
        PublicKey certified = chain.getFirst().getPublicKey();
        try {
            readRequired(name, directory.resolve(PRIVATE_KEY), MAX_KEY_BYTES, text -> Pem.keyPair(text, certified));
        } catch (StoreException e) {
            if (access != Access.INSPECT || !e.isPermissionDenied()) {
                throw e;
            }
        }
        Origin origin = readRequired(name, directory.resolve(ORIGIN), MAX_ORIGIN_BYTES, OriginJson::parse);
        return new CertificateVersion(name, directory, chain, origin, revocations.read(directory));
    }

    private <T> T readRequired(CertificateName name, Path file, int maxBytes, Function<String, T> parser)
            throws StoreException {
        Optional<T> content = files.read(file, maxBytes, parser, remedy(name));
        if (content.isEmpty()) {
            throw new StoreException(file + " is missing; " + remedy(name), null);
        }
        return content.get();
    }

    private String remedy(CertificateName name) {
        Path link = links.resolve(name.toString());
        return "point " + link + " to another version in " + versions.resolve(name.toString())
                + ", or delete the link and a new certificate will be obtained";
    }

    /**
     * Deletes what was unfinished when a process died. The caller holds the site's lock, so no one is working on it.
     */
    private void deleteLeftovers(Path certificateDirectory) throws StoreException {
        for (Path entry : files.list(certificateDirectory)) {
            if (name(entry).startsWith(DurableFiles.TEMPORARY)) {
                files.deleteDirectory(entry);
            }
        }
    }

    private Path unusedName(Path certificateDirectory, Instant now) {
        Path name = certificateDirectory.resolve(new VersionName(now, 1).toString());
        for (int number = 2; files.exists(name); number++) {
            name = certificateDirectory.resolve(new VersionName(now, number).toString());
        }
        return name;
    }

    /**
     * Deletes old versions. If that fails, the new version is installed all the same, and the next install tries again.
     */
    private void prune(Path certificateDirectory, Path current, Optional<String> previous, Instant now) {
        try {
            List<VersionName> names = files.list(certificateDirectory).stream()
                    .flatMap(entry -> VersionName.parse(name(entry)).stream())
                    .sorted()
                    .toList();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i).toString();
                Instant replaced = replacedAt(names, i, previous, now);
                if (!name.equals(name(current))
                        && !previous.equals(Optional.of(name))
                        && replaced.plus(RETENTION).isBefore(now)) {
                    files.deleteDirectory(certificateDirectory.resolve(name));
                }
            }
        } catch (StoreException e) {
            log.warn("An old version cannot be deleted: {}", e.getMessage());
        }
    }

    /**
     * Returns when an older version (neither current nor previous) was replaced: when the next one was made, according
     * to its name. If the version's own name is in the future, the clock was wrong; then all that is known is that the
     * previous version is newer.
     */
    private static Instant replacedAt(List<VersionName> names, int index, Optional<String> previous, Instant now) {
        VersionName name = names.get(index);
        if (name.time().isAfter(now)) {
            return previous.flatMap(VersionName::parse).map(VersionName::time).orElse(name.time());
        }
        return index + 1 < names.size() ? names.get(index + 1).time() : now;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static ObjectNode toJson(RenewalSchedule schedule) {
        ObjectNode json = StoredJson.newObject();
        json.put("nextPoll", schedule.nextPoll().toString());
        json.put("failedPolls", schedule.failedPolls());
        schedule.planned().ifPresent(time -> json.put("planned", time.toString()));
        schedule.suggestion().ifPresent(suggestion -> {
            ObjectNode window = json.putObject("suggestion");
            window.put("start", suggestion.start().toString());
            window.put("end", suggestion.end().toString());
            suggestion.explanationUrl().ifPresent(url -> window.put("explanationUrl", url));
            window.put("chosen", suggestion.chosen().toString());
        });
        return json;
    }

    private static RenewalSchedule parseSchedule(String text) {
        StoredJson json = StoredJson.parse(text);
        Optional<RenewalSchedule.Suggestion> suggestion = json.object("suggestion")
                .map(window -> new RenewalSchedule.Suggestion(
                        window.instant("start"),
                        window.instant("end"),
                        window.optionalString("explanationUrl"),
                        window.instant("chosen")));
        return new RenewalSchedule(
                suggestion, json.instant("nextPoll"), json.integer("failedPolls", 0), json.optionalInstant("planned"));
    }
}
