package org.ringcert.daemon.front;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The front cannot listen. The message names the address, the reason, and what to do. */
public final class ListenException extends IOException {

    private final InetSocketAddress address;

    ListenException(InetSocketAddress address, String message, Throwable cause) {
        super(message, cause);
        this.address = address;
    }

    /** Where it was to listen. */
    public InetSocketAddress address() {
        return address;
    }
}
