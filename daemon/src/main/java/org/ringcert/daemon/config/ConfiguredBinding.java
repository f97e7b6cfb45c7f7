package org.ringcert.daemon.config;

import java.util.Optional;
import org.ringcert.acme.ExternalAccountBinding;

/**
 * The external account binding that the file configures for a CA (RFC 8555, section 7.3.4), as far as this process can
 * read it on this server. The configuration is the same on all servers, while the file with the credentials belongs to
 * one server and its user. A file that cannot be used is therefore no mistake for every command: see
 * {@link LoadedConfiguration#bindingProblems}. Immutable; shows no secret.
 */
public sealed interface ConfiguredBinding {

    /** The configuration has none. */
    record None() implements ConfiguredBinding {}

    /** The credentials for new accounts. */
    record Usable(ExternalAccountBinding binding) implements ConfiguredBinding {}

    /**
     * The configuration names credentials that cannot be used here.
     *
     * @param problem what is wrong with them and the remedy, at the place of the key that names their file
     */
    record Unusable(Finding problem) implements ConfiguredBinding {}

    /** Returns the credentials if there are any that can be used. */
    default Optional<ExternalAccountBinding> credentials() {
        return this instanceof Usable(ExternalAccountBinding binding) ? Optional.of(binding) : Optional.empty();
    }
}
