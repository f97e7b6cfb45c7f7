package org.ringcert.daemon.admin.page;

import java.time.Instant;
import org.ringcert.daemon.status.CellWords;

/** How long ago something was seen, in words that stay on one line. */
final class Ages {

    private static final char NO_BREAK_SPACE = '\u00a0';

    private Ages() {}

    static String of(Instant seen, Instant now) {
        return CellWords.age(seen, now).replace(' ', NO_BREAK_SPACE);
    }
}
