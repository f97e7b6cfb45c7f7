package org.ringcert.view.ca;

import java.time.Duration;
import org.ringcert.challenge.KeyAuthorization;
import org.ringcert.cluster.HostName;

/** This server as a viewpoint. Thread-safe. */
public final class LocalViewpoint implements Viewpoint {

    private final HostName self;
    private final CaView view;
    private final Duration timeout;

    /**
     * @param self the name of this node
     * @param timeout how long a look may take; what has not been seen by then is missing in its reply
     */
    public LocalViewpoint(HostName self, CaView view, Duration timeout) {
        this.self = self;
        this.view = view;
        this.timeout = timeout;
    }

    @Override
    public HostName node() {
        return self;
    }

    /** {@inheritDoc} A look at this node's own name proves that the name leads to this node alone. */
    @Override
    public ViewpointReply look(HostName name, KeyAuthorization probe) {
        Entry entry = name.equals(self) ? Entry.HOLDER_ONLY : Entry.ANY_NODE;
        return new ViewpointReply.Seen(view.look(name, probe, entry, timeout));
    }
}
