package org.ringcert.daemon.migration;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** An ACME program whose installation can be taken over. */
public enum Program {
    DEHYDRATED,
    CERTBOT,
    MOD_MD;

    /** Returns its name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns all names, separated by commas. */
    public static String labels() {
        return Arrays.stream(values()).map(Program::label).collect(Collectors.joining(", "));
    }

    /** Returns the program with that name on the command line; empty if there is none. */
    public static Optional<Program> find(String label) {
        return Arrays.stream(values())
                .filter(program -> program.label().equals(label))
                .findFirst();
    }

    /**
     * Returns how to stop its renewals once the web server reads the certificates from Ringcert's store, as the end of
     * a sentence.
     */
    public String howToStop() {
        return switch (this) {
            case DEHYDRATED, CERTBOT -> "stop the renewals of " + label() + " (its timer or cron job)";
            case MOD_MD ->
                "take MDomain out of Apache's configuration: as long as it is there, mod_md itself answers the CA's challenges, with 404."
                        + " Do so only when each virtual host has SSLCertificateFile: otherwise Apache stops at its reload, although `apachectl -t` finds nothing";
        };
    }

    /** Returns the remedy for a certificate that Ringcert cannot renew. */
    String leaveRenewalAdvice() {
        return "leave its renewal to " + label();
    }

    /**
     * Reads what the program has in the folder. Adds what cannot be used to the problems of {@code files} and leaves it
     * out.
     *
     * @param scope whether a certificate needs its account
     */
    Installation read(Path folder, InstallationFiles files, ImportScope scope) throws MigrationException {
        return switch (this) {
            case DEHYDRATED -> new Dehydrated(folder, files, scope).read();
            case CERTBOT -> new Certbot(folder, files, scope).read();
            case MOD_MD -> new ModMd(folder, files, scope).read();
        };
    }
}
