package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.ringcert.pki.KeyType;

/** An ACME program that a server moves in from. */
public enum Program {
    DEHYDRATED,
    CERTBOT,
    MOD_MD;

    /** Its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The names of all of them, for a sentence. */
    public static String labels() {
        return Arrays.stream(values()).map(Program::label).collect(Collectors.joining(", "));
    }

    /** The program of that name, or nothing where there is none. */
    public static Optional<Program> named(String label) {
        return Arrays.stream(values())
                .filter(program -> program.label().equals(label))
                .findFirst();
    }

    /**
     * How its renewals are ended, once the web server reads the certificates from Ringcert's store: half a sentence.
     */
    public String ending() {
        return switch (this) {
            case DEHYDRATED, CERTBOT -> "stop the renewals of " + label() + " (its timer or cron job)";
            case MOD_MD ->
                "take MDomain out of Apache's configuration; as long as it stands there, mod_md answers the CA's challenges itself, with 404."
                        + " Not before each virtual host has SSLCertificateFile: Apache would end at its reload, though `apachectl -t` finds nothing";
        };
    }

    /** What is done about a certificate that Ringcert cannot renew. */
    String keeps() {
        return "leave its renewal to " + label();
    }

    /**
     * What it has in that folder. What cannot be used is noted in {@code files}, and left out.
     *
     * @param withAccounts whether a certificate needs its account
     * @param wanted the kind of key that is taken where there is a choice
     */
    Installation read(Path folder, SourceFiles files, boolean withAccounts, KeyType wanted) throws SourceException {
        return switch (this) {
            case DEHYDRATED -> new Dehydrated(folder, files, withAccounts).read();
            case CERTBOT -> new Certbot(folder, files, withAccounts).read();
            case MOD_MD -> new ModMd(folder, files, withAccounts, wanted).read();
        };
    }
}
