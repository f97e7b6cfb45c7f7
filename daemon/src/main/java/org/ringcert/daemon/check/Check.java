package org.ringcert.daemon.check;

import java.util.List;

/** One kind of check. */
@FunctionalInterface
interface Check {

    /**
     * Looks, and returns what was found, at least one finding unless there is nothing to look at. Blocks. Failures of
     * what is looked at are findings.
     */
    List<CheckFinding> look() throws InterruptedException;
}
