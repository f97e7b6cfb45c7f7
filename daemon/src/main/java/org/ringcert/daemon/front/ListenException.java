package org.ringcert.daemon.front;

import java.io.IOException;
import java.net.InetSocketAddress;

/** The front cannot listen on an address. The message names the address, the reason, and the remedy. */
public final class ListenException extends IOException {

    private final InetSocketAddress address;

    ListenException(InetSocketAddress address, String message, Throwable cause) {
        super(message, cause);
        this.address = address;
    }

    /** Returns the address that cannot be listened on. */
    public InetSocketAddress address() {
        return address;
    }
}
