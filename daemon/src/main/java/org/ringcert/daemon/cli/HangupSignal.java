package org.ringcert.daemon.cli;

import java.lang.reflect.Proxy;
import java.util.concurrent.Semaphore;

/** SIGHUP, heard from the moment that this is made. */
final class HangupSignal {

    private final Semaphore heard = new Semaphore(0);

    /**
     * Listens. By name, since the compiler's warning of that class cannot be switched off, and there is no other way to
     * hear a signal.
     *
     * @throws IllegalStateException where this Java has no such class, or the system lets nobody listen
     */
    HangupSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object hearing =
                    Proxy.newProxyInstance(HangupSignal.class.getClassLoader(), new Class<?>[] {handler}, (_, _, _) -> {
                        heard.release();
                        return null;
                    });
            Object hup = signal.getConstructor(String.class).newInstance("HUP");
            Object _ = signal.getMethod("handle", signal, handler).invoke(null, hup, hearing);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIGHUP cannot be heard", e);
        }
    }

    /** Waits for the next one; several that came since the last are one. */
    void await() throws InterruptedException {
        heard.acquire();
        heard.drainPermits();
    }
}
