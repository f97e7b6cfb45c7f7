package org.ringcert.store;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.ringcert.cluster.HostName;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The content of {@code origin.json}: where a certificate version comes from. */
final class OriginJson {

    /**
     * Stands for an unknown account in {@code origin.json}. Earlier versions of Ringcert require a string there that
     * parses as a URI.
     */
    private static final String UNKNOWN_ACCOUNT = "unknown";

    private OriginJson() {}

    static String write(Origin origin) {
        ObjectNode json = StoredJson.newObject();
        switch (origin) {
            case Origin.SelfSigned selfSigned -> json.put("origin", "self-signed");
            case Origin.IssuedByCa issued -> {
                json.put("origin", "issued");
                json.put("directory", issued.directory().toString());
                json.put("account", issued.account().map(URI::toString).orElse(UNKNOWN_ACCOUNT));
                issued.profile().ifPresent(profile -> json.put("profile", profile));
                if (!issued.orderedNames().isEmpty()) {
                    ArrayNode names = json.putArray("orderedNames");
                    issued.orderedNames().forEach(name -> names.add(name.value()));
                }
                issued.uniqueName().ifPresent(name -> json.put("uniqueName", name.value()));
                issued.otherChains().ifPresent(offered -> {
                    offered.roots().forEach(json.putArray("offeredRoots")::add);
                    json.put("unreadableChains", offered.unreadable());
                });
            }
        }
        return StoredJson.write(json);
    }

    /** @throws IllegalArgumentException if the text is anything else; the message says what is wrong */
    static Origin parse(String text) {
        StoredJson json = StoredJson.parse(text);
        return switch (json.string("origin")) {
            case "self-signed" -> new Origin.SelfSigned();
            case "issued" ->
                new Origin.IssuedByCa(
                        json.uri("directory"),
                        json.optionalUri("account").filter(URI::isAbsolute),
                        json.optionalString("profile"),
                        json.has("orderedNames")
                                ? json.strings("orderedNames").stream()
                                        .map(HostName::new)
                                        .toList()
                                : List.of(),
                        json.optionalString("uniqueName").map(HostName::new),
                        json.has("offeredRoots")
                                ? Optional.of(new OfferedChains(
                                        json.strings("offeredRoots"), json.integer("unreadableChains", 0)))
                                : Optional.empty());
            default -> throw new IllegalArgumentException("its \"origin\" is neither self-signed nor issued");
        };
    }
}
