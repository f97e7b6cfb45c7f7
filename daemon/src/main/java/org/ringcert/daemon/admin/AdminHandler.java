package org.ringcert.daemon.admin;

/** Answers requests for one path of the admin server. Called on a virtual thread of its own, so it may block. */
@FunctionalInterface
public interface AdminHandler {

    /** Returns the response. If this throws, the client gets a 500, and the log has the reason. */
    AdminResponse answer(AdminRequest request) throws InterruptedException;
}
