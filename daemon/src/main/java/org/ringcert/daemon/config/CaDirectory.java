package org.ringcert.daemon.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import org.ringcert.acme.AcmeClient;
import org.ringcert.pki.KeyType;

/** Parses what names a CA: the name of a known one, or the URL of a directory. */
final class CaDirectory {

    private CaDirectory() {}

    /** Parses as {@link #parse(String, KeyType)} does, for certificates with the default type of key. */
    static URI parse(String written) {
        return parse(written, AcmeSettings.DEFAULT_KEYS.getFirst());
    }

    /**
     * Returns the URL of the CA's directory.
     *
     * @param key the type of its certificates' keys, on which the directory of some CAs depends
     * @throws IllegalArgumentException if it names no CA; the message says what would be right
     */
    static URI parse(String written, KeyType key) {
        for (PublicCa authority : PublicCa.values()) {
            if (authority.label().equals(written)) {
                return authority.directory(key);
            }
        }
        if (!written.contains("://")) {
            throw new IllegalArgumentException("this is not a URL, and "
                    + Suggestions.forValue(
                            written,
                            Arrays.stream(PublicCa.values())
                                    .map(PublicCa::label)
                                    .toList()));
        }
        URI url;
        try {
            url = new URI(written);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("this is not a URL: " + e.getReason(), e);
        }
        AcmeClient.directoryUrlError(url).ifPresent(mistake -> {
            throw new IllegalArgumentException("this is not the URL of a directory, which " + mistake
                    + "; it looks like https://ca.example.org/directory");
        });
        return url;
    }
}
