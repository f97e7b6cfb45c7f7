package org.ringcert.daemon;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text of a small configuration file, with the site {@code www.example.org} and without admin servers, whose port
 * would be the same for all nodes. The integration tests use it, too.
 */
public final class SmallConfiguration {

    private SmallConfiguration() {}

    /**
     * Returns the text. Callers may append further tables.
     *
     * @param nodes the names of the nodes
     * @param directory the CA's directory
     */
    public static String text(List<String> nodes, URI directory) {
        String nodeTables = nodes.stream()
                .map(name -> "[[node]]\nname = \"" + name + "\"\nadmin = \"off\"\n")
                .collect(Collectors.joining());
        return nodeTables + """
                [[site]]
                names = ["www.example.org"]
                [acme]
                directory = "%s"
                agree-to-terms = true
                """.formatted(directory);
    }
}
