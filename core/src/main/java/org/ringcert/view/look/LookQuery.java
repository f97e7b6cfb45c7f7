package org.ringcert.view.look;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ringcert.cluster.Cluster;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.Node;
import org.ringcert.handoff.RemainingNodes;

/**
 * The query of a request to look: {@code at=NODE&look=NAME}, in any order. Other parameters are ignored. A query with
 * only one of the two, or with {@link RemainingNodes#PARAMETER}, belongs to an ordinary challenge request.
 */
public sealed interface LookQuery {

    /** The parameter that names the node that holds the token. Fixed for ever, because versions work together. */
    String AT = "at";

    /** The parameter that names what to look at. Fixed for ever. */
    String LOOK = "look";

    /** The query does not ask for a look. */
    record Absent() implements LookQuery {}

    /** The query asks for a look at or from a name that is not configured, or one of the parameters occurs twice. */
    record Invalid() implements LookQuery {}

    /** The query asks for a look. Both names are configured. */
    record Look(Node at, HostName name) implements LookQuery {}

    /** Returns the query that asks for a look, without the question mark. */
    static String of(HostName at, HostName name) {
        return AT + "=" + at + "&" + LOOK + "=" + name;
    }

    /**
     * Parses the query of a request, which is untrusted. Names may be in upper case, but not percent-encoded: none of
     * their characters has to be.
     *
     * @param query without the question mark; null if the request has no query
     * @param names the names that may be looked at
     */
    static LookQuery parse(@Nullable String query, Cluster cluster, Set<HostName> names) {
        if (query == null) {
            return new Absent();
        }
        Parameters parameters = Parameters.of(query);
        if (parameters.at().isEmpty() || parameters.look().isEmpty() || parameters.hasRemainingNodes()) {
            return new Absent();
        }
        Optional<Node> at = hostName(parameters.at().get()).flatMap(cluster::find);
        Optional<HostName> name = hostName(parameters.look().get()).filter(names::contains);
        return parameters.hasDuplicate() || at.isEmpty() || name.isEmpty()
                ? new Invalid()
                : new Look(at.get(), name.get());
    }

    private static Optional<HostName> hostName(String text) {
        try {
            return Optional.of(new HostName(text.toLowerCase(Locale.ROOT)));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /** The parameters of a query that matter here. */
    record Parameters(Optional<String> at, Optional<String> look, boolean hasDuplicate, boolean hasRemainingNodes) {

        static Parameters of(String query) {
            Optional<String> at = Optional.empty();
            Optional<String> look = Optional.empty();
            boolean hasDuplicate = false;
            boolean hasRemainingNodes = false;
            for (String part : query.split("&", -1)) {
                int equals = part.indexOf('=');
                String value = equals < 0 ? "" : part.substring(equals + 1);
                switch (equals < 0 ? part : part.substring(0, equals)) {
                    case AT -> {
                        hasDuplicate |= at.isPresent();
                        at = Optional.of(value);
                    }
                    case LOOK -> {
                        hasDuplicate |= look.isPresent();
                        look = Optional.of(value);
                    }
                    case RemainingNodes.PARAMETER -> hasRemainingNodes = true;
                    default -> {}
                }
            }
            return new Parameters(at, look, hasDuplicate, hasRemainingNodes);
        }
    }
}
