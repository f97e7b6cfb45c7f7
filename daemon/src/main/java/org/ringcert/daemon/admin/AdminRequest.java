package org.ringcert.daemon.admin;

import java.util.Map;
import java.util.Optional;

/**
 * A GET request to the admin server. Hostile until parsed.
 *
 * @param path the decoded path
 * @param query the decoded parameters; none occurs twice
 */
public record AdminRequest(String path, Map<String, String> query) {

    public AdminRequest {
        query = Map.copyOf(query);
    }

    /** Returns the value of a parameter. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }
}
