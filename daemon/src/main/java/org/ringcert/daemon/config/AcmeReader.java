package org.ringcert.daemon.config;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.ringcert.plan.Limits;
import org.tomlj.TomlPosition;

/** Reads {@code [acme]} or the {@code [[acme]]} tables. Used once. */
final class AcmeReader {

    /** The domains for documentation (RFC 2606, section 3). Let's Encrypt refuses contacts there. */
    private static final Set<String> EXAMPLE_DOMAINS = Set.of("example.com", "example.net", "example.org");

    private static final Pattern MAILBOX = Pattern.compile("([!-~&&[^@,;<>()\"\\\\\\[\\]:]]{1,64})@([^@]+)");

    private static final int MAX_ROOT_LENGTH = 200;

    private static final long MAX_CA_FILE_BYTES = Pem.MAX_LENGTH;

    private static final String ONLY_ITS_ROOTS = "it should hold only the root certificates of this CA, at most "
            + Pem.MAX_CERTIFICATES + ", in PEM format; leave the key out for a CA that the system trusts";

    private final Map<URI, TomlPosition> directoriesSoFar = new HashMap<>();

    /** Returns the CAs that have a usable directory. */
    List<LocatedAcme> read(List<TableReader> tables) {
        List<LocatedAcme> authorities = new ArrayList<>();
        for (TableReader table : tables) {
            read(table).ifPresent(authorities::add);
        }
        return authorities;
    }

    private Optional<LocatedAcme> read(TableReader table) {
        if (!table.has("directory")) {
            table.missing("directory", "write directory = \"letsencrypt\", or the URL of another CA's directory");
        }
        KeysReader keysReader = new KeysReader(table);
        Optional<LocatedList<KeyType>> listed = keysReader.read();
        List<KeyType> keys = listed.map(LocatedList::values).orElse(AcmeSettings.DEFAULT_KEYS);
        Optional<Located<URI>> directory =
                table.string("directory", written -> CaDirectory.parse(written, keys.getFirst()));
        // By its URL, however the file names it: the rules of a known CA apply all the same.
        Optional<PublicCa> known = directory.flatMap(url -> PublicCa.fromDirectory(url.value()));
        checkTerms(table, known);
        Optional<Located<String>> contact = table.string("contact", AcmeReader::contact);
        Optional<Located<List<X509Certificate>>> roots = table.string("ca-file", AcmeReader::roots);
        Optional<Located<String>> profile =
                table.string("profile", written -> ProfileName.parse(written, "the CA's default"));
        Optional<Located<String>> root = table.string("chain", AcmeReader::root);
        Optional<Located<Boolean>> reuseKey = table.flag("reuse-key");
        Optional<Located<CaHandoff>> handoff = table.string("handoff", CaHandoff::parse);
        Optional<Limits> limits = limits(table, directory);
        BindingReader bindingReader = new BindingReader(table);
        ConfiguredBinding binding = bindingReader.read();
        directory.ifPresent(url -> checkUnique(table, url));
        if (known.isPresent()) {
            contact.ifPresent(address -> checkPublicContact(table, address));
            directory.ifPresent(url -> checkNeeds(table, url.at(), known.get(), bindingReader));
        }
        return directory.map(url -> new LocatedAcme(
                new AcmeSettings(
                        url.value(),
                        known,
                        contact.map(Located::value),
                        roots.map(Located::value),
                        profile.map(Located::value),
                        root.map(Located::value),
                        keys,
                        reuseKey.map(Located::value).orElse(false),
                        binding,
                        handoff.map(Located::value)
                                .orElseGet(() -> known.map(PublicCa::handoff).orElse(CaHandoff.REDIRECT)),
                        limits),
                url.at(),
                handoff.map(Located::at).orElse(url.at()),
                keysAt(keysReader, listed, url.at()),
                reuseKey.map(Located::at).orElse(url.at())));
    }

    /** Returns the limits that the table's file has for this CA. */
    private static Optional<Limits> limits(TableReader table, Optional<Located<URI>> directory) {
        Optional<Located<Path>> file = table.string("limits", LimitsFile::check);
        Optional<Map<URI, Limits>> all = file.flatMap(path -> limits(table, path));
        if (file.isEmpty() || all.isEmpty() || directory.isEmpty()) {
            return Optional.empty();
        }
        Optional<Limits> limits =
                Optional.ofNullable(all.get().get(directory.get().value()));
        if (limits.isEmpty()) {
            table.mistake(
                    file.get().at(),
                    "`limits`, \"" + Findings.quoted(file.get().value().toString()) + "\": this file has no [[ca]] with"
                            + " this CA's `directory`; add one with directory = \""
                            + directory.get().value() + "\"");
        }
        return limits;
    }

