package org.ringcert.daemon.config;

import java.util.Optional;
import org.ringcert.acme.ExternalAccountBinding;

/**
 * The external account binding that the file configures for a CA (RFC 8555, section 7.3.4), as far as this process can
 * read it on this server. The configuration is the same on all servers, while the file with the credentials belongs to
 * one server and its user. A file that cannot be used is therefore a problem of that CA alone, and only for a command
 * that makes accounts: see {@link LoadedConfiguration#bindingProblems}. Immutable; shows no secret.
 */
public sealed interface ConfiguredBinding {

    /** The configuration has none. */
    record None() implements ConfiguredBinding {}

    /** The credentials for new accounts. */
    record Usable(ExternalAccountBinding binding) implements ConfiguredBinding {}

    /**
     * The configuration names credentials that cannot be used here.
     *
     * @param finding what is wrong with them and the remedy, at the place of the key that names their file
     * @param cause whether another user may see something else
     */
    record Unusable(Finding finding, Cause cause) implements ConfiguredBinding {}

    /** What keeps credentials from being used. */
    enum Cause {
        /** Their file or its content. */
        FILE,
        /** This user is not allowed to read the file. */
        PERMISSION
    }

    /** Returns the credentials if there are any that can be used. */
    default Optional<ExternalAccountBinding> credentials() {
        return this instanceof Usable(ExternalAccountBinding binding) ? Optional.of(binding) : Optional.empty();
    }

    /** Returns why the configured credentials cannot be used, whatever the cause, and the remedy. */
    default Optional<String> problem() {
        return this instanceof Unusable(Finding finding, var _) ? Optional.of(finding.message()) : Optional.empty();
    }

    /** Returns what is wrong with the file of the configured credentials; empty if this user may not read it. */
    default Optional<String> fileProblem() {
        return this instanceof Unusable(Finding finding, Cause cause) && cause == Cause.FILE
                ? Optional.of(finding.message())
                : Optional.empty();
    }
}
