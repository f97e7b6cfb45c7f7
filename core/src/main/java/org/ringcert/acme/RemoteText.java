package org.ringcert.acme;

import java.util.Optional;
import java.util.regex.Pattern;

/** Recognizes text that came from the CA and may be shown. */
final class RemoteText {

    private static final Pattern PAGE_URL = Pattern.compile("https?://[\\x21-\\x7e]{1,500}");

    private RemoteText() {}

    /** Returns the text if it is the URL of a web page that can be shown to a person. */
    static Optional<String> pageUrl(String text) {
        return Optional.of(text).filter(url -> PAGE_URL.matcher(url).matches());
    }
}
