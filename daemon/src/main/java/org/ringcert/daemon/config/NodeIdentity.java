package org.ringcert.daemon.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.ringcert.cluster.HostName;

/** Finds which of the configured nodes this process is. */
record NodeIdentity(List<HostName> nodes) {

    private static final String VARIABLE = Configuration.NODE_VARIABLE;

    HostName find(Optional<String> option, Map<String, String> environment, Supplier<String> hostName)
            throws ConfigurationException {
        if (option.isPresent()) {
            return findByName("--node", option.get());
        }
        String variable = environment.getOrDefault(VARIABLE, "").strip();
        return variable.isEmpty() ? findByHost(hostName.get().strip()) : findByName(VARIABLE, variable);
    }

    HostName findByName(String source, String written) throws ConfigurationException {
        String wanted = written.strip().toLowerCase(Locale.ROOT);
        List<HostName> found = matching(wanted, wanted);
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new ConfigurationException(
                found.isEmpty()
                        ? source + ": no node is named \"" + Findings.quoted(written) + "\"; the configuration has "
                                + list(nodes) + suggestion(wanted)
                        : source + ": \"" + Findings.quoted(written) + "\" could be " + list(found)
                                + "; write the full name");
    }

    private HostName findByHost(String host) throws ConfigurationException {
        String wanted = host.toLowerCase(Locale.ROOT);
        int dot = wanted.indexOf('.');
        List<HostName> found = matching(wanted, dot < 0 ? wanted : wanted.substring(0, dot));
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw new ConfigurationException("which node is this? The host is named \"" + Findings.quoted(host) + "\", and "
                + (found.isEmpty()
                        ? "no node has that name; the configuration has " + list(nodes)
                        : "that could be " + list(found))
                + "; name the node with --node NAME or " + VARIABLE);
    }

    /** Returns the node with this full name, else all nodes with this first label. */
    private List<HostName> matching(String fullName, String firstLabel) {
        return nodes.stream()
                .filter(node -> node.value().equals(fullName))
                .findFirst()
                .map(List::of)
                .orElseGet(() -> nodes.stream()
                        .filter(node -> node.firstLabel().equals(firstLabel))
                        .toList());
    }

    /** A person may have mistyped the full name or its first label. */
    private String suggestion(String wanted) {
        return Suggestions.onlyNearest(
                        wanted, nodes.stream().map(HostName::value).toList())
                .or(() -> Suggestions.onlyNearest(
                        wanted, nodes.stream().map(HostName::firstLabel).toList()))
                .map(node -> "; did you mean " + node + "?")
                .orElse("");
    }

    private static String list(List<HostName> names) {
        return names.stream().map(HostName::value).collect(Collectors.joining(", "));
    }
}
