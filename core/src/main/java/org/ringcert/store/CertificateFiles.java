package org.ringcert.store;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.Pem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code certs/} and {@code versions/}. */
final class CertificateFiles {

    private static final Logger log = LoggerFactory.getLogger(CertificateFiles.class);

    /** Whoever resolved the link before it was switched still finds the files for so long. */
    private static final Duration KEPT_AFTER_REPLACEMENT = Duration.ofDays(1);

    private static final int CHAIN_BYTES = 1 << 20;
    private static final int KEY_BYTES = 1 << 16;
    private static final int ORIGIN_BYTES = 1 << 16;

    /** Stands for an account that is not known. Earlier versions of Ringcert want text there that parses as a URI. */
    private static final String UNKNOWN_ACCOUNT = "unknown";

    private final Disk disk;
    private final Path certs;
    private final Path versions;
    private final Map<HostName, Checked> checked = new ConcurrentHashMap<>();
    private final Clock clock;
    private final boolean onlyLooks;

    /** @param onlyLooks whether a key that only others may read is left unread */
    CertificateFiles(Disk disk, Path certs, Path versions, Clock clock, boolean onlyLooks) {
        this.disk = disk;
        this.certs = certs;
        this.versions = versions;
        this.clock = clock;
        this.onlyLooks = onlyLooks;
    }

    Path links() {
        return certs;
    }

    Optional<CertificateVersion> current(HostName site) throws StoreException {
        Optional<Path> linked = linked(site);
        if (linked.isEmpty()) {
            return Optional.empty();
        }
        Path directory = linked.get();
        List<Map<String, Object>> stamp = stamp(directory);
        Checked known = checked.get(site);
        if (known == null
                || !known.version().directory().equals(directory)
                || !known.stamp().equals(stamp)) {
            known = new Checked(read(site, directory), stamp);
            checked.put(site, known);
        }
        return Optional.of(known.version());
    }

    /**
     * A version whose files were read and held against each other, which costs two signatures, when that was to be seen
     * of them.
     */
    private record Checked(CertificateVersion version, List<Map<String, Object>> stamp) {}

    /**
     * What changes when a file does: times alone stand still for some milliseconds, and can be set. A missing file has
     * nothing, and reading it tells.
     */
    private static List<Map<String, Object>> stamp(Path directory) {
        return Stream.of("fullchain.pem", "privkey.pem", "origin.json")
                .map(name -> {
                    try {
                        return Files.readAttributes(directory.resolve(name), "unix:ino,size,ctime");
                    } catch (IOException e) {
                        return Map.<String, Object>of();
                    }
                })
                .toList();
    }

    List<HostName> sites() throws StoreException {
        if (onlyLooks && !disk.exists(certs)) {
            return List.of();
        }
        List<HostName> sites = new ArrayList<>();
        for (Path entry : disk.list(certs)) {
            if (Files.isSymbolicLink(entry)) {
                try {
                    sites.add(new HostName(name(entry)));
                } catch (IllegalArgumentException e) {
                    // not ours: a switch under way, or somebody's own link
                }
            }
        }
        return sites.stream().sorted().toList();
    }

    CertificateVersion install(HostName site, KeyPair key, List<X509Certificate> chain, Origin origin)
            throws StoreException {
        String fullchain = Pem.write(chain);
        String privateKey = Pem.write(key.getPrivate());
        mustBeReadable(fullchain, privateKey, key);

        Optional<Path> before = disk.target(certs.resolve(site.value()));
        Path folder = versions.resolve(site.value());
        disk.folder(folder, Mode.PUBLIC_FOLDER);
        removeLeftovers(folder);

        Instant now = clock.instant();
        Path directory = free(folder, now);
        Path building = folder.resolve(Disk.TEMPORARY + name(directory));
        disk.folder(building, Mode.SECRET_FOLDER);
        disk.writeNew(building.resolve("privkey.pem"), privateKey, Mode.SECRET_FILE);
        disk.writeNew(building.resolve("cert.pem"), Pem.write(chain.subList(0, 1)), Mode.PUBLIC_FILE);
        disk.writeNew(building.resolve("chain.pem"), Pem.write(chain.subList(1, chain.size())), Mode.PUBLIC_FILE);
        disk.writeNew(building.resolve("fullchain.pem"), fullchain, Mode.PUBLIC_FILE);
        disk.writeNew(building.resolve("combined.pem"), fullchain + privateKey, Mode.SECRET_FILE);
        disk.writeNew(building.resolve("origin.json"), Json.write(json(origin)), Mode.PUBLIC_FILE);
        disk.publish(building, directory, Mode.PUBLIC_FOLDER);
        disk.link(certs.resolve(site.value()), certs.relativize(directory));

        prune(folder, directory, before.map(CertificateFiles::name), now);
        CertificateVersion version = new CertificateVersion(site, directory, chain, origin);
        checked.put(site, new Checked(version, stamp(directory)));
        return version;
    }

    /**
     * What is written here is read as the same pair later. The key's halves are one pair in memory, so that no
     * signature is needed to see it.
     */
    private static void mustBeReadable(String fullchain, String privateKey, KeyPair key) {
        PublicKey certified = Pem.certificates(fullchain).getFirst().getPublicKey();
        if (!certified.equals(key.getPublic()) || !Pem.privateKey(privateKey).equals(key.getPrivate())) {
            throw new IllegalArgumentException("the key and the certificate do not belong together");
        }
    }

