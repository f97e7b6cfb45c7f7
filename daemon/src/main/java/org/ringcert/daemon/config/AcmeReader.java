package org.ringcert.daemon.config;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.acme.AcmeClient;
import org.ringcert.cluster.HostName;
import org.ringcert.pki.KeyType;
import org.ringcert.pki.Pem;
import org.tomlj.TomlPosition;

/** Reads {@code [acme]} or the {@code [[acme]]} tables. */
final class AcmeReader {

    /** The domains that documentation is written with (RFC 2606, section 3); Let's Encrypt refuses contacts there. */
    private static final Set<String> EXAMPLES = Set.of("example.com", "example.net", "example.org");

    private static final Pattern MAILBOX = Pattern.compile("([!-~&&[^@,;<>()\"\\\\\\[\\]:]]{1,64})@([^@]+)");

    private static final long LARGEST_CA_FILE = 1 << 20;

    private final Map<URI, TomlPosition> directories = new HashMap<>();

    /** The CAs of which at least the directory can be told. */
    List<AcmeSettings> read(List<TableReader> tables) {
        List<AcmeSettings> authorities = new ArrayList<>();
        for (TableReader table : tables) {
            read(table).ifPresent(authorities::add);
        }
        return authorities;
    }

    private Optional<AcmeSettings> read(TableReader table) {
        if (!table.has("directory")) {
            table.missing("directory", "write directory = \"letsencrypt\", or the URL of another CA's directory");
        }
        Optional<Located<URI>> directory = table.string("directory", AcmeReader::directory);
        Optional<KnownAuthority> known = directory.flatMap(url -> known(url.value()));
        terms(table, known);
        Optional<Located<String>> contact = table.string("contact", AcmeReader::contact);
        Optional<Located<List<X509Certificate>>> roots = table.string("ca-file", AcmeReader::roots);
        Optional<Located<String>> profile = table.string("profile", AcmeReader::profile);
        Optional<Located<KeyType>> key = table.string("key", AcmeReader::key);
        directory.ifPresent(url -> {
            TomlPosition before = directories.putIfAbsent(url.value(), url.at());
            if (before != null) {
                table.mistakes()
                        .add(
                                url.at(),
                                "`directory`: line " + table.mistakes().lineOf(before)
                                        + " has this CA already; each stands once");
            }
        });
        if (known.isPresent()) {
            contact.ifPresent(mail -> publicContact(table, mail));
        }
        return directory.map(url -> new AcmeSettings(
                url.value(),
                known,
                contact.map(Located::value),
                roots.map(Located::value),
                profile.map(Located::value),
                key.map(Located::value).orElse(KeyType.EC256)));
    }

    private static void terms(TableReader table, Optional<KnownAuthority> known) {
        String right = "read the terms of service of "
                + known.map(authority -> "Let's Encrypt (https://letsencrypt.org/repository/)")
                        .orElse("the CA (its directory links to them)")
                + " and write agree-to-terms = true if you agree; no CA gives certificates without that";
        if (!table.has("agree-to-terms")) {
            table.missing("agree-to-terms", right);
        }
        table.flag("agree-to-terms")
                .filter(agreed -> !agreed.value())
                .ifPresent(refused -> table.mistakes().add(refused.at(), "`agree-to-terms` is false; " + right));
    }

    private static URI directory(String written) {
        for (KnownAuthority authority : KnownAuthority.values()) {
            if (authority.label().equals(written)) {
                return authority.directory();
            }
        }
        if (!written.contains("://")) {
            throw new IllegalArgumentException("this is no URL, and "
                    + Suggestions.forValue(
                            written,
                            Arrays.stream(KnownAuthority.values())
                                    .map(KnownAuthority::label)
                                    .toList()));
        }
        URI url;
        try {
            url = new URI(written);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("this is no URL: " + e.getReason(), e);
        }
        AcmeClient.directoryUrlError(url).ifPresent(mistake -> {
            throw new IllegalArgumentException("this is no URL of a directory, which " + mistake
                    + "; one looks like https://ca.example.org/directory");
        });
        return url;
    }

    /** A known CA stays one where its URL is written: its limits hold all the same. */
    private static Optional<KnownAuthority> known(URI directory) {
        return Arrays.stream(KnownAuthority.values())
                .filter(authority -> authority.directory().equals(directory))
                .findFirst();
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

    private static void publicContact(TableReader table, Located<String> contact) {
        HostName domain = new HostName(contact.value().substring(contact.value().indexOf('@') + 1));
        if (EXAMPLES.contains(domain.value()) || PublicCaRules.isPrivate(domain)) {
            table.mistakes()
                    .add(
                            contact.at(),
                            "`contact`, \"" + Findings.quoted(contact.value())
                                    + "\": the CA refuses this domain; write an address of your own, or leave the key out");
        }
    }

    private static List<X509Certificate> roots(String written) {
        Path file = ConfigurationReader.absolute(written);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException("there is no such file; put the CA's certificates there, as PEM");
        }
        if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("user " + System.getProperty("user.name")
                    + " may not read this file; certificates are no secret, change its mode to 0644");
        }
        try {
            if (Files.size(file) > LARGEST_CA_FILE) {
                throw new IllegalArgumentException(
                        "this file has more than a megabyte; it holds only the CA's root certificates");
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
                    "this file cannot be used: " + e.getMessage() + "; it holds the CA's certificates as PEM", e);
        }
    }

    private static String profile(String written) {
        if (!written.matches("[!-~]{1,100}")) {
            throw new IllegalArgumentException(
                    "write the name of a profile, such as tlsserver, or leave the key out for the CA's default");
        }
        return written;
    }

    private static KeyType key(String written) {
        return KeyType.fromLabel(written)
                .orElseThrow(() -> new IllegalArgumentException("this is "
                        + Suggestions.forValue(
                                written,
                                Arrays.stream(KeyType.values())
                                        .map(KeyType::label)
                                        .toList())));
    }
}
