package org.ringcert.challenge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** placeholder until the files room is there. */
final class PublishedFile {

    private PublishedFile() {}

    static void write(Path directory, KeyAuthorization keyAuthorization) throws IOException {
        Files.writeString(directory.resolve(keyAuthorization.token().value()), keyAuthorization.text());
    }
}
