package org.ringcert.daemon.config;

/** The names of certificate profiles (draft-ietf-acme-profiles). The CA alone knows which ones there are. */
final class ProfileName {

    private ProfileName() {}

    /**
     * Returns the name as it is written.
     *
     * @param otherwise what applies without the key, to end a sentence
     * @throws IllegalArgumentException if it cannot be the name of a profile; the message says what to write
     */
    static String parse(String written, String otherwise) {
        if (!written.matches("[!-~]{1,100}")) {
            throw new IllegalArgumentException(
                    "write the name of a profile, such as tlsserver, or leave the key out for " + otherwise);
        }
        return written;
    }
}
