package org.ringcert.acme;

import java.util.ArrayList;
import java.util.List;
import org.ringcert.cluster.HostName;
import org.ringcert.cluster.PrintableText;

/** Reads identifiers of type {@code dns} (RFC 8555, section 9.7.7), the only type that Ringcert orders. */
final class Identifier {

    private Identifier() {}

    /** Returns the names of an order, leaving out identifiers of other types. */
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
            throw identifier.invalidResponse("an identifier has type \"" + PrintableText.of(type, 100) + "\", not dns");
        }
        String value = identifier.text("value");
        try {
            return HostName.of(value);
        } catch (IllegalArgumentException _) {
            throw identifier.invalidResponse(
                    "an identifier is \"" + PrintableText.of(value, 260) + "\", which is not a host name");
        }
    }
}
