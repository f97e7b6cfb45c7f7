package org.ringcert.store;

import org.ringcert.store.Progress.PendingTask;

/** What is still to be done before visitors get the current version. */
public sealed interface PendingRollout {

    /** The task, with its failures so far. */
    PendingTask task();

    /** Returns the same step with another state of its task. */
    PendingRollout withTask(PendingTask changed);

    /** The current version has not been deployed yet. */
    record Undeployed(PendingTask task) implements PendingRollout {
        @Override
        public Undeployed withTask(PendingTask changed) {
            return new Undeployed(changed);
        }
    }

    /** The current version was deployed, but has not been seen to be served yet. */
    record Unserved(PendingTask task) implements PendingRollout {
        @Override
        public Unserved withTask(PendingTask changed) {
            return new Unserved(changed);
        }
    }
}
