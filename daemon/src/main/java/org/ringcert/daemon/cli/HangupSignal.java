package org.ringcert.daemon.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/** Receives SIGHUP, from the moment it is created. */
final class HangupSignal {

    private final Semaphore received = new Semaphore(0);

    /**
     * Installs the signal handler. Java has no other way to receive a signal than {@code sun.misc.Signal}, and the
     * compiler's warning about that class cannot be suppressed, so it is used by reflection.
     *
     * @throws IllegalStateException if this Java has no such class, or the system does not let this process handle it
     */
    HangupSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    HangupSignal.class.getClassLoader(), new Class<?>[] {handlerType}, (_, _, _) -> {
                        received.release();
                        return null;
                    });
            Object hup = signal.getConstructor(String.class).newInstance("HUP");
            Object _ = signal.getMethod("handle", signal, handlerType).invoke(null, hup, handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP cannot be handled", e);
        }
    }

    /** Waits for the signal. Several that arrived since the last call count as one. */
    void awaitNext() throws InterruptedException {
        received.acquire();
        received.drainPermits();
    }
}
