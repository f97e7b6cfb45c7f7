package org.ringcert.daemon.alert;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.ringcert.cluster.HostName;

/** Adds what was seen of all servers to the state of this node. */
public final class Surveys {

    private Surveys() {}

    /** Returns both. What the status of this node says is not said again because visitors see it. */
    public static Survey join(HostName self, Survey own, ClusterSight sight) {
        Survey seen = SeenConditions.of(self, sight, own.conditions());
        List<Condition> conditions = new ArrayList<>(own.conditions());
        conditions.addAll(seen.conditions());
        Set<String> unknown = new HashSet<>(own.unknown());
        unknown.addAll(seen.unknown());
        return new Survey(conditions, unknown);
    }
}
