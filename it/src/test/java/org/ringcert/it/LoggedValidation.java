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
 * The validation of one name by a CA, as the logs of all nodes show it.
 *
 * @param orderer the node that ordered the certificate and published the token
 * @param name the name that is validated
 * @param redirects where nodes redirected requests for the token
 */
record LoggedValidation(int orderer, HostName name, String token, List<URI> redirects) {

    private static final Pattern PUBLISHED = Pattern.compile("answers for (\\S+) token=(\\S+)$");
    private static final Pattern REDIRECTED = Pattern.compile("token=(\\S+) from=\\S+ answer=sent-to location=(\\S+)$");

    /** Returns all validations in the logs. */
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
                    .map(REDIRECTED::matcher)
                    .filter(redirect -> redirect.find() && redirect.group(1).equals(validation.token()))
                    .forEach(redirect -> validation.redirects().add(URI.create(redirect.group(2))));
        }
        return validations;
    }
}
