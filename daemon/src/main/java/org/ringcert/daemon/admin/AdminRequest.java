package org.ringcert.daemon.admin;

import java.util.Map;
import java.util.Optional;

/**
 * A GET request to the admin server. Hostile until parsed.
 *
 * @param path the decoded path
 * @param query the decoded parameters; none occurs twice
 * @param accept the field {@code Accept}, at most 1,000 characters; empty if there is none
 */
public record AdminRequest(String path, Map<String, String> query, String accept) {

    /** Creates a request that accepts everything. */
    public AdminRequest(String path, Map<String, String> query) {
        this(path, query, "");
    }

    public AdminRequest {
        query = Map.copyOf(query);
    }

    /** Returns the value of a parameter. */
    public Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }
}
