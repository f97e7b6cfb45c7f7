package org.ringcert.acme;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;

/** Identifiers of type {@code dns} (RFC 8555, section 9.7.7), the only ones that are ordered here. */
final class Identifier {

    private Identifier() {}

    /** The names of an order; identifiers of other types are left out. */
    static List<HostName> names(JsonFields order) throws AcmeException {
        List<HostName> names = new ArrayList<>();
        for (JsonFields identifier : order.objects("identifiers")) {
            if (identifier.text("type").equals("dns")) {
                names.add(name(identifier));
            }
        }
        return names;
    }

    static HostName name(JsonFields identifier) throws AcmeException {
        String type = identifier.text("type");
        if (!type.equals("dns")) {
            throw identifier.invalidResponse(
                    "an identifier is of type \"" + ProblemDocument.clean(type, 100) + "\", not dns");
        }
        String value = identifier.text("value");
        try {
            return HostName.of(value);
        } catch (IllegalArgumentException _) {
            throw identifier.invalidResponse(
                    "an identifier is \"" + ProblemDocument.clean(value, 260) + "\", which is no host name");
        }
    }
}