    private Optional<Path> linked(HostName site) throws StoreException {
        Path link = certs.resolve(site.value());
        Optional<Path> target = disk.target(link);
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Path folder = versions.resolve(site.value());
        Path directory = certs.resolve(target.get()).normalize();
        if (!folder.normalize().equals(directory.getParent())) {
            throw new StoreException(link + " does not lead into " + folder + "; " + remedy(site), null);
        }
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new StoreException(link + " leads to " + directory + ", which is not there; " + remedy(site), null);
        }
        return Optional.of(directory);
    }

    private CertificateVersion read(HostName site, Path directory) throws StoreException {
        List<X509Certificate> chain =
                required(site, directory.resolve("fullchain.pem"), CHAIN_BYTES, Pem::certificates);
        try {
            required(
                    site,
                    directory.resolve("privkey.pem"),
                    KEY_BYTES,
                    text -> Pem.keyPair(text, chain.getFirst().getPublicKey()));
        } catch (StoreException e) {
            if (!onlyLooks || !e.isPermissionDenied()) {
                throw e;
            }
        }
        Origin origin = required(site, directory.resolve("origin.json"), ORIGIN_BYTES, CertificateFiles::origin);
        return new CertificateVersion(site, directory, chain, origin);
    }

    private <T> T required(HostName site, Path file, int atMost, Function<String, T> parser) throws StoreException {
        Optional<T> content = disk.read(file, atMost, parser, remedy(site));
        if (content.isEmpty()) {
            throw new StoreException(file + " is missing; " + remedy(site), null);
        }
        return content.get();
    }

    private String remedy(HostName site) {
        Path link = certs.resolve(site.value());
        return "let " + link + " lead to another version in " + versions.resolve(site.value())
                + ", or delete the link and a new certificate will be made";
    }

    /**
     * What was under construction when a process died. Whoever installs has the site's lock, so nobody is at work on
     * it.
     */
    private void removeLeftovers(Path folder) throws StoreException {
        for (Path entry : disk.list(folder)) {
            if (name(entry).startsWith(Disk.TEMPORARY)) {
                disk.removeFolder(entry);
            }
        }
    }

    private Path free(Path folder, Instant now) {
        Path free = folder.resolve(new Name(now, 1).toString());
        for (int number = 2; disk.exists(free); number++) {
            free = folder.resolve(new Name(now, number).toString());
        }
        return free;
    }

    /** A failure here is no failure of the new version, which is in its place: the next install tries again. */
    private void prune(Path folder, Path current, Optional<String> before, Instant now) {
        try {
            List<Name> names = disk.list(folder).stream()
                    .flatMap(entry -> Name.parse(name(entry)).stream())
                    .sorted()
                    .toList();
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i).toString();
                Instant replaced = replaced(names, i, before, now);
                if (!name.equals(name(current))
                        && !before.equals(Optional.of(name))
                        && replaced.plus(KEPT_AFTER_REPLACEMENT).isBefore(now)) {
                    disk.removeFolder(folder.resolve(name));
                }
            }
        } catch (StoreException e) {
            log.warn("An old version stays: {}", e.getMessage());
        }
    }

    /**
     * When a version was replaced that is neither the current one nor the one before: when the next was made, by their
     * names; but where its own name is of the future, by a clock that was wrong, all that is known is that the one
     * before is younger.
     */
    private static Instant replaced(List<Name> names, int at, Optional<String> before, Instant now) {
        Name name = names.get(at);
        if (name.time().isAfter(now)) {
            return before.flatMap(Name::parse).map(Name::time).orElse(name.time());
        }
        return at + 1 < names.size() ? names.get(at + 1).time() : now;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static ObjectNode json(Origin origin) {
        ObjectNode json = Json.object();
        switch (origin) {
            case Origin.SelfSigned selfSigned -> json.put("origin", "self-signed");
            case Origin.Issued issued -> {
                json.put("origin", "issued");
                json.put("directory", issued.directory().toString());
                json.put("account", issued.account().map(URI::toString).orElse(UNKNOWN_ACCOUNT));
                issued.profile().ifPresent(profile -> json.put("profile", profile));
            }
        }
        return json;
    }

    private static Origin origin(String text) {
        Json json = Json.read(text);
        return switch (json.text("origin")) {
            case "self-signed" -> new Origin.SelfSigned();
            case "issued" ->
                new Origin.Issued(
                        json.uri("directory"),
                        json.optionalUri("account").filter(URI::isAbsolute),
                        json.optionalText("profile"));
            default -> throw new IllegalArgumentException("its \"origin\" is neither self-signed nor issued");
        };
    }

    /** The name of a version: when it was made, and its number among those of the same second. */
    private record Name(Instant time, int number) implements Comparable<Name> {

        private static final DateTimeFormatter TIME =
                DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").withZone(ZoneOffset.UTC);
        private static final Pattern WRITTEN = Pattern.compile("(\\d{8}T\\d{6}Z)(?:-([2-9]|[1-9]\\d{1,5}))?");

        static Optional<Name> parse(String written) {
            Matcher matcher = WRITTEN.matcher(written);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            try {
                Instant time = TIME.parse(matcher.group(1), Instant::from);
                String number = matcher.group(2);
                return Optional.of(new Name(time, number == null ? 1 : Integer.parseInt(number)));
            } catch (DateTimeException e) {
                return Optional.empty();
            }
        }

        @Override
        public int compareTo(Name other) {
            return Comparator.comparing(Name::time)
                    .thenComparingInt(Name::number)
                    .compare(this, other);
        }

        @Override
        public String toString() {
            return TIME.format(time) + (number == 1 ? "" : "-" + number);
        }
    }
}
