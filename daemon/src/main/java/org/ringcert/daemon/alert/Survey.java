package org.ringcert.daemon.alert;

import java.util.List;
import java.util.Set;

/**
 * What needs a person at one moment.
 *
 * @param conditions what was found, each subject once
 * @param unknown the identifiers of subjects about which nothing is known at this moment: their alerts neither begin
 *     nor end. Subjects in neither have no problem, or are gone from the configuration.
 */
public record Survey(List<Condition> conditions, Set<String> unknown) {

    public Survey {
        conditions = List.copyOf(conditions);
        unknown = Set.copyOf(unknown);
    }
}