    private static Optional<Map<URI, Limits>> limits(TableReader table, Located<Path> file) {
        try {
            return Optional.of(LimitsFile.read(file.value()));
        } catch (ConfigurationException e) {
            table.mistake(
                    file.at(),
                    "`limits`, \"" + Findings.quoted(file.value().toString())
                            + "\": this file has mistakes, which are listed below; correct them there");
            table.mistakesIn(e);
            return Optional.empty();
        }
    }

    /** Returns where other CAs' keys are compared with this one's; empty if they are wrong already. */
    private static Optional<TomlPosition> keysAt(
            KeysReader reader, Optional<LocatedList<KeyType>> listed, TomlPosition directory) {
        return reader.isPresent() ? listed.map(LocatedList::at) : Optional.of(directory);
    }

    /** Reports what an account at this CA needs and the table does not have. */
    private static void checkNeeds(TableReader table, TomlPosition directory, PublicCa ca, BindingReader binding) {
        if (ca.needsContact() && !table.has("contact")) {
            table.missing("contact", ca.displayName() + " makes no account without one: write your own e-mail address");
        }
        ca.credentialsSource()
                .filter(_ -> !binding.isConfigured())
                .ifPresent(source -> table.mistake(
                        directory,
                        "`directory`: " + ca.displayName()
                                + " makes accounts only for customers, by external account binding: get a key id and an"
                                + " HMAC key " + source + ", put them into a file on each server, and write eab-file ="
                                + " \"/etc/ringcert/" + ca.label() + ".eab\", or the file's name; see docs/cas.md"));
    }

    private void checkUnique(TableReader table, Located<URI> directory) {
        TomlPosition previous = directoriesSoFar.putIfAbsent(directory.value(), directory.at());
        if (previous != null) {
            table.mistake(
                    directory.at(),
                    "`directory`: line " + table.lineOf(previous) + " has this CA already; list each CA once");
        }
    }

    private static void checkTerms(TableReader table, Optional<PublicCa> known) {
        String remedy = "read the terms of service of "
                + known.map(PublicCa::displayName).orElse("the CA") + " ("
                + known.flatMap(PublicCa::terms).orElse("its directory links to them") + ")"
                + " and write agree-to-terms = true if you agree; no CA issues certificates without that";
        if (!table.has("agree-to-terms")) {
            table.missing("agree-to-terms", remedy);
        }
        table.flag("agree-to-terms")
                .filter(agreed -> !agreed.value())
                .ifPresent(refused -> table.mistake(refused.at(), "`agree-to-terms` is false; " + remedy));
    }

    private static String contact(String written) {
        if (written.startsWith("mailto:")) {
            throw new IllegalArgumentException("write the address without mailto:");
        }
        Matcher mailbox = MAILBOX.matcher(written);
        if (!mailbox.matches()) {
            throw new IllegalArgumentException("write one e-mail address, such as hostmaster@ and your domain");
        }
        return mailbox.group(1) + "@" + HostNameParser.parse(mailbox.group(2));
    }

    private static void checkPublicContact(TableReader table, Located<String> contact) {
        HostName domain = new HostName(contact.value().substring(contact.value().indexOf('@') + 1));
        if (EXAMPLE_DOMAINS.contains(domain.value()) || PublicCaRules.isPrivate(domain)) {
            table.mistake(
                    contact.at(),
                    "`contact`, \"" + Findings.quoted(contact.value())
                            + "\": the CA refuses this domain; write an address of your own, or leave the key out");
        }
    }

    private static List<X509Certificate> roots(String written) {
        Path file = PathParser.parseAbsolute(written);
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "this is not a regular file; name a file with the CA's root certificates, in PEM format");
        }
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no such file; put the CA's certificates there, in PEM format");
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("user " + System.getProperty("user.name")
                    + " is not allowed to read this file; certificates are not secret, so change its mode to 0644");
        }
        try {
            if (Files.size(file) > MAX_CA_FILE_BYTES) {
                throw new IllegalArgumentException("this file is larger than a megabyte; " + ONLY_ITS_ROOTS);
            }
            return certificates(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new IllegalArgumentException("this file cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<X509Certificate> certificates(String pem) {
        try {
            return Pem.certificates(pem);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "this file cannot be used: " + e.getMessage() + "; " + ONLY_ITS_ROOTS, e);
        }
    }

    private static String root(String written) {
        String name = written.strip();
        if (name.isEmpty() || name.length() > MAX_ROOT_LENGTH || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "write the name of a root certificate, such as ISRG Root X2, or leave the"
                            + " key out for the CA's default chain");
        }
        return name;
    }
}
