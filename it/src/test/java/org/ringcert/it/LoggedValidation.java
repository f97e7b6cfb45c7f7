package org.ringcert.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ringcert.cluster.HostName;

/**
 * What the nodes' logs tell of one token that a daemon has published.
 *
 * @param orderer the node that has it
 * @param name what is validated by it
 * @param sentTo where nodes sent those who asked for it
 */
record LoggedValidation(int orderer, HostName name, String token, List<URI> sentTo) {

    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");
    private static final Pattern SENT_TO = Pattern.compile("token=(\\S+) from=\\S+ answer=sent-to location=(\\S+)$");

    static List<LoggedValidation> all(Testbed testbed) throws IOException {
        List<String> lines = new ArrayList<>();
        List<LoggedValidation> validations = new ArrayList<>();
        for (int node = 0; node < testbed.cluster().nodes(); node++) {
            Path log = testbed.cluster().log(node);
            for (String line : Files.exists(log) ? Files.readAllLines(log) : List.<String>of()) {
                lines.add(line);
                Matcher published = PUBLISHED.matcher(line);
                if (published.find()) {
                    validations.add(new LoggedValidation(
                            node, new HostName(published.group(1)), published.group(2), new ArrayList<>()));
                }
            }
        }
        for (LoggedValidation validation : validations) {
            lines.stream()
                    .map(SENT_TO::matcher)
                    .filter(sent -> sent.find() && sent.group(1).equals(validation.token()))
                    .forEach(sent -> validation.sentTo().add(URI.create(sent.group(2))));
        }
        return validations;
    }

    /** The token that such a line of a log speaks of. */
    static String tokenIn(String line) {
        Matcher published = PUBLISHED.matcher(line);
        if (!published.find()) {
            throw new IllegalArgumentException("no token is published here: " + line);
        }
        return published.group(2);
    }
}
