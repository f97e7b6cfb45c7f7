package org.ringcert.it.visitors;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code ringcert status --all --json} and {@code /status.json} say. */
record StatusDocument(JsonNode root) {

    static StatusDocument of(String json) {
        return new StatusDocument(JsonMapper.shared().readTree(json));
    }

    /** Returns what the document says about this server's certificate of a site. */
    JsonNode site(String name) {
        return only(root.path("sites"), "site", name);
    }

    JsonNode node(String name) {
        return only(root.path("nodes"), "node", name);
    }

    /** Returns what a server presents for a site. */
    JsonNode cell(String node, String site) {
        return only(node(node).path("cells"), "site", site);
    }

    /** Returns the kinds of flaws of a cell. */
    List<String> flaws(String node, String site) {
        return cell(node, site)
                .path("flaws")
                .valueStream()
                .map(flaw -> flaw.path("kind").asString())
                .toList();
    }

    private static JsonNode only(JsonNode array, String key, String value) {
        List<JsonNode> found = array.valueStream()
                .filter(each -> each.path(key).asString().equals(value))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError("%d of %s are %s: %s".formatted(found.size(), key, value, array));
        }
        return found.getFirst();
    }
}
