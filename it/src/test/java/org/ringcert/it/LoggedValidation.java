package org.ringcert.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.demo.LoggedChallenges;

/**
 * The validation of one name by a CA, as the logs of all nodes show it.
 *
 * @param orderer the node that ordered the certificate and published the token
 * @param name the name that is validated
 * @param redirects where nodes redirected requests for the token
 */
public record LoggedValidation(int orderer, HostName name, String token, List<URI> redirects) {

    /** Returns all validations in the logs. */
    public static List<LoggedValidation> all(Testbed testbed) throws IOException {
        List<LoggedChallenges.LoggedAnswer> answers = new ArrayList<>();
        List<LoggedValidation> validations = new ArrayList<>();
        for (int node = 0; node < testbed.cluster().nodes(); node++) {
            Path file = testbed.cluster().log(node);
            String log = Files.exists(file) ? Files.readString(file) : "";
            answers.addAll(LoggedChallenges.answered(log));
            for (LoggedChallenges.PublishedToken published : LoggedChallenges.published(log)) {
                validations.add(new LoggedValidation(node, published.name(), published.token(), new ArrayList<>()));
            }
        }
        for (LoggedValidation validation : validations) {
            answers.stream()
                    .filter(answer -> answer.token().equals(validation.token()))
                    .flatMap(answer -> answer.location().stream())
                    .forEach(validation.redirects()::add);
        }
        return validations;
    }
}
